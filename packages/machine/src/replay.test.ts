import { allocatorReducer, allocatorStats, emptyAllocator, FACT_OPCODES, type RequestOpcode, simulatedSystem } from '@reheap/allocator'
import { type Batch, EventColumns, type FactBatch, sliceEvents } from '@reheap/kernel'
import { type LogEvent, writeEvent } from '@reheap/trace'
import { describe, expect, test } from 'vitest'
import { batchesOf, readRecording } from '../test/recordings.ts'
import { cpythonProfile, heapOf, Replay, Verification, withCapacities } from './index.ts'
import { firstArenaEnd, placementOf } from './placement.ts'

const { ArenaOpened, ArenaRefused, BlockPlaced } = FACT_OPCODES
const profile = cpythonProfile('3.11')

function rowsOf(...events: LogEvent[]): EventColumns {
  const rows = new EventColumns()
  for (const event of events) writeEvent(event, rows)
  return rows
}

/** What was placed where, arenas and blocks. */
function placesOf(fed: ReturnType<Replay['feed']>): readonly { readonly code: number; readonly address: number }[] {
  if (fed._tag === 'Left') throw new Error(JSON.stringify(fed.left))
  const { code, address, length } = fed.right
  return Array.from({ length }, (_, row) => ({ code: code[row] as number, address: address[row] as number })).filter(
    (place) => place.code === ArenaOpened || place.code === BlockPlaced,
  )
}

const small = { kind: 'Malloc', domain: 'obj', block: 0, bytes: 56 } as const
const raw = { kind: 'Malloc', domain: 'raw', block: 9, bytes: 56 } as const
const arena = { kind: 'ArenaMapped', address: 0x7f00_0000_0000, bytes: profile.allocator.arenaBytes } as const

describe('replay', () => {
  test('[M12] it ends in the state that a verification ends in', async () => {
    const { events } = await readRecording('cpython-3.11-hello')
    const replay = new Replay({ recorded: profile, muted: true })
    const verification = new Verification(profile)
    for (const batch of batchesOf(events, 5000)) {
      expect(replay.feed(batch)._tag).toBe('Right')
      verification.feed(batch)
    }
    const stats = (state: ReturnType<Replay['end']>): object => allocatorStats(heapOf(state))
    const ended = replay.end()
    expect(ended.at).toBe(events.length)
    expect(stats(ended)).toEqual(stats(verification.state()))
  })

  test('[M12] it stops before the row that it is given', () => {
    const replay = new Replay({ recorded: profile })
    const fed = replay.feed(rowsOf(small, { kind: 'Free', domain: 'obj', block: 0 }), 1)
    expect(fed).toMatchObject({ _tag: 'Right', right: { length: 3 } })
    expect(replay.end().at).toBe(1)
  })

  test('[M95] one that begins at a state goes on as the whole one does, arenas of a simulated system included', () => {
    // Twelve arenas, of which the first half is there where the second replay begins.
    const rows = rowsOf(...Array.from({ length: 24_000 }, (_, block): LogEvent => ({ kind: 'Malloc', domain: 'obj', block, bytes: 512 })))
    const half = rows.length / 2
    const whole = new Replay({ recorded: profile })
    whole.feed(rows, half)
    const state = whole.state()
    const rest = sliceEvents(rows, half, rows.length)
    const facts = placesOf(whole.feed(rest))
    expect(facts.length).toBeGreaterThan(half)
    const part = new Replay({ recorded: profile, from: state })
    expect(placesOf(part.feed(rest))).toEqual(facts)
    expect(part.end().at).toBe(rows.length)
    expect(new Set(facts.map(({ address }) => address)).size).toBe(facts.length)
  })

  test('[M8] a request that cannot have happened is named', () => {
    const replay = new Replay({ recorded: profile })
    const fed = replay.feed(rowsOf(small, { kind: 'Free', domain: 'obj', block: 5 }))
    expect(fed).toMatchObject({ _tag: 'Left', left: { index: 1, reason: { kind: 'BlockNotLive' } } })
  })
})

