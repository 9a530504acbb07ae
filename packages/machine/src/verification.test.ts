import type { LogEvent } from '@reheap/trace'
import { beforeAll, describe, expect, test } from 'vitest'
import { batchesOf, RECORDINGS, type Recording, readRecording, spoiled, verify } from '../test/recordings.ts'
import { Verification, type VerifyReport } from './index.ts'
import { profileNamed } from './runtime.ts'

type Of<K extends LogEvent['kind']> = Extract<LogEvent, { kind: K }>

/** The `nth` event of a kind that passes `when`. */
function find<K extends LogEvent['kind']>(
  { events }: Recording,
  kind: K,
  when: (event: Of<K>) => boolean = () => true,
  nth = 0,
): { index: number; event: Of<K> } {
  const found = [...events.keys()].filter((index) => events[index]?.kind === kind && when(events[index] as Of<K>))
  const index = found[nth]
  if (index === undefined) throw new Error(`the recording holds no such ${kind}`)
  return { index, event: events[index] as Of<K> }
}

describe.each(RECORDINGS)('verification of %s', (name) => {
  let recording: Recording
  let clean: VerifyReport
  beforeAll(async () => {
    recording = await readRecording(name)
    clean = verify(recording)
  })

  test('[M2] the recording has no mismatch and every observation is compared', () => {
    const placed = recording.events.filter((event) => 'address' in event && event.kind !== 'ArenaMapped' && event.kind !== 'ArenaUnmapped')
    expect(clean).toMatchObject({ events: recording.events.length, unanswered: 0, mismatches: 0, first: [] })
    // Addresses that the C library chose are the only ones not compared.
    expect(clean.observations).toBeGreaterThan(placed.length * 0.9)
  })

  test.each([0, 1000, 9000])('[M3] a spoiled pool address is exactly one mismatch (block %i)', (nth) => {
    const { index, event } = find(recording, 'Malloc', ({ bytes }) => bytes > 0 && bytes <= 512, nth)
    const report = verify(spoiled(recording, index, { ...event, address: (event.address ?? 0) + 16 }))
    expect(report.mismatches).toBe(1)
    expect(report.first).toEqual([{ index, of: 'address', expected: (event.address ?? 0) + 16, simulated: event.address }])
  })

  test.each(['arenas', 'bytesInAllocatedBlocks', 'unusedPools', 'bytesLostToQuantization'])(
    '[M4] a spoiled figure is exactly one mismatch (%s)',
    (figure) => {
      const { index, event } = find(recording, 'Observe', ({ of }) => of === 'allocatorStats')
      const value = event.values[figure] as number
      const report = verify(spoiled(recording, index, { ...event, values: { ...event.values, [figure]: value + 1 } }))
      expect(report.first).toEqual([{ index, of: `allocatorStats.${figure}`, expected: value + 1, simulated: value }])
      expect(report.mismatches).toBe(1)
    },
  )

  test('[M4] a spoiled count of allocated blocks is exactly one mismatch', () => {
    const { index, event } = find(recording, 'Observe', ({ of }) => of === 'allocatedBlocks')
    const count = event.values.count as number
    const report = verify(spoiled(recording, index, { ...event, values: { count: count - 1 } }))
    expect(report.first).toEqual([{ index, of: 'allocatedBlocks.count', expected: count - 1, simulated: count }])
    expect(report.mismatches).toBe(1)
  })

  test('[M5] an arena event too many is found', () => {
    const { event } = find(recording, 'ArenaMapped')
    const events = [...recording.events, { ...event, address: (event.address ?? 0) + event.bytes * 64 }]
    expect(verify({ ...recording, events })).toMatchObject({ mismatches: 1, first: [{ of: 'arenaMapped', simulated: null }] })
  })

  test('[M6] an address inside an arena was not given by the C library', () => {
    const inArena = (find(recording, 'ArenaMapped').event.address ?? 0) + 4096
    const { index, event } = find(recording, 'Malloc', ({ bytes }) => bytes > 512, 5)
    expect(verify(spoiled(recording, index, { ...event, address: 4096 })).mismatches).toBe(0)
    const report = verify(spoiled(recording, index, { ...event, address: inArena }))
    expect(report).toMatchObject({ mismatches: 1, first: [{ index, of: 'address', expected: inArena, simulated: null }] })
  })

  test('[M7] an observation that no layer answers is counted, not passed', () => {
    const events: LogEvent[] = [...recording.events, { kind: 'Observe', of: 'moonPhase', values: { angle: 3, lit: 4 } }]
    expect(verify({ ...recording, events })).toMatchObject({ unanswered: 2, mismatches: 0, observations: clean.observations })
  })

  test('[M8] freeing a block twice ends the verification with index and reason', () => {
    const { index, event } = find(recording, 'Free', ({ block }) => block !== null, 100)
    const verification = new Verification(profileOf(name))
    const events = [...recording.events.slice(0, index + 1), event]
    const [batch] = [...batchesOf(events)]
    expect(batch && verification.feed(batch)).toEqual({
      _tag: 'Left',
      left: {
        index: index + 1,
        reason: { kind: 'BlockNotLive', message: `block ${event.block} is not live: it was never given out, or was freed before` },
      },
    })
  })

  test.each([1, 7, 1000])('[M10] batches of %i rows give the same report', (rows) => {
    const events = recording.events.slice(0, rows === 1 ? 3000 : undefined)
    expect(verify({ ...recording, events }, rows)).toEqual(verify({ ...recording, events }))
  })
})

