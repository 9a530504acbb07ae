import { allocatorStats } from '@reheap/allocator'
import { type HostMemoryState, processMemory, systemMemory } from '@reheap/host-memory'
import { EventColumns, type Sealed } from '@reheap/kernel'
import { encodeFacts, type LogEvent, writeEvent } from '@reheap/trace'
import { describe, expect, test } from 'vitest'
import { HOST_OPENED } from '../../../scripts/tests/host-opened.ts'
import { batchesOf, must, readRecording } from '../test/recordings.ts'
import { cpythonProfile, heapOf, hostOf, type MachineState, Replay, type ReplayOptions, Verification } from './index.ts'

const profile = cpythonProfile('3.11')
const MIB = 2 ** 20
const ARENA = 0x7f00_0000_0000
const arena = { kind: 'ArenaMapped', address: ARENA, bytes: profile.allocator.arenaBytes } as const

function rowsOf(events: readonly LogEvent[]): EventColumns {
  const rows = new EventColumns()
  for (const event of events) writeEvent(event, rows)
  return rows
}

/** Facts as their kind, cause and some of their fields. */
function factsOf(events: readonly LogEvent[], options: Partial<ReplayOptions> = {}): readonly Record<string, unknown>[] {
  const rows = rowsOf(events)
  const facts = must(new Replay({ recorded: profile, ...options }).feed(rows))
  const lines = new TextDecoder().decode(encodeFacts(facts, rows)).trimEnd().split('\n')
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>)
}

const kinds = (facts: readonly Record<string, unknown>[], index: number): readonly unknown[] =>
  facts.filter((fact) => fact.index === index).map(({ kind }) => kind)

function hosted(state: Sealed<MachineState>): Sealed<HostMemoryState> {
  const host = hostOf(state)
  if (host === null) throw new Error('no host is followed')
  return host
}

function ranOn(events: readonly LogEvent[], options: Partial<ReplayOptions> = {}): Sealed<MachineState> {
  const replay = new Replay({ recorded: profile, ...options })
  must(replay.feed(rowsOf(events)))
  return replay.end()
}

const small = (block: number): LogEvent => ({ kind: 'Malloc', domain: 'obj', block, bytes: 56 })

describe('what the allocator asks of the host', () => {
  test('[M47] an arena is mapped where it lies, and each page of a pool is written when a block reaches it', () => {
    const facts = factsOf([arena, small(1)], { isHosted: true })
    expect(kinds(facts, 1)).toEqual(['ArenaOpened', 'AreaMapped', 'PoolOpened', 'PagesTouched', 'BlockPlaced'])
    expect(facts).toContainEqual({ index: 1, kind: 'AreaMapped', process: 0, bytes: MIB, address: ARENA })
    expect(facts).toContainEqual({ index: 1, kind: 'PagesTouched', process: 0, bytes: 4096, address: ARENA })
    // Block k lies 48 + 64 * (k - 1) bytes from the pool's start: the 64th, 128th and 192nd reach into the next page.
    const many = factsOf([arena, ...Array.from({ length: 200 }, (_, block) => small(block + 1))], { isHosted: true })
    const touched = many.filter(({ kind }) => kind === 'PagesTouched')
    expect(touched.map(({ index, address }) => [index, address])).toEqual([
      [1, ARENA],
      [64, ARENA + 4096],
      [128, ARENA + 8192],
      [192, ARENA + 12_288],
    ])
  })

  test('[M47] an arena that is released is unmapped, with its pages', () => {
    const events: LogEvent[] = [arena, small(1), { kind: 'Free', domain: 'obj', block: 1 }]
    const recorded = cpythonProfile('3.8')
    const mapped = { kind: 'ArenaMapped', address: ARENA, bytes: recorded.allocator.arenaBytes } as const
    const facts = factsOf([mapped, ...events.slice(1)], { recorded, isHosted: true })
    expect(kinds(facts, 2)).toEqual(['BlockReturned', 'PoolClosed', 'ArenaReleased', 'PagesReleased', 'AreaUnmapped'])
    expect(processMemory(hosted(ranOn([mapped, ...events.slice(1)], { recorded, isHosted: true })), 0)).toMatchObject({
      vmsBytes: 0,
      rssBytes: 0,
    })
  })

  test('[M48] what is passed on is a call of the C library: malloc, calloc, realloc as one, free', () => {
    const facts = factsOf(
      [
        { kind: 'Malloc', domain: 'mem', block: 1, bytes: 1000 },
        { kind: 'Realloc', domain: 'mem', block: 1, newBlock: 2, bytes: 5000 },
        { kind: 'Calloc', domain: 'raw', block: 3, count: 300_000, elementBytes: 8 },
        { kind: 'Free', domain: 'mem', block: 2 },
      ],
      { isHosted: true },
    )
    const library = facts.filter(({ kind }) => String(kind).startsWith('Chunk'))
    expect(library.map(({ index, kind, block }) => [index, kind, block])).toEqual([
      [0, 'ChunkGiven', 1],
      [1, 'ChunkFreed', 1],
      [1, 'ChunkGiven', 2],
      [2, 'ChunkGiven', 3],
      [3, 'ChunkFreed', 2],
    ])
    // Memory of calloc that comes fresh from the system is not written: only the page with the header is.
    expect(facts.filter(({ index, kind }) => index === 2 && kind === 'PagesTouched').map(({ bytes }) => bytes)).toEqual([4096])
  })

  test('[M48] where nobody asked for a byte the C library is asked for one', () => {
    const facts = factsOf(
      [
        { kind: 'Malloc', domain: 'raw', block: 1, bytes: 0 },
        { kind: 'Calloc', domain: 'obj', block: 2, count: 0, elementBytes: 8 },
      ],
      { isHosted: true },
    )
    expect(facts.filter(({ kind }) => kind === 'ChunkGiven').map(({ bytes }) => bytes)).toEqual([32, 32])
  })

  test('[M48] a block that moves from a pool to the C library is given there before the pool has it back', () => {
    const facts = factsOf([arena, small(1), { kind: 'Realloc', domain: 'obj', block: 1, newBlock: 2, bytes: 900 }], { isHosted: true })
    const moved = kinds(facts, 2)
    expect(moved.indexOf('ChunkGiven')).toBeGreaterThan(moved.indexOf('BlockPassedOn'))
    expect(moved.indexOf('BlockReturned')).toBeGreaterThan(moved.indexOf('ChunkGiven'))
    expect(moved).not.toContain('ChunkFreed')
  })

  test('[M49] memory of objects goes the same way', () => {
    const facts = factsOf(
      [
        { kind: 'DefineType', type: 0, layout: 'plain', name: 'bytes' },
        { kind: 'CreateObject', object: 1, type: 0, bytes: 3_000_000 },
        { kind: 'DropReference', from: null, to: 1 },
      ],
      { isHosted: true },
    )
    expect(kinds(facts, 1)).toEqual(expect.arrayContaining(['ObjectCreated', 'BlockRequested', 'BlockPassedOn', 'ChunkGiven']))
    expect(kinds(facts, 2)).toEqual(expect.arrayContaining(['ObjectDied', 'BlockHandedBack', 'ChunkFreed', 'PagesReleased']))
  })
})

