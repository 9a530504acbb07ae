import { EventColumns } from '@reheap/kernel'
import { describe, expect, test } from 'vitest'
import { type KeptEvent, keptEvents } from '../test/kept-events.ts'
import { chunkOf, type RecordFields, textChunk } from '../test/records.ts'
import { Decoder } from './decoder.ts'
import type { Tally } from './tally.ts'

const HIGH = 0x7fff_0000_0000

function decoded(...chunks: readonly Uint32Array[]): { readonly events: KeptEvent[]; readonly tally: Tally } {
  const rows = new EventColumns()
  const decoder = new Decoder(rows, 64)
  for (const chunk of chunks) expect(decoder.decode(chunk, 0, 1000)).toBe(chunk.length / 8)
  return { events: keptEvents(rows), tally: decoder.tally }
}

const events = (records: readonly RecordFields[]): KeptEvent[] => decoded(chunkOf(records)).events

describe('records become events', () => {
  test('[R2] every malloc, calloc and realloc, in place too, gives a new id; freed blocks are named by the id they have now', () => {
    expect(
      events([
        { op: 'malloc', tag: 2, address: HIGH + 64, size: 40 },
        { op: 'calloc', tag: 1, address: HIGH + 128, size: 8, other: 3 },
        { op: 'realloc', tag: 2, address: HIGH + 64, size: 48, other: HIGH + 64 },
        { op: 'free', tag: 2, address: HIGH + 64 },
        { op: 'malloc', tag: 2, address: HIGH + 64, size: 1 },
      ]),
    ).toStrictEqual([
      { kind: 'Malloc', index: 0, domain: 'obj', id: 1, size: 40, address: HIGH + 64 },
      { kind: 'Calloc', index: 1, domain: 'mem', id: 2, other: 3, size: 8, address: HIGH + 128 },
      { kind: 'Realloc', index: 2, domain: 'obj', id: 1, other: 3, size: 48, address: HIGH + 64 },
      { kind: 'Free', index: 3, domain: 'obj', id: 3 },
      { kind: 'Malloc', index: 4, domain: 'obj', id: 4, size: 1, address: HIGH + 64 },
    ])
  })

  test('[R2] free(NULL) and realloc(NULL, n) name the null block', () => {
    expect(
      events([
        { op: 'free', tag: 1 },
        { op: 'realloc', tag: 1, address: 32, size: 9 },
      ]),
    ).toStrictEqual([
      { kind: 'Free', index: 0, domain: 'mem', id: null },
      { kind: 'Realloc', index: 1, domain: 'mem', id: null, other: 1, size: 9, address: 32 },
    ])
  })

  test('[R2] a calloc count that no id column holds goes into the other factor', () => {
    expect(events([{ op: 'calloc', tag: 2, address: 32, size: 2, other: 5_000_000_000 }])).toMatchObject([
      { other: 1, size: 10_000_000_000 },
    ])
  })

  test('[R26] a free of a block that nobody gave is no event, and is counted', () => {
    const { events, tally } = decoded(chunkOf([{ op: 'free', tag: 1, address: 48 }]))
    expect(events).toStrictEqual([])
    expect(tally.unknownFrees).toBe(1)
  })

  test('[R26] a realloc of a block that nobody gave is one of the null block, and is counted', () => {
    const { events, tally } = decoded(chunkOf([{ op: 'realloc', tag: 1, address: 64, size: 5, other: 48 }]))
    expect(events).toMatchObject([{ kind: 'Realloc', id: null, other: 1 }])
    expect(tally.unknownFrees).toBe(1)
  })

  test('[R26] an address that is given again without a free is counted', () => {
    const twice: RecordFields = { op: 'malloc', tag: 1, address: 48, size: 5 }
    expect(decoded(chunkOf([twice, twice])).tally.lostFrees).toBe(1)
  })

  test('[R25] a refused request is no event, and is counted', () => {
    const { events, tally } = decoded(chunkOf([{ op: 'refused', tag: 1, size: 2 ** 52 }]))
    expect(events).toStrictEqual([])
    expect(tally.refusedRequests).toBe(1)
  })
})

