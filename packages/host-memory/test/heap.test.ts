import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { type Answered, parseHeapStream, sectionsOf } from '../../../scripts/heap/stream.mjs'
import * as host from '../src/index.ts'
import { columnsOf, heapOf } from '../src/state.ts'
import { answersOf, firstDifference, recordedHeaps } from './heap-streams.ts'

const recorded = recordedHeaps()

/** The scripts of `oracle/heap-rules.txt` with the real answers, by rule. */
const scripts = new Map<string, Answered[][]>()
for (const { title, text } of sectionsOf(readFileSync(new URL('fixtures/glibc-2.36-rules.txt', import.meta.url), 'utf8'))) {
  const rule = title.split(' ')[0] ?? ''
  scripts.set(rule, [...(scripts.get(rule) ?? []), [...parseHeapStream(text)]])
}

function agrees(rule: string): void {
  const own = scripts.get(rule) ?? []
  expect(own).not.toHaveLength(0)
  for (const script of own) expect(answersOf(host, script)).toEqual(script.map(({ answer }) => answer))
}

describe('scripts of a rule, and what the real malloc answered', () => {
  test('[H60] sizes of chunks', () => agrees('H60'))
  test('[H61] the cache of the thread is the first chunk', () => agrees('H61'))
  test('[H62] seven chunks of each size wait in the cache', () => agrees('H62'))
  test('[H63] fast bins', () => agrees('H63'))
  test('[H64] free neighbours are joined', () => agrees('H64'))
  test('[H65] unsorted chunks are sorted', () => agrees('H65'))
  test('[H66] what was left of the last small request', () => agrees('H66'))
  test('[H67] large bins', () => agrees('H67'))
  test('[H68] small bins', () => agrees('H68'))
  test('[H69] the next larger bin', () => agrees('H69'))
  test('[H70] the fast bins are emptied', () => agrees('H70'))
  test('[H71] the heap grows', () => agrees('H71'))
  test('[H72] the heap is trimmed', () => agrees('H72'))
  test('[H73] mappings', () => agrees('H73'))
  test('[H74] the threshold moves', () => agrees('H74'))
  test('[H75] blocks are resized', () => agrees('H75'))
  test('[H76] mappings are resized', () => agrees('H76'))
  test('[H77] aligned blocks', () => agrees('H77'))
  test('[H78] what the library writes', () => agrees('H78'))
  test('[H79] figures of mallinfo2', () => agrees('H79'))
})

describe('[H65] streams of requests, and what the real malloc answered', () => {
  test.each(recorded)('[H65] %s', (_, stream) => expect(firstDifference(host, stream)).toBeNull())

  test('[H79] every kind of stream has figures of the real mallinfo2 in it', () => {
    for (const [name, stream] of recorded) expect([name, stream.some(({ line }) => line.startsWith('i '))]).toEqual([name, true])
  })
})

describe('the heap as it is kept', () => {
  const short = recorded.filter(([, stream]) => stream.length < 10_000)

  test.each(short)('[H80] holds together after every request: %s', (_, stream) => {
    let at = 0
    answersOf(host, stream, (draft) => {
      // The full check takes the time of all chunks.
      if (at++ % 5 === 0) expect(host.checkFull(draft)).toMatchObject({ _tag: 'Right' })
    })
    expect(at).toBe(stream.length)
  })

  test.each([
    ['a chunk that is in use lies in no bin', 'state', 0],
    ['a chunk of another size breaks the row of chunks', 'size', 4096],
    ['a chunk that names another neighbour', 'address', 16],
  ] as const)('[H80] a damaged heap is found: %s', (_, column, value) => {
    const [, stream] = recorded.find(([name]) => name.includes('mixed')) as (typeof recorded)[number]
    let found: unknown = null
    let at = 0
    answersOf(host, stream, (draft) => {
      if (++at !== stream.length) return
      const heap = heapOf(columnsOf(draft), 0)
      const free = heap.next.findIndex((next, row) => row > 1 && row < 128 && next !== row)
      const row = heap.next[free] as number
      heap[column][row] = value
      found = host.checkFull(draft)
    })
    expect(found).toMatchObject({ _tag: 'Left' })
  })
})
