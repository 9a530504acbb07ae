import {
  type AllocatorState,
  allocatorStats,
  cLibraryBlocks,
  fragmentation,
  mallocStatsText,
  pinnedArenas,
  sizeClassStats,
} from '@reheap/allocator'
import { formatBytes, formatCount, type Sealed } from '@reheap/kernel'
import { devicesOf, heapOf, heapsOf, hostOf, machineAllocatedBlocks } from '@reheap/machine'
import type { Command } from 'commander'
import { left, right } from 'fp-ts/lib/Either.js'
import { isDeviceLog } from '../device/device-input.ts'
import { deviceFigures, deviceLines, statsDevice } from '../device/stats.ts'
import { hostFigures, hostLines } from '../host/host-figures.ts'
import { type HostOptions, hostOption, hostReplay } from '../host/host-options.ts'
import type { Input } from '../input.ts'
import { objectFigures, objectTables } from '../object-figures.ts'
import type { Outcome, Result } from '../outcome.ts'
import { profilesOf } from '../profiles.ts'
import { runLog, runTitle } from '../run.ts'
import { objectLines, objectTableLines } from '../show/objects.ts'
import { pinLines } from '../show/pins.ts'
import { counted, percent, table } from '../show/table.ts'
import { type LogOptions, logVerb, profileOption, settle, untilOption, wholeNumber, withLog } from '../verb.ts'

interface StatsOptions extends LogOptions, HostOptions {
  readonly profile?: string
  readonly until?: number
  readonly heap: number
  readonly pins?: number | true
}

/** Arenas whose blocks are listed where `--pins` does not say. */
const PINS = 3

const EXAMPLE = `$ reheap stats hello.arrows --until 20000
$ reheap stats hello.arrows --pins 2`

/** `reheap stats`: the allocator's figures at one moment, in full. */
export const statsVerb = (): Command =>
  logVerb(
    'stats <log>',
    'print what sys._debugmallocstats() would print, size classes and fragmentation; generations, types and free lists of objects; of a device torch.cuda.memory_stats() and segments',
    EXAMPLE,
  )
    .addOption(untilOption())
    .addOption(profileOption())
    .addOption(hostOption())
    .option('--heap <number>', "the allocator of this interpreter; 0 is the main one's", wholeNumber, 0)
    .option('--pins [count]', `list arenas by what keeps them mapped, with the blocks of the emptiest (default ${PINS})`, wholeNumber)
    .action((log: string, options: StatsOptions) =>
      settle(
        options,
        withLog(log, options, (input) => stats(input, options)),
      ),
    )

async function stats(input: Input, options: StatsOptions): Promise<Result<Outcome>> {
  if (isDeviceLog(input)) return statsDevice(input, options)
  const profiles = profilesOf(input, options.profile)
  if (profiles._tag === 'Left') return profiles
  const below = hostReplay(options)
  if (below._tag === 'Left') return below
  const ran = await runLog(input, profiles.right, { what: 'stats', until: options.until, host: below.right })
  if (ran._tag === 'Left') return ran
  const { events, profile, placement, state } = ran.right
  const heaps = heapsOf(state).length
  if (options.heap >= heaps)
    return left(`--heap ${options.heap}: ${input.name} has ${counted(heaps, 'heap')}; give a number below ${heaps}`)
  const heap = heapOf(state, options.heap)
  const figures = {
    allocatorStats: allocatorStats(heap),
    allocatedBlocks: machineAllocatedBlocks(state),
    sizeClasses: sizeClassStats(heap),
    fragmentation: fragmentation(heap),
    cLibrary: cLibraryBlocks(heap),
  }
  const objects = objectFigures(ran.right, null)
  const tables = objects === null ? {} : objectTables(ran.right)
  const memory = hostOf(state)
  const host = memory && hostFigures(memory)
  const devices = deviceFigures(devicesOf(state))
  const listed = options.pins === true ? PINS : options.pins
  const pins = listed === undefined ? undefined : pinnedArenas(heap)
  return right({
    status: 0,
    json: {
      events,
      profile: profile.name,
      placement,
      heap: options.heap,
      heaps,
      ...figures,
      ...(pins === undefined ? {} : { pins }),
      ...(objects === null ? {} : { objects: { ...objects, ...tables } }),
      ...(host === null ? {} : { host }),
      ...(devices.length === 0 ? {} : { devices }),
    },
    text: () =>
      [
        runTitle(input.name, ran.right),
        ...(heaps > 1 ? [`heap ${options.heap} of ${heaps}`] : []),
        '',
        ...lines(heap, figures.allocatedBlocks),
        ...objectLines(objects),
        ...objectTableLines(tables),
        ...(host === null ? [] : hostLines(host)),
        ...deviceLines(devices),
        ...(pins === undefined || listed === undefined ? [] : ['', ...pinLines(pins, listed)]),
      ].join('\n'),
  })
}

const CLASS_COLUMNS = [{ title: 'class' }, { title: 'size' }, { title: 'used' }, { title: 'free' }, { title: 'wasted' }]

function lines(heap: Sealed<AllocatorState>, allocatedBlocks: number): readonly string[] {
  const { internal, external, mappedBytes, requestedBytes } = fragmentation(heap)
  const { blocks, bytes } = cLibraryBlocks(heap)
  const classes = sizeClassStats(heap).map(({ sizeClass, blockBytes, usedBlocks, availableBlocks, wastedBytes }) => [
    String(sizeClass),
    String(blockBytes),
    formatBytes(usedBlocks * blockBytes),
    formatBytes(availableBlocks * blockBytes),
    formatBytes(wastedBytes),
  ])
  return [
    mallocStatsText(heap),
    ...(classes.length === 0 ? [] : [...table(CLASS_COLUMNS, classes), '']),
    `sys.getallocatedblocks()  ${formatCount(allocatedBlocks)}`,
    `C library                 ${counted(blocks, 'block')}, ${formatBytes(bytes)}`,
    `arenas                    ${formatBytes(mappedBytes)} mapped, ${formatBytes(requestedBytes)} of it asked for and live`,
    `internal fragmentation    ${percent(internal)} of the live blocks' bytes were not asked for`,
    `external fragmentation    ${percent(external)} of the arenas' bytes are in no live block`,
  ]
}
