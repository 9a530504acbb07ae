export { type AreaView, areaAt, mappingOf } from './area-view.ts'
export {
  AdviseHugeBlock,
  AdviseHugePages,
  BACKINGS,
  Backing,
  CopyPages,
  EndProcess,
  FACT_OPCODES,
  type Fact,
  type FactOpcode,
  HostOpened,
  LibraryAlign,
  LibraryCalloc,
  LibraryFree,
  LibraryMalloc,
  LibraryRealloc,
  MapMemory,
  MapShared,
  PowerOff,
  PowerOn,
  PROCESSES_MAX,
  REQUEST_OPCODES,
  ReadFile,
  ReadPages,
  ReleasePages,
  RemapMemory,
  Request,
  type RequestOpcode,
  StartProcess,
  TOUCHES,
  TouchBlock,
  Touches,
  TouchPages,
  UnmapMemory,
} from './events.ts'
export { type Mallinfo, mallinfo } from './heap/figures.ts'
export { checkCheap, checkFull, type Violation } from './invariants.ts'
export { HOST_MEMORY_PROFILES, type HostMemoryProfile, type HostSize, hostMemoryProfile } from './profile.ts'
export {
  type Owners,
  owners,
  type ProcessMemory,
  type ProcessState,
  processes,
  processMemory,
  type SwapTotals,
  type SystemMemory,
  swapTotals,
  systemMemory,
  wasPressed,
} from './queries.ts'
export { emptyHostMemory, hostMemoryMechanism, hostMemoryReducer } from './reducer.ts'
export { type HostMemoryRejection, REJECTIONS, type RejectionKind } from './rejected.ts'
export type { AnyState, HostMemoryState, HostSettings } from './state.ts'
export type { SystemCalls } from './system-calls.ts'
export { hostMemoryWording } from './wording.ts'
