export {
  AddReference,
  BindName,
  ClearWeakReferences,
  CreateObject,
  CreateWeakReference,
  DefineName,
  DefineType,
  DropReference,
  EnterScope,
  FACT_OPCODES,
  type Fact,
  type FactOpcode,
  LeaveScope,
  MakeImmortal,
  REQUEST_OPCODES,
  Request,
  type RequestOpcode,
  ResizeObject,
  SetCallback,
  SetFinalizer,
  TrackObject,
  UnbindName,
  UntrackObject,
} from './events.ts'
export { type FreeListFigures, freeListFigures, heldBlocks, type TypeTotal, typeTotals } from './figures.ts'
export { answerTo, connectTracking, type HeapEditor, type HeapView, heapEditor, heapView } from './heap-port.ts'
export { type HeapReader, heapReader, type Moment, momentOf } from './heap-reader.ts'
export { checkCheap, checkFull, type Violation } from './invariants.ts'
export { LAYOUTS, type Layout } from './layout.ts'
export { type Binding, type ObjectGraph, objectGraph } from './object-graph.ts'
export {
  CPYTHON_VERSIONS,
  type CpythonVersion,
  cpythonProfile,
  type FreeList,
  profileFault,
  REFCOUNT_PROFILES,
  type RefcountProfile,
  type Trashcan,
} from './profile.ts'
export {
  type BoundName,
  bytesBesideByRow,
  countOf,
  forEachBinding,
  forEachObject,
  holdersOf,
  type LiveObject,
  liveBytes,
  namesOf,
  objectCount,
  objectOf,
  type Reference,
  referencesOf,
  referentOf,
  rootsOf,
  rowOf,
} from './queries.ts'
export { emptyHeap, refcountMechanism, refcountReducer } from './reducer.ts'
export { REJECTIONS, type RefcountRejection, type RejectionKind } from './rejected.ts'
export type { RefcountState } from './state.ts'
export type { Tracking } from './tracking.ts'
export { refcountWording } from './wording.ts'
