/** How the moment at the cursor must read: its figures, the request before it, and what is saved of it. */
import { formatAddress, formatBytes, formatCount } from '@reheap/kernel'
import type { Shown } from './shown.ts'
import { counted, type DeviceStats, percent, type Stats, type Traced } from './told.ts'

/** Key, name, plain value and how it is shown. */
type Figure = readonly [string, string, number, string]

const ofBytes = (name: string, label: string, value = 0): Figure => [name, label, value, formatBytes(value)]
const ofCount = (name: string, label: string, value = 0): Figure => [name, label, value, formatCount(value)]
const ofShare = (name: string, label: string, value: number): Figure => [name, label, value, percent(value)]

/** @param final that of `reheap replay` */
export const heapFigures = (stats: Stats, final: Readonly<Record<string, number>>): readonly Figure[] => [
  ofBytes('heldBytes', 'held: arenas + C library', final.heldBytes),
  ofBytes('arenaBytes', 'arenas', final.arenaBytes),
  ofBytes('cLibraryBytes', 'C library', final.cLibraryBytes),
  ofBytes('blockBytes', 'blocks of pools', final.blockBytes),
  ofBytes('requestedBytes', 'asked for, in pools', final.requestedBytes),
  ofCount('allocatedBlocks', 'sys.getallocatedblocks()', stats.allocatedBlocks),
  ofCount('arenas', 'arenas mapped', stats.allocatorStats.arenas),
  ofCount('unusedPools', 'free pools', stats.allocatorStats.unusedPools),
  ofShare('internal', 'internal fragmentation', stats.fragmentation.internal),
  ofShare('external', 'external fragmentation', stats.fragmentation.external),
  ...((stats.objects?.live ?? 0) === 0 ? [] : [ofCount('objects', 'live objects', stats.objects?.live)]),
]

/** @param prefix what tells it from an interpreter's */
export const deviceFigures = ({ device, memoryStats, fragmentation }: DeviceStats, prefix: string): readonly Figure[] => {
  const named = (key: string, label: string): readonly [string, string, number | undefined] => [
    `${device}.${key}`,
    `${prefix}${label}`,
    memoryStats[key],
  ]
  return [
    ofBytes(...named('allocated_bytes.all.current', 'allocated')),
    ofBytes(...named('allocated_bytes.all.peak', 'allocated, peak')),
    ofBytes(...named('active_bytes.all.current', 'active')),
    ofBytes(...named('reserved_bytes.all.current', 'reserved')),
    ofBytes(...named('reserved_bytes.all.peak', 'reserved, peak')),
    ofBytes(...named('requested_bytes.all.current', 'asked for')),
    ofBytes(...named('inactive_split_bytes.all.current', 'inactive, split')),
    ofShare(`${device}.fragmentation`, `${prefix}reserved, not allocated`, fragmentation.share),
    ofCount(...named('num_alloc_retries', 'retries')),
    ofCount(...named('num_ooms', 'out of memory')),
  ]
}

/** Answers of a layer that are listed. */
const FACTS_LISTED = 8

/** The request at the cursor, layer by layer. */
export function requestTold(index: number, traced: Traced): Shown {
  const { steps } = traced
  const asked = steps.some(({ facts }) => facts.length > 0)
  return {
    tables: {},
    texts: [
      `request at event ${index}`,
      asked ? `What event ${formatCount(index)} asked for, on its way down; at the right what each layer holds just after it.` : '',
      ...steps.flatMap(({ layer, name, facts, place }) => [
        `${layer} ${name}`,
        ...facts.slice(0, FACTS_LISTED).map(factText),
        facts.length > FACTS_LISTED ? `and ${formatCount(facts.length - FACTS_LISTED)} more answers` : '',
        ...place,
        ...holds(name, traced),
      ]),
    ]
      .filter((text) => /\d/.test(text))
      .sort(),
  }
}

function factText({ kind, ...fields }: Traced['steps'][number]['facts'][number]): string {
  const parts = Object.entries(fields).map(([field, value]) => `${field} ${valueText(field, value)}`)
  return parts.length === 0 ? kind : `${kind} ${parts.join(', ')}`
}

function valueText(field: string, value: unknown): string {
  if (typeof value !== 'number') return typeof value === 'string' ? value : JSON.stringify(value)
  if (field === 'address') return formatAddress(value)
  return /^bytes|bytes$/i.test(field) ? formatBytes(value) : formatCount(value)
}

/** What a layer holds just after it. */
function holds(name: string, { pyramid, devices = [] }: Traced): readonly string[] {
  if (pyramid === undefined)
    return name !== 'block'
      ? []
      : devices.map(
          ({ device, allocatedBytes = 0, reservedBytes = 0, capacityBytes = 0 }) =>
            `GPU ${device}: ${formatBytes(allocatedBytes)} allocated, ${formatBytes(reservedBytes)} reserved of ${formatBytes(capacityBytes)}`,
        )
  const of = (layer: string, field: string): number => pyramid[layer]?.[field] ?? 0
  const has = (layer: string, ...texts: readonly string[]): readonly string[] => (pyramid[layer] === null ? [] : texts)
  switch (name) {
    case 'objects':
      return [counted(of('objects', 'live'), 'object'), formatBytes(of('objects', 'bytes'))]
    case 'object allocator':
      return [
        `${counted(of('objectAllocator', 'liveBlocks'), 'block')}, ${formatBytes(of('objectAllocator', 'blockBytes'))}`,
        `${counted(of('objectAllocator', 'pools'), 'pool')}, ${counted(of('objectAllocator', 'arenas'), 'arena')}`,
      ]
    case 'raw allocator':
      return [`${formatBytes(of('rawAllocator', 'bytes'))} passed on`]
    case 'C library':
      return has('cLibrary', `heap of ${formatBytes(of('cLibrary', 'heapBytes'))}`)
    case 'virtual memory':
      return has('virtualMemory', `${formatBytes(of('virtualMemory', 'mappedBytes'))} mapped`)
    case 'physical memory':
      return has(
        'physicalMemory',
        `${formatBytes(of('physicalMemory', 'residentBytes'))} resident`,
        `peak ${formatBytes(of('physicalMemory', 'peakBytes'))}`,
      )
    case 'device memory':
      return pyramid.devices.map(({ device, allocatedBytes = 0 }) => `GPU ${device}: ${formatBytes(allocatedBytes)} allocated`)
    default:
      return []
  }
}

/** What *JSON* saves of the moment: every field of it, but for the map of pools, the event and its stack. */
export const savedTold = (stats: Stats, final: Readonly<Record<string, number>>): Readonly<Record<string, unknown>> => ({
  allocatorStats: stats.allocatorStats,
  allocatedBlocks: stats.allocatedBlocks,
  sizeClasses: stats.sizeClasses,
  fragmentation: stats.fragmentation,
  usage: final,
  objects: stats.objects?.live ?? 0,
})