test('[M5] a spoiled and a missing unmapping are found', async () => {
  const recording = await readRecording('cpython-3.8-hello')
  const { index, event } = find(recording, 'ArenaUnmapped', () => true, 2)
  const moved = verify(spoiled(recording, index, { ...event, address: event.address + 4096 }))
  expect(moved.first).toEqual([{ index, of: 'arenaUnmapped', expected: event.address + 4096, simulated: event.address }])
  const missing = verify(spoiled(recording, index, null))
  expect(missing).toMatchObject({ first: [{ of: 'arenaUnmapped', expected: null, simulated: event.address }] })
  expect(missing.mismatches).toBe(1)
})

test('[M5] an arena that the recording does not hold is refused and found', async () => {
  const recording = await readRecording('cpython-3.11-hello')
  const report = verify(spoiled(recording, find(recording, 'ArenaMapped').index, null))
  expect(report.first[0]).toEqual({ index: 0, of: 'arenaWanted', expected: null, simulated: null })
})

test('[M14] an arena that the system refused is recorded as such, and the block lies elsewhere', () => {
  const verification = new Verification(profileOf('cpython-3.11'))
  const events: LogEvent[] = [
    { kind: 'ArenaMapped', address: null, bytes: 1048576 },
    { kind: 'Malloc', domain: 'obj', block: 0, bytes: 64, address: 4096 },
    { kind: 'ArenaMapped', address: 0x7f0000000000, bytes: 1048576 },
    { kind: 'Malloc', domain: 'obj', block: 1, bytes: 64, address: 0x7f0000000030 },
  ]
  for (const batch of batchesOf(events)) verification.feed(batch)
  expect(verification.report()).toMatchObject({ mismatches: 0, observations: 3 })
})

test('[M15] an interpreter that ends gives the arenas of its heap back, as the recording says', () => {
  const events: LogEvent[] = [
    { kind: 'ArenaMapped', address: 0x7f0000000000, bytes: 1048576, heap: 1 },
    { kind: 'Malloc', domain: 'obj', block: 0, bytes: 64, address: 0x7f0000000030, heap: 1 },
    { kind: 'Free', domain: 'obj', block: 0, heap: 1 },
    { kind: 'ArenaUnmapped', address: 0x7f0000000000, heap: 1 },
    { kind: 'ReleaseHeap', heap: 1 },
  ]
  const run = (profile: string, log: readonly LogEvent[]): VerifyReport => {
    const verification = new Verification(profileOf(profile))
    for (const batch of batchesOf(log)) verification.feed(batch)
    return verification.report()
  }
  expect(run('cpython-3.14', events)).toMatchObject({ mismatches: 0, observations: 3 })
  expect(run('cpython-3.14', [...events.slice(0, 3), { kind: 'ReleaseHeap', heap: 1 }])).toMatchObject({ mismatches: 1 })
  // 3.12 leaves the arenas mapped, so the recorded unmapping has no counterpart.
  expect(run('cpython-3.12', events)).toMatchObject({ mismatches: 1, first: [{ of: 'arenaUnmapped', simulated: null }] })
})

function profileOf(recording: string): ConstructorParameters<typeof Verification>[0] {
  const profile = profileNamed(recording.replace('-hello', ''))
  if (profile._tag === 'Left') throw new Error(profile.left)
  return profile.right
}
