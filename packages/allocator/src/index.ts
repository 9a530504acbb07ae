export {
  ArenaMapped,
  ArenaUnmapped,
  Calloc,
  DOMAINS,
  Domain,
  FACT_OPCODES,
  type Fact,
  type FactOpcode,
  Free,
  Malloc,
  REQUEST_OPCODES,
  Realloc,
  ReleaseHeap,
  Request,
  type RequestOpcode,
} from './events.ts'
export { checkCheap, checkFull, type Violation } from './invariants.ts'
export { type ArenaMapStats, formatMallocStats, type MallocStats, mallocStats, mallocStatsText } from './malloc-stats.ts'
export { type LiveBlock, type PinnedArena, pinnedArenas } from './pins.ts'
export { type PoolBlocks, type PoolMap, poolBlocks, poolMap } from './pool-map.ts'
export {
  ALLOCATOR_PROFILES,
  type AllocatorProfile,
  type AllocatorSizes,
  CPYTHON_VERSIONS,
  type CpythonVersion,
  cpythonProfile,
  profileFault,
  withSizes,
} from './profile.ts'
export {
  type AllocatorStats,
  allocatedBlocks,
  allocatorStats,
  cLibraryBlocks,
  type Fragmentation,
  fragmentation,
  type SizeClassStats,
  sizeClassStats,
} from './queries.ts'
export { allocatorMechanism, allocatorReducer, answerFrom, emptyAllocator } from './reducer.ts'
export { type AllocatorRejection, REJECTIONS, type RejectionKind } from './rejected.ts'
export type { AllocatorState } from './state.ts'
export { recordedSystem, type System, simulatedSystem } from './system.ts'
export { isBlockLive, type PoolPlace, type Whereabouts, whereaboutsOf } from './whereabouts.ts'
export { allocatorWording } from './wording.ts'
