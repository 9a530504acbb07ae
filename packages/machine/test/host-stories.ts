/** Short logs whose end follows from the rules M47 to M55 by hand: what wrong rules of the host are held against beside real recordings. */
import type * as HostMemory from '@reheap/host-memory'
import { EventColumns } from '@reheap/kernel'
import { encodeFacts, type LogEvent, writeEvent } from '@reheap/trace'
import { HOST_OPENED } from '../../../scripts/tests/host-opened.ts'
import type * as Machine from '../src/index.ts'
import { must } from './recordings.ts'

const MIB = 2 ** 20
const PAGE = 4096
const ARENA = 0x7f00_0000_0000
/** Arenas of 256 KiB and pools of 4 KiB. */
const OLD = '3.8'
const OLD_ARENA_BYTES = 2 ** 18

type Version = Parameters<typeof Machine.cpythonProfile>[0]

export interface HostStory {
  readonly name: string
  /** What comes of it under a package, and the one of the host that it is composed with. */
  readonly told: (machine: typeof Machine, host: typeof HostMemory) => unknown
  readonly end: unknown
}

function rowsOf(events: readonly LogEvent[]): EventColumns {
  const rows = new EventColumns()
  for (const event of events) writeEvent(event, rows)
  return rows
}

function replayed(machine: typeof Machine, memory: typeof HostMemory, events: readonly LogEvent[], version: Version, host = {}) {
  const rows = rowsOf(events)
  const replay = new machine.Replay({ recorded: machine.cpythonProfile(version), isHosted: true, host })
  const facts = replay.feed(rows)
  if (facts._tag === 'Left') return { rejected: facts.left, kinds: [], process: null }
  const lines = new TextDecoder().decode(encodeFacts(facts.right, rows)).trimEnd().split('\n')
  const state = machine.hostOf(replay.end())
  if (state === null) throw new Error('a host was asked for')
  const kinds = lines.map((line) => JSON.parse(line) as { kind: string; index: number })
  return { rejected: null, kinds, process: memory.processMemory(state, 0) }
}

/** Pages in RAM and bytes that are mapped in the end. */
const sizes =
  (events: readonly LogEvent[], version: Version = '3.11') =>
  (machine: typeof Machine, memory: typeof HostMemory) => {
    const { process } = replayed(machine, memory, events, version)
    return process && [process.rssBytes / PAGE, process.vmsBytes]
  }

const arena = (address = ARENA, bytes = MIB): LogEvent => ({ kind: 'ArenaMapped', address, bytes })
const small = (block: number, bytes = 56): LogEvent => ({ kind: 'Malloc', domain: 'obj', block, bytes })
const many = (count: number, bytes: number): LogEvent[] => Array.from({ length: count }, (_, block) => small(block, bytes))
const observed = (of: string, values: Record<string, number>): LogEvent => ({ kind: 'Observe', of, values })

const compared =
  (...events: LogEvent[]) =>
  (machine: typeof Machine) => {
    const verification = new machine.Verification(machine.cpythonProfile('3.11'))
    must(verification.feed(rowsOf([HOST_OPENED, { kind: 'LibraryMalloc', block: 1, bytes: 400 * MIB }, ...events])))
    const { observations, mismatches, unanswered, host } = verification.report()
    return [observations, mismatches, unanswered, host?.addresses ?? NO_ADDRESS]
  }
const NO_ADDRESS = { compared: 0, exact: 0 }

/** What the C library's heap takes when it is first asked: its cache and the end of the heap, in one page. @unit bytes */
const HEAP_BYTES = 135_168