describe('placement', () => {
  test.each<[string, 'recorded' | 'simulated' | null, LogEvent[]]>([
    ['an arena before the first pool block', 'recorded', [arena, small]],
    ['an address on the first pool block', 'recorded', [{ ...small, address: 4096 }]],
    ['neither', 'simulated', [small, arena]],
    ['a C-library block with an address only', 'simulated', [{ ...raw, address: 4096 }, small]],
    ['an arena of another size only', 'simulated', [{ ...arena, bytes: 4096 }, small]],
    ['no pool block at all', null, [raw]],
  ])('[M13] %s: %s', (_name, placement, events) => {
    expect(placementOf(rowsOf(...events), profile.allocator)).toBe(placement)
  })

  test('[M13] a log that says of nothing where it lies has no mismatch and nothing compared', () => {
    const verification = new Verification(profile)
    verification.feed(rowsOf(small, { ...small, block: 1, address: 64 }))
    expect(verification.report()).toEqual({ events: 2, observations: 0, unanswered: 1, mismatches: 0, first: [] })
  })

  test.each<[string, LogEvent[]]>([
    ['says nothing of where it lies', [{ ...small, block: 1 }, small, { ...raw, block: 2 }]],
    ['holds its arenas', [arena, { ...small, address: 0x7f00_0000_0000 + 0x4000 - 56 - 8 }, { ...raw, block: 2 }]],
  ])('[M10] what comes before a log that %s tells nothing, in whatever batch it stands', (_name, events) => {
    const log: LogEvent[] = [{ kind: 'Observe', of: 'collectorCounts', values: { count0: 0 } }, raw, ...events]
    const whole = new Verification(profile)
    whole.feed(rowsOf(...log))
    const replayed = new Replay({ recorded: profile, muted: true })
    replayed.feed(rowsOf(...log))
    for (let cut = 1; cut < log.length; cut++) {
      const parts = [rowsOf(...log.slice(0, cut)), rowsOf(...log.slice(cut))]
      const verification = new Verification(profile)
      const replay = new Replay({ recorded: profile, muted: true })
      for (const part of parts) {
        part.firstIndex = part === parts[0] ? 0 : cut
        verification.feed(part)
        replay.feed(part)
      }
      expect(verification.report()).toEqual(whole.report())
      expect(replay.placement).toBe(replayed.placement)
      expect(allocatorStats(heapOf(replay.state()))).toEqual(allocatorStats(heapOf(replayed.state())))
    }
  })

  test('[M13] a simulated system starts where the first recorded arena ends', () => {
    expect(firstArenaEnd(rowsOf(raw, arena), profile.allocator)).toBe(arena.address + arena.bytes)
    expect(firstArenaEnd(rowsOf(small), profile.allocator)).toBeNull()
    expect(firstArenaEnd(rowsOf({ ...arena, address: null }, arena), profile.allocator)).toBe(arena.address + arena.bytes)
    const other = new Replay({ recorded: profile, profile: cpythonProfile('3.8') })
    const fed = other.feed(rowsOf(arena, small))
    expect(other.placement).toBe('simulated')
    const later = new Replay({ recorded: profile, profile: cpythonProfile('3.8') })
    later.feed(rowsOf(raw))
    expect(later.feed(rowsOf(arena, small))).toEqual(fed)
    expect(fed._tag === 'Right' && fed.right.address[0]).toBe(arena.address + arena.bytes - cpythonProfile('3.8').allocator.arenaBytes)
  })

  test('[M13] a made program begins where its log says, and is refused the arenas that its allocator was refused', () => {
    const pools = { alignmentBytes: 16, smallRequestBytes: 96, poolHeaderBytes: 48, poolBytes: 256, arenaBytes: 1024 } as const
    const mapTop = 2 * pools.arenaBytes + 16
    const made = withCapacities(profile, { ...pools, mapTop })
    const requests = Array.from({ length: 20 }, (_, block) => ({ kind: 'Malloc', domain: 'obj', block, bytes: 96 }) as const)
    const alone = allocatorReducer.fold(
      emptyAllocator(made.allocator, simulatedSystem(mapTop)),
      rowsOf(...requests) as Batch<RequestOpcode>,
    )
    const fed = new Replay({ recorded: made }).feed(rowsOf(...requests))
    if (fed._tag === 'Left' || alone._tag === 'Left') throw new Error('refused')
    const placed = ({ code, address, length }: FactBatch): readonly (readonly number[])[] =>
      Array.from({ length }, (_, row) => [code[row] ?? 0, address[row] ?? 0])
    expect(placed(fed.right)).toEqual(placed(alone.right.emitted))
    // Two arenas lie below that, a third does not.
    const refusals = Array.from({ length: fed.right.length }, (_, row) => fed.right.code[row]).filter((code) => code === ArenaRefused)
    expect(refusals.length).toBeGreaterThan(0)
  })
})