describe('where a host is followed', () => {
  test('[M50] a log that names none is replayed as before, unless it is asked for', async () => {
    const { events } = await readRecording('cpython-3.11-hello')
    const [plain, below] = [false, true].map((isHosted) => {
      const replay = new Replay({ recorded: profile, isHosted })
      for (const batch of batchesOf(events)) must(replay.feed(batch))
      return replay.end()
    })
    if (plain === undefined || below === undefined) throw new Error('both were replayed')
    expect(hostOf(plain)).toBeNull()
    expect(hostOf(below)).not.toBeNull()
    expect(allocatorStats(heapOf(below))).toEqual(allocatorStats(heapOf(plain)))
  })

  test('[M50] from the first event on that names the host; what was given before is unknown to it', () => {
    const given: LogEvent[] = [arena, small(1), { kind: 'Malloc', domain: 'raw', block: 2, bytes: 10_000 }, HOST_OPENED]
    const later: LogEvent[] = [
      { kind: 'Realloc', domain: 'raw', block: 2, newBlock: 3, bytes: 200_000 },
      { kind: 'Malloc', domain: 'raw', block: 4, bytes: 100 },
      { kind: 'Free', domain: 'raw', block: 4 },
      { kind: 'Free', domain: 'obj', block: 1 },
    ]
    const before: LogEvent[] = [{ kind: 'Malloc', domain: 'raw', block: 9, bytes: 100 }]
    const state = ranOn([...before, ...given, ...later, { kind: 'Free', domain: 'raw', block: 9 }])
    const memory = processMemory(hosted(state), 0)
    expect(memory.anonymousBytes).toBeGreaterThan(200_000)
    expect(memory.anonymousBytes).toBeLessThan(220_000)
    expect(systemMemory(hosted(state)).total).toBe(1024 * MIB)
  })

  test('[M51] what the host cannot have been asked is rejected with the index and the reason', () => {
    const replay = new Replay({ recorded: profile })
    const events: LogEvent[] = [
      HOST_OPENED,
      { kind: 'LibraryMalloc', block: 5, bytes: 10 },
      { kind: 'Malloc', domain: 'raw', block: 5, bytes: 10 },
    ]
    expect(replay.feed(rowsOf(events))).toMatchObject({ _tag: 'Left', left: { index: 2, reason: { kind: 'BlockAlreadyLive' } } })
    const own = new Replay({ recorded: profile }).feed(rowsOf([HOST_OPENED, { kind: 'TouchPages', mapping: 3, from: 0, bytes: 1 }]))
    expect(own).toMatchObject({ _tag: 'Left', left: { index: 1, reason: { kind: 'MappingNotLive' } } })
  })

  test('[M52] settings hold whatever the log says of the machine', () => {
    const state = ranOn([HOST_OPENED], { host: { ramBytes: 512 * MIB, swapBytes: 0 } })
    expect(systemMemory(hosted(state))).toMatchObject({ total: 512 * MIB, swapTotal: 0 })
  })
})

