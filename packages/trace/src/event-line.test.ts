import { EventColumns } from '@reheap/kernel'
import { LAYOUTS } from '@reheap/refcount'
import fc from 'fast-check'
import { isRight } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { anyEvent } from '../test/arbitrary-event.ts'
import { bytesOf, HEADER, outcomeOfText, refusal, rowsOf } from '../test/lines.ts'
import { parseLine } from './event-line.ts'
import { writeEvent } from './event-row.ts'
import { parseExact } from './json-text.ts'
import { EVENT_FORMS } from './vocabulary.ts'

const KINDS = EVENT_FORMS.map((form) => form.kind).join(', ')
const LINE_MEND = '; correct this line or export the log again'

describe('spelling', () => {
  /** The same object, its fields in another order, with spaces, and every letter of a key as an escape if asked. */
  const respelled = (event: object, reversed: boolean, space: string, escaped: boolean): string => {
    const key = (name: string): string =>
      escaped ? `"${[...name].map((letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')}"` : JSON.stringify(name)
    const fields = Object.entries(event).map(([name, value]) => `${key(name)}${space}:${space}${JSON.stringify(value)}`)
    return `${space}{${space}${(reversed ? fields.reverse() : fields).join(`${space},${space}`)}${space}}${space}`
  }

  test('[T7] another order of fields, space and escapes make no difference', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(anyEvent, fc.boolean(), fc.constantFrom('', ' ', '\t', '  '), fc.boolean()), { maxLength: 5 }),
        async (lines) => {
          const expected = new EventColumns()
          for (const [event] of lines) writeEvent(event, expected)
          const text = lines.map(([event, ...spelling]) => `${respelled(event, ...spelling)}\n`).join('')
          const { rows, errors } = await outcomeOfText(`${HEADER}\n${text}`)
          expect(errors).toEqual([])
          expect(rows).toEqual(rowsOf(expected))
        },
      ),
      { numRuns: 300 },
    )
  })

  test('[T7] 64.0, 6.4e1 and 640E-1 are 64', async () => {
    const line = (bytes: string): string => `{"kind":"Malloc","domain":"obj","block":1,"bytes":${bytes}}\n`
    const { batches } = await outcomeOfText(`${HEADER}\n${['64', '64.0', '6.4e1', '640E-1'].map(line).join('')}`)
    expect([...(batches[0]?.size.subarray(0, 4) ?? [])]).toEqual([64, 64, 64, 64])
  })
})

