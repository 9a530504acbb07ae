import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createLog } from '@reheap/event-log/node'
import { EventColumns, NO_ID } from '@reheap/kernel'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DAMAGED_HEADERS } from '../../../scripts/tests/damaged-headers.ts'
import { someOf } from '../../../scripts/tests/effort.ts'
import { openInput } from '../src/input.ts'
import { VOCABULARY } from '../src/vocabulary.ts'
import { json, reheap, workplace } from './command.ts'

const place = workplace()
const log = place.at('small.arrows')
const broken = place.at('broken.arrows')
/** Where the second, last batch begins. */
let lastBatch = 0
let whole: Uint8Array
afterAll(place.remove)

function rows(blocks: readonly number[]): EventColumns {
  const batch = new EventColumns(blocks.length)
  for (const block of blocks) batch.push(VOCABULARY.Malloc ?? 0, 0, block, NO_ID, 600, Number.NaN)
  return batch
}

beforeAll(async () => {
  const created = await createLog(log, { reheap: 1, runtime: { name: 'cpython', version: '3.11.7' } }, { vocabulary: VOCABULARY })
  if (created._tag === 'Left') throw new Error(created.left.message)
  const writer = created.right
  writer.append(rows([0, 1, 2]))
  writer.flush()
  lastBatch = readFileSync(log).length
  writer.append(rows([3, 4]))
  writer.close()
  whole = readFileSync(log)
})

/** Reads a whole log as a verb does. @returns the number of its events, or the line that refuses it */
async function read(allowTorn: boolean): Promise<number | string> {
  const input = await openInput(broken, { allowTorn })
  if (input._tag === 'Left') return input.left
  let events = 0
  for await (const batch of input.right.batches) {
    if (batch._tag === 'Left') return batch.left
    events += batch.right.length
  }
  await input.right.close()
  return events
}

const withIndex = (): void => copyFileSync(`${log}.index`, `${broken}.index`)
const withoutIndex = (): void => rmSync(`${broken}.index`, { force: true })

describe.each([
  ['with its index', withIndex],
  ['without an index', withoutIndex],
])('a log %s', (_name, index) => {
  test('[C10] cut at every byte of its last batch is refused, and the whole batch is offered', async () => {
    for (let length = lastBatch; length < whole.length; length++) {
      writeFileSync(broken, whole.subarray(0, length))
      index()
      expect(await read(false), `cut at ${length}`).toMatch(/^[^\n]*after (3|5) events[^\n]*--allow-torn$/)
      // Behind the last batch stands the mark of the end: without it the events are whole all the same.
      expect(await read(true), `cut at ${length}`).toBe(length < whole.length - 8 ? 3 : 5)
    }
  })

  test('[C11] with any bit flipped is refused with one line', async () => {
    for (const at of someOf([...whole.keys()])) {
      const bytes = Uint8Array.from(whole)
      bytes[at] = (bytes[at] ?? 0) ^ (1 << (at % 8))
      writeFileSync(broken, bytes)
      index()
      expect(await read(false), `byte ${at}`).toMatch(/^[^\n]+: [^\n]+$/)
    }
  })
})

test('[C11] an index with any bit flipped is refused with one line', async () => {
  const bytes = readFileSync(`${log}.index`)
  writeFileSync(broken, whole)
  for (const at of someOf([...bytes.keys()])) {
    const flipped = Uint8Array.from(bytes)
    flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8))
    writeFileSync(`${broken}.index`, flipped)
    expect(await read(false), `byte ${at}`).toMatch(/\.index: [^\n]*--allow-torn$/)
    expect(await read(true), `byte ${at}`).toBe(5)
  }
})

describe('the command', () => {
  test('[C10] refuses a torn log with exit 2, and works on its whole batches when it is told to', () => {
    writeFileSync(broken, whole.subarray(0, lastBatch + 20))
    withIndex()
    for (const verb of [
      ['verify'],
      ['replay'],
      ['stats'],
      ['timeline'],
      ['whatif', '--vary', 'profile=cpython-3.9'],
      ['export', '-o', '-'],
    ]) {
      const refused = reheap([...verb, broken])
      expect({ status: refused.status, stdout: refused.stdout }).toEqual({ status: 2, stdout: '' })
      expect(refused.stderr).toMatch(/^reheap: [^\n]*after 3 events[^\n]*--allow-torn\n$/)
    }
    const allowed = reheap(['verify', broken, '--allow-torn', '--json'])
    expect(allowed.status).toBe(0)
    expect(allowed.stderr).toMatch(/^reheap: warning: [^\n]*after 3 events[^\n]*\n$/)
    expect(json(allowed)).toMatchObject({ events: 3, damage: [expect.stringContaining('after 3 events')] })
  })

  test('[C11] names batch and events of a flipped bit, and writes nothing', () => {
    const bytes = Uint8Array.from(whole)
    bytes[lastBatch - 40] = (bytes[lastBatch - 40] ?? 0) ^ 1
    writeFileSync(broken, bytes)
    withIndex()
    const { status, stderr } = reheap(['import', broken, '-o', place.at('copy.arrows'), '--allow-torn'])
    expect(status).toBe(2)
    expect(stderr).toContain('batch 0 (events 0 to 2) is damaged')
    expect(reheap(['verify', place.at('copy.arrows')]).stderr).toContain('no such file')
  })
})

test.each(DAMAGED_HEADERS)('[C7] a header of another writer whose %s cannot be is refused in one line', async (field, fields) => {
  const runtime = { name: 'cpython', version: '3.11.7' }
  const created = await createLog(broken, { reheap: 1, runtime, ...fields }, { vocabulary: VOCABULARY, overwrite: true })
  if (created._tag === 'Left') throw new Error(created.left.message)
  created.right.close()
  const { status, stdout, stderr } = reheap(['verify', broken])
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  expect(stderr).toContain(`header.${field}`)
  expect(stderr.trimEnd().split('\n')).toHaveLength(1)
})

test('[C7] fields of a header that nothing here reads are let be', async () => {
  const header = { reheap: 1 as const, runtime: { name: 'cpython', version: '3.11.7', build: 'own' }, note: 'mine' }
  const created = await createLog(broken, header, { vocabulary: VOCABULARY, overwrite: true })
  if (created._tag === 'Left') throw new Error(created.left.message)
  created.right.close()
  expect(reheap(['verify', broken]).status).toBe(0)
})