describe('above capacity', () => {
  const ask = (block: number, mebibytes: number): LogEvent => ({ kind: 'LibraryMalloc', block, bytes: mebibytes * MIB })
  /** RAM has 832 MiB for the process before cache gives way, 896 with it, and swap has 256 MiB. */
  const program = (blocks: number): LogEvent[] => [HOST_OPENED, ...Array.from({ length: blocks }, (_, block) => ask(block, 100))]
  const small = (blocks: number): Sealed<HostMemoryState> => hosted(ranOn(program(blocks)))

  test('[M53] below capacity nothing is swapped; above it the process is slowed; above RAM and swap it is killed and the replay goes on', () => {
    expect(systemMemory(small(8)).swapUsed).toBe(0)
    expect(processMemory(small(8), 0).state).toBe('alive')
    expect(systemMemory(small(10)).swapUsed).toBeGreaterThan(100 * MIB)
    expect(processMemory(small(10), 0).state).toBe('alive')
    const { state, ended } = processMemory(small(14), 0)
    expect(state).toBe('killed')
    // The twelfth block goes beyond 896 MiB of RAM and 256 MiB of swap.
    expect(ended?.index).toBe(12)
    expect((ended?.rssBytes ?? 0) + (ended?.swapBytes ?? 0)).toBe(1152 * MIB)
    expect(systemMemory(small(14))).toMatchObject({ swapUsed: 0, used: 128 * MIB })
  })
})

describe('verification of sizes', () => {
  const observed = (rssBytes: number): LogEvent => ({ kind: 'Observe', of: 'hostMemory', values: { rssBytes } })
  const report = (...observations: LogEvent[]) => {
    const verification = new Verification(profile)
    must(
      verification.feed(
        rowsOf([HOST_OPENED, { kind: 'LibraryMalloc', block: 1, bytes: 400 * MIB, address: 0x7f00_0000_1010 }, ...observations]),
      ),
    )
    return verification.report()
  }

  test('[M54] a size agrees within 3 % or 2 MiB, and the errors are told', () => {
    const close = report(observed(400 * MIB), observed(411 * MIB))
    expect(close).toMatchObject({ observations: 2, mismatches: 0 })
    const far = report(observed(414 * MIB), observed(380 * MIB))
    expect(far.first.map(({ index, of }) => [index, of])).toEqual([
      [2, 'hostMemory.rssBytes'],
      [3, 'hostMemory.rssBytes'],
    ])
    const [error] = far.host?.errors ?? []
    expect(error).toMatchObject({ of: 'hostMemory.rssBytes', compared: 2, outside: 2 })
    expect(error?.maxShare).toBeCloseTo(20 / 380, 3)
    expect(error?.maxBytes).toBeCloseTo(20 * MIB, -5)
    expect(error?.meanBytes).toBeCloseTo(3 * MIB, -5)
  })

  test('[M54] small sizes may differ by 2 MiB, per cent by one; what no host answers is unanswered', () => {
    const values = { total: 1024 * MIB, used: 527 * MIB, percent: 52, slabs: 7 }
    const { mismatches, unanswered, observations } = report({ kind: 'Observe', of: 'systemMemory', values })
    expect({ mismatches, unanswered, observations }).toEqual({ mismatches: 0, unanswered: 1, observations: 3 })
    expect(report({ kind: 'Observe', of: 'systemMemory', values: { percent: 54 } }).mismatches).toBe(1)
    const unnamed = new Verification(profile)
    must(unnamed.feed(rowsOf([small(1), observed(1)])))
    expect(unnamed.report()).toMatchObject({ observations: 0, unanswered: 1, mismatches: 0 })
  })

  test('[M55] addresses of the C library are compared for information only', () => {
    const { host, mismatches } = report({ kind: 'LibraryMalloc', block: 2, bytes: 100, address: 0x7eff_0000_0010 })
    expect(mismatches).toBe(0)
    // The first says where the real heap begins; the second does not lie where it should, counted from there.
    expect(host?.addresses).toEqual({ compared: 2, exact: 1 })
  })
})