export const HOST_STORIES: readonly HostStory[] = [
  {
    name: 'the first block opens an arena and a pool',
    told: (machine, memory) => replayed(machine, memory, [arena(), small(1)], '3.11').kinds.map(({ kind }) => kind),
    end: ['ArenaOpened', 'AreaMapped', 'PoolOpened', 'PagesTouched', 'BlockPlaced'],
  },
  // Block k lies 48 + 64 (k - 1) bytes from the pool's start: the 63rd ends at 4,080, the 64th reaches into the next page.
  { name: 'a block reaches into the next page', told: sizes([arena(), ...many(64, 56)]), end: [2, MIB] },
  // 1,021 blocks of 16 bytes end where their pool of 16 KiB does.
  { name: 'a pool is filled to its last byte', told: sizes([arena(), ...many(1021, 16)]), end: [4, MIB] },
  {
    name: 'an arena goes and comes back',
    told: sizes(
      [
        arena(ARENA, OLD_ARENA_BYTES),
        small(1),
        { kind: 'ArenaUnmapped', address: ARENA },
        { kind: 'Free', domain: 'obj', block: 1 },
        arena(ARENA, OLD_ARENA_BYTES),
        small(2),
      ],
      OLD,
    ),
    end: [1, OLD_ARENA_BYTES],
  },
  // The arena begins in the last page of a range of its own size; 63 blocks of 64 bytes fill a pool of 4 KiB.
  {
    name: 'an arena that is not aligned',
    told: sizes([arena(ARENA + OLD_ARENA_BYTES - PAGE, OLD_ARENA_BYTES), ...many(64, 56)], OLD),
    end: [2, OLD_ARENA_BYTES],
  },
  {
    name: 'a block of the C library is made as small as can be',
    told: (machine, memory) => {
      const events: LogEvent[] = [
        { kind: 'Malloc', domain: 'raw', block: 1, bytes: 1000 },
        { kind: 'Realloc', domain: 'raw', block: 1, newBlock: 2, bytes: 0 },
      ]
      return replayed(machine, memory, events, '3.11').kinds.flatMap(({ kind, index }) => (kind === 'ChunkGiven' ? [index] : []))
    },
    end: [0, 1],
  },
  // A mapping of 2,400,000 bytes and a header, in whole pages: only the page with the header is written.
  {
    name: 'calloc of a large block',
    told: sizes([{ kind: 'Calloc', domain: 'raw', block: 1, count: 300_000, elementBytes: 8 }]),
    end: [2, HEAP_BYTES + 2_400_256],
  },
  {
    name: 'a block of the host that is asked for twice',
    told: (machine, memory) =>
      replayed(
        machine,
        memory,
        [HOST_OPENED, { kind: 'LibraryMalloc', block: 5, bytes: 10 }, { kind: 'Malloc', domain: 'raw', block: 5, bytes: 10 }],
        '3.11',
      ).rejected?.index,
    end: 2,
  },
  {
    name: 'a block from before the host moves',
    told: (machine, memory) => {
      const replay = new machine.Replay({ recorded: machine.cpythonProfile('3.11') })
      const moved: LogEvent = { kind: 'Realloc', domain: 'raw', block: 2, newBlock: 3, bytes: 100_000 }
      must(replay.feed(rowsOf([{ kind: 'Malloc', domain: 'raw', block: 2, bytes: 10_000 }, HOST_OPENED, moved])))
      const state = machine.hostOf(replay.end())
      return state && memory.processMemory(state, 0).rssBytes > 100_000
    },
    end: true,
  },
  {
    name: 'a page of an arena comes back from swap',
    told: (machine, memory) => {
      const pressing: LogEvent[] = Array.from({ length: 40 }, (_, block) => ({ kind: 'LibraryMalloc', block: 1000 + block, bytes: 60_000 }))
      const events = [arena(), small(1), ...pressing, small(2)]
      const host = { ramBytes: MIB, systemBytes: 0, cacheBytes: 0, swapBytes: 4 * MIB }
      return replayed(machine, memory, events, '3.11', host).kinds.some(
        ({ kind, index }) => kind === 'PagesSwappedIn' && index === events.length - 1,
      )
    },
    end: true,
  },
  { name: 'within 3 %', told: compared(observed('hostMemory', { rssBytes: 411 * MIB })), end: [1, 0, 0, NO_ADDRESS] },
  { name: 'beyond 3 %', told: compared(observed('hostMemory', { rssBytes: 414 * MIB })), end: [1, 1, 0, NO_ADDRESS] },
  { name: 'small sizes within 2 MiB', told: compared(observed('hostMemory', { heapBytes: MIB })), end: [1, 0, 0, NO_ADDRESS] },
  // 528 of 1,024 MiB are used: 51.6 %.
  { name: 'per cent within one', told: compared(observed('systemMemory', { percent: 52.5 })), end: [1, 0, 0, NO_ADDRESS] },
  { name: 'per cent beyond one', told: compared(observed('systemMemory', { percent: 53 })), end: [1, 1, 0, NO_ADDRESS] },
  { name: 'no figure of a host', told: compared(observed('systemMemory', { slabs: 7 })), end: [0, 0, 1, NO_ADDRESS] },
  {
    name: 'another process',
    told: compared({ kind: 'StartProcess', process: 1 }, observed('hostMemory', { process: 1, rssBytes: 0 })),
    end: [1, 0, 0, NO_ADDRESS],
  },
  // Behind a block of 100 bytes with its header the next one lies 112 bytes further on; the first says where the heap begins.
  {
    name: 'blocks lie where they did, but for where the heap begins',
    told: compared(
      ...[0x6000_0000_1010, 0x6000_0000_1080, 0x6000_0000_9000].map(
        (address, block): LogEvent => ({ kind: 'LibraryMalloc', block: 10 + block, bytes: 100, address }),
      ),
    ),
    end: [0, 0, 0, { compared: 3, exact: 2 }],
  },
]