describe('arenas', () => {
  test('[R3] memory that is returned outside every request and was no arena is passed over', () => {
    expect(events([{ op: 'arenaUnmappedOutside', address: HIGH, size: 16384 }])).toStrictEqual([])
  })

  test('[R3] arenas stand before the request that caused them, in its thread and heap', () => {
    expect(
      events([
        { op: 'arenaMapped', thread: 1, heap: 2, address: HIGH, size: 1 << 20 },
        { op: 'malloc', tag: 2, thread: 1, heap: 2, address: HIGH + 48, size: 8 },
        { op: 'arenaUnmapped', thread: 1, heap: 2, address: HIGH, size: 1 << 20 },
        { op: 'free', tag: 2, thread: 1, heap: 2, address: HIGH + 48 },
      ]),
    ).toStrictEqual([
      { kind: 'ArenaMapped', index: 0, thread: 1, heap: 2, size: 1 << 20, address: HIGH },
      { kind: 'Malloc', index: 1, thread: 1, heap: 2, domain: 'obj', id: 1, size: 8, address: HIGH + 48 },
      { kind: 'ArenaUnmapped', index: 2, thread: 1, heap: 2, address: HIGH },
      { kind: 'Free', index: 3, thread: 1, heap: 2, domain: 'obj', id: 1 },
    ])
  })

  test('[R3] an arena that the system refused has no address; one that came and went within a request was refused, too', () => {
    expect(
      events([
        { op: 'arenaMapped', size: 1 << 20 },
        { op: 'malloc', address: 16, size: 8 },
        { op: 'arenaMapped', address: HIGH, size: 1 << 20 },
        { op: 'arenaUnmapped', address: HIGH, size: 1 << 20 },
        { op: 'malloc', address: 32, size: 8 },
      ]).map(({ kind, address, size }) => [kind, address, size]),
    ).toStrictEqual([
      ['ArenaMapped', undefined, 1 << 20],
      ['Malloc', 16, 8],
      ['ArenaMapped', undefined, 1 << 20],
      ['Malloc', 32, 8],
    ])
  })

  test('[R25] an arena refused to a request that was refused itself is no event', () => {
    const { events, tally } = decoded(
      chunkOf([
        { op: 'arenaMapped', size: 1 << 20 },
        { op: 'refused', size: 8 },
        { op: 'malloc', address: 16, size: 8 },
      ]),
    )
    expect(events.map(({ kind }) => kind)).toStrictEqual(['Malloc'])
    expect(tally.refusedRequests).toBe(1)
  })

  test('[R6] the arenas of a heap that ends are followed by ReleaseHeap of that heap', () => {
    expect(
      events([
        { op: 'arenaMapped', address: HIGH, size: 1 << 20 },
        { op: 'free' },
        { op: 'arenaMapped', heap: 2, address: HIGH + (1 << 20), size: 1 << 20 },
        { op: 'free', heap: 2 },
        { op: 'arenaMapped', heap: 2, address: HIGH + (2 << 20), size: 1 << 20 },
        { op: 'free', heap: 2 },
        { op: 'arenaUnmappedOutside', address: HIGH + (1 << 20), size: 1 << 20 },
        { op: 'arenaUnmappedOutside', address: HIGH + (2 << 20), size: 1 << 20 },
      ]).slice(6),
    ).toStrictEqual([
      { kind: 'ArenaUnmapped', index: 6, heap: 2, address: HIGH + (1 << 20) },
      { kind: 'ArenaUnmapped', index: 7, heap: 2, address: HIGH + (2 << 20) },
      { kind: 'ReleaseHeap', index: 8, heap: 2 },
    ])
  })
})

describe('marks', () => {
  test('[R10] a label of any length and script arrives whole, over any number of chunks', () => {
    const label = 'début — Ω '.repeat(50)
    const words = textChunk({ op: 'mark', tag: 1, address: 123 }, label)
    const { events } = decoded(words.slice(0, 24), words.slice(24))
    expect(events).toStrictEqual([{ kind: 'Mark', index: 0, time: 123, detail: { label } }])
    expect(decoded(textChunk({ op: 'mark', tag: 1 }, '')).events).toMatchObject([{ detail: { label: '' } }])
  })

  test("[R7] the program's own label `finalized` does not say that the interpreter finished", () => {
    expect(decoded(textChunk({ op: 'mark', tag: 1 }, 'finalized')).tally.isFinalized).toBe(false)
    expect(decoded(textChunk({ op: 'mark', tag: 0 }, 'finalized')).tally.isFinalized).toBe(true)
  })

  test('[R13] a text that was cut short by the end of the program is left out', () => {
    expect(decoded(textChunk({ op: 'mark', tag: 1 }, 'x'.repeat(60)).slice(0, 16)).events).toStrictEqual([])
  })
})

describe('columns', () => {
  test('[R4] only rows of other threads need the thread column', () => {
    const rows = new EventColumns()
    const decoder = new Decoder(rows, 64)
    decoder.decode(chunkOf([{ op: 'malloc', address: 16, size: 1 }]), 0, 100)
    expect(rows.thread).toBeNull()
    decoder.decode(
      chunkOf([
        { op: 'malloc', thread: 3, address: 32, size: 1 },
        { op: 'free', thread: 65535, address: 16 },
      ]),
      0,
      100,
    )
    expect([...(rows.thread ?? [])].slice(0, 3)).toStrictEqual([0, 3, 65535])
    expect(rows.heap).toBeNull()
    expect(rows.time).toBeNull()
  })

  test('[R29] decoding stops where the columns are full and goes on at the same record', () => {
    const rows = new EventColumns()
    const decoder = new Decoder(rows, 64)
    const words = chunkOf(Array.from({ length: 10 }, (_, place): RecordFields => ({ op: 'malloc', address: 16 + place * 16, size: 1 })))
    let at = 0
    const ids: unknown[] = []
    while (at < 10) {
      at = decoder.decode(words, at, 4)
      ids.push(...keptEvents(rows).map(({ id }) => id))
      rows.clear()
    }
    expect(ids).toStrictEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  })

  test('[R27] decoding ends when every id is given out', () => {
    const rows = new EventColumns()
    const decoder = new Decoder(rows, 64, 2)
    const words = chunkOf([16, 32, 48].map((address): RecordFields => ({ op: 'malloc', address, size: 1 })))
    expect(decoder.decode(words, 0, 100)).toBe(2)
    expect(decoder.isOutOfIds).toBe(true)
    expect(keptEvents(rows).map(({ id }) => id)).toStrictEqual([1, 2])
  })
})