describe('refusals', () => {
  test.each([
    ['[T11] an unknown kind', '{"kind":"Mallloc","domain":"obj"}', `kind: expected one of ${KINDS}, got "Mallloc"`],
    ['[T11] no kind', '{"block":1}', `kind: expected one of ${KINDS}, got nothing`],
    [
      '[T12] a field that the kind does not have',
      '{"kind":"Malloc","domain":"obj","block":7,"byte":64}',
      'Malloc.byte: expected a field that Malloc has (kind, domain, block, bytes, address, time, thread, heap, stack), got 64',
    ],
    [
      '[T12] a field that a frame does not have',
      '{"kind":"Stack","stack":1,"frames":[{"file":"a.py","line":1,"function":"f","column":3}]}',
      'Stack.frames.0.column: expected a field that frame has (file, line, function), got 3',
    ],
    [
      '[T12] __proto__',
      '{"kind":"Free","domain":"obj","block":7,"__proto__":{"time":1}}',
      'Free.__proto__: expected a field that Free has (kind, domain, block, time, thread, heap, stack), got {"time":1}',
    ],
    [
      '[T13] a value of another type',
      '{"kind":"Malloc","domain":"obj","block":7,"bytes":"x"}',
      'Malloc.bytes: expected a whole number from 0 to 9007199254740991, got "x"',
    ],
    [
      '[T13] a missing field',
      '{"kind":"Malloc","domain":"obj","block":7}',
      'Malloc.bytes: expected a whole number from 0 to 9007199254740991, got nothing',
    ],
    [
      '[T13] a fraction',
      '{"kind":"Malloc","domain":"obj","block":7,"bytes":0.5}',
      'Malloc.bytes: expected a whole number from 0 to 9007199254740991, got 0.5',
    ],
    [
      '[T13] a negative number',
      '{"kind":"ArenaUnmapped","address":-4096}',
      'ArenaUnmapped.address: expected a whole number from 0 to 9007199254740991, got -4096',
    ],
    [
      '[T13] an id that is none',
      '{"kind":"Malloc","domain":"obj","block":4294967295,"bytes":1}',
      'Malloc.block: expected an id (whole number from 0 to 4294967294), got 4294967295',
    ],
    [
      '[T13] an address of null where none was observed',
      '{"kind":"Malloc","domain":"obj","block":1,"bytes":1,"address":null}',
      'Malloc.address: expected a whole number from 0 to 9007199254740991, got null',
    ],
    ['[T13] another domain', '{"kind":"Free","domain":"heap","block":1}', 'Free.domain: expected a domain (raw, mem or obj), got "heap"'],
    [
      '[T13] a thread out of range',
      '{"kind":"Free","domain":"obj","block":1,"thread":65536}',
      'Free.thread: expected a thread (whole number from 0 to 65535), got 65536',
    ],
    [
      '[T13] a frame without its function',
      '{"kind":"Stack","stack":1,"frames":[{"file":"a.py","line":1}]}',
      'Stack.frames.0.function: expected a string, got nothing',
    ],
    [
      '[T13] a layout that there is not',
      '{"kind":"DefineType","type":1,"layout":"lists","name":"list"}',
      `DefineType.layout: expected a layout (${LAYOUTS.join(', ')}), got "lists"`,
    ],
    [
      '[T13] more items than a byte says',
      '{"kind":"CreateObject","object":1,"type":1,"bytes":64,"items":256}',
      'CreateObject.items: expected an items (whole number from 0 to 255, which stands for so many or more), got 256',
    ],
    [
      '[T13] a generation that there is not',
      '{"kind":"Collect","generation":3}',
      'Collect.generation: expected a generation (0, 1 or 2), got 3',
    ],
    [
      '[T13] two thresholds',
      '{"kind":"SetThresholds","thresholds":[700,10]}',
      'SetThresholds.thresholds: expected a list of thresholds (three whole numbers from 0 to 4294967294), got [700,10]',
    ],
    [
      '[T13] four thresholds',
      '{"kind":"SetThresholds","thresholds":[700,10,10,10]}',
      'SetThresholds.thresholds: expected a list of thresholds (three whole numbers from 0 to 4294967294), got [700,10,10,10]',
    ],
    ['[T13] a truth value that is a number', '{"kind":"SetSaveAll","saveAll":1}', 'SetSaveAll.saveAll: expected a boolean, got 1'],
    ['[T13] values that are a list', '{"kind":"Observe","of":"x","values":[1]}', 'Observe.values: expected a JSON object, got [1]'],
    [
      '[T14] a number above 2^53 - 1',
      '{"kind":"Malloc","domain":"obj","block":7,"bytes":9007199254740993}',
      'Malloc.bytes: expected a number of at most 9007199254740991 whose digits a 64-bit float keeps, got 9007199254740993',
    ],
    [
      '[T14] a number with lost digits, deep in the values',
      '{"kind":"Observe","of":"x","values":{"a":[{"b":0.1000000000000000055}]}}',
      'Observe.values.a.b: expected a number of at most 9007199254740991 whose digits a 64-bit float keeps, got 0.1000000000000000055',
    ],
    [
      '[T15] a field twice',
      '{"kind":"Malloc","domain":"obj","block":7,"bytes":64,"bytes":65}',
      'Malloc.bytes: expected each field once, got a second one of this name',
    ],
    [
      '[T15] a field twice, once with an escape, inside the values',
      '{"kind":"Observe","of":"x","values":{"count":1,"c\\u006funt":2}}',
      'Observe.values.count: expected each field once, got a second one of this name',
    ],
    [
      '[T16] deep nesting',
      `{"kind":"Observe","of":"x","values":{"a":${'['.repeat(63)}${']'.repeat(63)}}}`,
      'Observe.values.a: expected at most 64 objects and lists inside one another, got more',
    ],
    ['[T17] a list', '[1]', 'expected one JSON object, got [1]'],
    ['[T17] text', 'hello "x"', 'expected one JSON object, got "hello \\"x\\""'],
    ['[T17] two objects', '{} {}', 'expected one JSON object, got "{} {}"'],
    ['[T17] a long line is cut in the error', `[${'7,'.repeat(99)}7]`, `expected one JSON object, got [${'7,'.repeat(29)}7...`],
  ])('%s is refused', async (_rule, line, expected) => {
    expect(await refusal(line)).toBe(`log.jsonl:2: ${expected}${LINE_MEND}`)
  })

  test('[T18] a second header is refused', async () => {
    expect(await refusal(HEADER)).toBe('log.jsonl:2: expected an event, got a second header; split the file: each log has one header')
  })

  test('[T13] an error names the line where it is, and the field by itself', async () => {
    const good = '{"kind":"Free","domain":"obj","block":1}\n'
    const { errors } = await outcomeOfText(`${HEADER}\n${good.repeat(100)}{"kind":"Free","domain":"obj"}\n${good}`)
    expect(errors).toMatchObject([{ name: 'log.jsonl', line: 102, field: 'Free.block' }])
  })

  test('[T17] bytes that are not UTF-8 are refused', () => {
    const bytes = bytesOf('{"kind":"Mark","label":"?"}')
    bytes[bytes.indexOf('?'.charCodeAt(0))] = 0xff
    expect(parseLine(bytes, false)).toMatchObject({ left: { problem: 'expected UTF-8 text, got other bytes' } })
  })

  test('[T16] 64 objects and lists inside one another are read', async () => {
    expect(await refusal(`{"kind":"Observe","of":"x","values":{"a":${'['.repeat(62)}${']'.repeat(62)}}}`)).toBe('accepted')
  })
})

describe('numbers', () => {
  test.each([
    ['0', true],
    ['9007199254740991', true],
    ['-9007199254740991', true],
    ['9007199254740992', false],
    ['1e400', false],
    ['1e-400', false],
    ['-0', false],
    ['-0.0', false],
    ['0.1', true],
    ['0.10', true],
    ['0.000001e6', true],
    ['9007199254740991.4', false],
    ['64.000000000000001', false],
    ['5e-324', true],
    ['1.7976931348623157e308', false],
    ['0e99999', true],
  ])('[T14] %s is kept: %s', (literal, isKept) => {
    expect(isRight(parseExact(`{"a":${literal}}`))).toBe(isKept)
  })

  test('[T14] every number that JavaScript prints below 2^53 is kept', () => {
    fc.assert(
      fc.property(fc.double({ min: -Number.MAX_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER, noNaN: true }), (number) => {
        expect(parseExact(JSON.stringify([number]))).toMatchObject({ right: [number === 0 ? 0 : number] })
      }),
    )
  })

  test('[T14] a JSON text is read as JSON.parse reads it, or refused', () => {
    fc.assert(
      fc.property(fc.json({ stringUnit: 'binary' }), (text) => {
        const exact = parseExact(text)
        if (isRight(exact)) expect(exact.right).toEqual(JSON.parse(text))
        else expect(exact.left.expected).toMatch(/^(a number of at most|each field once)/)
      }),
      { numRuns: 500 },
    )
  })
})
