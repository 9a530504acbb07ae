import { EventColumns } from '@reheap/kernel'
import fc from 'fast-check'
import { isLeft } from 'fp-ts/lib/Either.js'
import { expect, test } from 'vitest'
import { anyColumnEvent, anyEvent } from '../test/arbitrary-event.ts'
import { bytesOf, rowsOf } from '../test/lines.ts'
import { appendEvent, parseLine } from './event-line.ts'
import { LineScanner } from './line-scanner.ts'

const scanner = new LineScanner()

function scanned(line: Uint8Array): { next: number; rows: unknown[] } {
  const rows = new EventColumns(1)
  const next = scanner.scan(line, 0, rows)
  return { next, rows: rowsOf(rows) }
}

/** The rows of a line by way of JSON.parse and the codec; none if it is refused. */
function parsed(line: Uint8Array): unknown[] {
  const rows = new EventColumns(1)
  const value = parseLine(line, false)
  if (!isLeft(value)) appendEvent(value.right, rows)
  return rowsOf(rows)
}

const PIECES = [
  '0',
  '9',
  '-',
  '.5',
  'e1',
  '"',
  ',',
  '}',
  '{',
  ' ',
  '\r',
  '\n',
  'null',
  'obj',
  '"mem"',
  ',"time":3',
  ',"thread":65536',
  '\\u0061',
  '1'.repeat(16),
  ':',
]

/** A spelling with a few places overwritten, doubled or cut out. */
const edit = fc.record({ at: fc.nat({ max: 200 }), cut: fc.nat({ max: 3 }), put: fc.constantFrom('', ...PIECES) })
const edited = (line: string, edits: readonly { at: number; cut: number; put: string }[]): string =>
  edits.reduce((text, { at, cut, put }) => text.slice(0, at % (text.length + 1)) + put + text.slice((at % (text.length + 1)) + cut), line)

test('[T8] what the scanner reads, the parser and the codec read to the same row', () => {
  const seen = { read: 0, left: 0 }
  fc.assert(
    fc.property(anyEvent, fc.array(edit, { maxLength: 2 }), (event, edits) => {
      const bytes = bytesOf(`${edited(JSON.stringify(event), edits)}\n`)
      const fast = scanned(bytes)
      seen[fast.next < 0 ? 'left' : 'read'] += 1
      if (fast.next < 0) expect(fast.rows).toEqual([])
      else expect(fast.rows).toEqual(parsed(bytes.subarray(0, fast.next - 1)))
    }),
    { numRuns: 10_000 },
  )
  expect(Math.min(seen.read, seen.left)).toBeGreaterThan(1000)
})

test.each([
  ['9007199254740991', true],
  ['9007199254740992', false],
  ['9007199254740993', false],
  ['9999999999999999', false],
  ['10000000000000000', false],
  ['999999999', true],
  ['1000000000', true],
  ['0', true],
  ['00', false],
  ['01', false],
  ['-0', false],
  ['-1', false],
  ['1.0', false],
  ['1e3', false],
  ['', false],
])('[T8] a size spelled %j is read by the scanner: %j', (digits, isRead) => {
  const line = bytesOf(`{"kind":"Malloc","domain":"obj","block":1,"bytes":${digits}}\n`)
  const { next, rows } = scanned(line)
  expect(next).toBe(isRead ? line.length : -1)
  expect(rows).toEqual(isRead ? parsed(line) : [])
})

test('[T9] every exported line of a kind without a detail is read by the scanner', () => {
  fc.assert(
    fc.property(anyColumnEvent, fc.constantFrom('\n', '\r\n'), (event, lineEnd) => {
      const line = bytesOf(JSON.stringify(event) + lineEnd)
      expect(scanned(line).next).toBe(line.length)
    }),
    { numRuns: 1000 },
  )
})
