export { type CollectorPort, collectorPort } from './collector-port.ts'
export {
  CheckEvalBreaker,
  ClearGarbage,
  COLLECTION_REASONS,
  Collect,
  type CollectionReason,
  DisableCollector,
  EnableCollector,
  FACT_OPCODES,
  type Fact,
  type FactOpcode,
  FreezeObjects,
  REQUEST_OPCODES,
  ReleaseEarlierObject,
  Request,
  type RequestOpcode,
  SetCallbacks,
  SetSaveAll,
  SetThresholds,
  UnfreezeObjects,
} from './events.ts'
export { type CountAgainstThreshold, explainTrigger, type TriggerExplanation } from './explain-trigger.ts'
export { type GenerationStats, PERMANENT_GENERATION } from './figures.ts'
export { generationalPolicy } from './generational.ts'
export { HEAP_FLAGS, type HeapEditor, type HeapView, type Tracking } from './heap-view.ts'
export { incrementalPolicy } from './incremental.ts'
export { checkCheap, checkFull, type Violation } from './invariants.ts'
export {
  PLAIN_FACT_OPCODES,
  PLAIN_KINDS,
  PLAIN_OPCODES,
  type PlainFact,
  type PlainKind,
  type PlainOpcode,
  PlainRequest,
} from './plain-events.ts'
export { type CollectionPolicy, NO_GENERATION } from './policy.ts'
export {
  COLLECTOR_PROFILES,
  COLLECTOR_VERSIONS,
  type CollectorProfile,
  type CollectorStart,
  type CollectorVersion,
  collectorProfile,
  EMPTY_START,
} from './profile.ts'
export {
  collectionStats,
  frozenCount,
  garbageRows,
  generationCounts,
  generationOf,
  generationSizes,
  isCollectionDue,
  isEnabled,
  longLived,
  profileOf,
  rowsOfGeneration,
  thresholds,
} from './queries.ts'
export { collectorMechanism, collectorReducer, emptyCollector } from './reducer.ts'
export { type CollectorRejection, REJECTIONS, type RejectionKind } from './rejected.ts'
export type { CollectorFigures, CollectorState, Moment } from './state.ts'
export { listenToTrials, type Trial, type TrialListener } from './trial.ts'
export { type UnreachableRow, unreachableRows, unreachableRowsInSteps } from './unreachable.ts'
export { collectorWording } from './wording.ts'
