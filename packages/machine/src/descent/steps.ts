/** What each layer answered to one request, from the objects down. */
import { whereaboutsOf } from '@reheap/allocator'
import { areaAt } from '@reheap/host-memory'
import { formatAddress, formatBytes, formatCount, type Sealed } from '@reheap/kernel'
import { heapOf, hostOf } from '../machine.ts'
import type { MachineState } from '../machine-draft.ts'

/** A fact as `replay --facts` writes it. */
export interface ToldFact {
  readonly kind: string
  readonly [field: string]: unknown
}

/** What one request caused, and what stood before and after it. */
export interface SeenRequest {
  readonly facts: readonly ToldFact[]
  readonly before: Sealed<MachineState>
  readonly after: Sealed<MachineState>
}

/** One layer's part in a request. */
export interface RequestStep {
  /** Its number in the pyramid, or GPU. */
  readonly layer: string
  readonly name: string
  /** Its answers; empty: it was not asked. */
  readonly facts: readonly ToldFact[]
  /** Where the request's memory lies in it, in words; empty where that is not known. */
  readonly place: readonly string[]
}

const LAYERS = [
  ['3', 'objects'],
  ['2', 'object allocator'],
  ['1', 'raw allocator'],
  ['0', 'C library'],
  ['-1', 'virtual memory'],
  ['-2', 'physical memory'],
  ['GPU', 'device memory'],
] as const
type LayerName = (typeof LAYERS)[number][1]

/** Layer of each kind of fact; kinds that are not named are the objects'. */
const LAYER_OF: Readonly<Record<string, LayerName>> = {
  BlockPlaced: 'object allocator',
  BlockResized: 'object allocator',
  BlockReturned: 'object allocator',
  PoolOpened: 'object allocator',
  PoolClosed: 'object allocator',
  ArenaOpened: 'object allocator',
  ArenaReleased: 'object allocator',
  ArenaRefused: 'object allocator',
  BlockPassedOn: 'raw allocator',
  BlockHandedBack: 'raw allocator',
  ChunkGiven: 'C library',
  ChunkFreed: 'C library',
  BreakMoved: 'C library',
  AreaMapped: 'virtual memory',
  AreaUnmapped: 'virtual memory',
  AreaMoved: 'virtual memory',
  PagesTouched: 'physical memory',
  PagesReleased: 'physical memory',
  PagesSwappedOut: 'physical memory',
  PagesSwappedIn: 'physical memory',
  CacheReclaimed: 'physical memory',
  ProcessKilled: 'physical memory',
  ProcessEnded: 'physical memory',
  PowerLost: 'physical memory',
  SegmentAllocated: 'device memory',
  SegmentFreed: 'device memory',
  SegmentMapped: 'device memory',
  SegmentUnmapped: 'device memory',
  BlockAllocated: 'device memory',
  FreeRequested: 'device memory',
  FreeCompleted: 'device memory',
  OutOfMemoryRaised: 'device memory',
  SettingsRefused: 'device memory',
  MemoryCopied: 'device memory',
  AssertionRaised: 'device memory',
}

/** The steps of a request; the GPU's only where it was asked. */
export function requestSteps({ facts, before, after }: SeenRequest): readonly RequestStep[] {
  const places = placesOf(facts, before, after)
  return LAYERS.map(([layer, name]) => ({
    layer,
    name,
    facts: facts.filter(({ kind }) => (LAYER_OF[kind] ?? 'objects') === name),
    place: places.get(name) ?? [],
  })).filter(({ name, facts: told }) => name !== 'device memory' || told.length > 0)
}

/** Kinds that take memory away from the program: where it lay is asked of the state before. */
const GIVEN_BACK: readonly string[] = ['BlockReturned', 'BlockHandedBack']
const OF_BLOCK: readonly string[] = ['BlockPlaced', 'BlockResized', 'BlockPassedOn', ...GIVEN_BACK]
/** The process that a log is about. */
const PROCESS = 0
/** Blocks of one request whose places are told. */
const PLACES_MAX = 4

function placesOf(
  facts: readonly ToldFact[],
  before: Sealed<MachineState>,
  after: Sealed<MachineState>,
): ReadonlyMap<LayerName, readonly string[]> {
  const places = new Map<LayerName, string[]>()
  const add = (layer: LayerName, line: string): void => void places.set(layer, [...(places.get(layer) ?? []), line])
  const blocks = facts.filter(({ kind }) => OF_BLOCK.includes(kind))
  for (const { kind, block, heap } of blocks.slice(0, PLACES_MAX)) {
    const was = GIVEN_BACK.includes(kind)
    const state = was ? before : after
    const where = whereaboutsOf(heapOf(state, typeof heap === 'number' ? heap : 0), Number(block))
    if (where === null || where.pool === null) continue
    const { pool } = where
    add(
      'object allocator',
      `block ${formatCount(where.block)} ${was ? 'lay' : 'lies'} at ${formatAddress(where.address ?? Number.NaN)}: ${formatBytes(pool.blockBytes)} for ${formatBytes(where.bytes)}, size class ${pool.sizeClass}`,
    )
    add(
      'object allocator',
      `pool ${formatAddress(pool.address)}: ${formatCount(pool.usedBlocks)} of ${formatCount(pool.blocks)} blocks used`,
    )
    add(
      'object allocator',
      `arena ${formatAddress(pool.arenaAddress)} of ${formatBytes(pool.arenaBytes)}: ${formatCount(pool.arenaFreePools)} of ${formatCount(pool.arenaPools)} pools free`,
    )
    addArea(add, state, where.address)
  }
  for (const { kind, address } of facts) if (kind === 'ChunkGiven') addArea(add, after, address as number | null)
  return places
}

/** The area of the host that an address lies in. */
function addArea(add: (layer: LayerName, line: string) => void, state: Sealed<MachineState>, address: number | null): void {
  const host = hostOf(state)
  const area = host === null || address === null ? null : areaAt(host, PROCESS, address)
  if (area === null) return
  add('virtual memory', `area ${formatAddress(area.address)} of ${formatBytes(area.bytes)}, ${area.backing}`)
  add('physical memory', `${formatBytes(area.residentBytes)} of that area in RAM, ${formatBytes(area.swapBytes)} in swap`)
}
