export { type AllocationSpan, AllocationSpans } from './allocation-spans.ts'
export { BlockBirths, type BlockOwner } from './block-births.ts'
export { type CollectionSteps, collectionSteps, type WatchedTrial } from './collection-steps.ts'
export { type Collection, Collections, type CollectionTotals } from './collections.ts'
export { type Between, type ComparedFigure, DEVICE_FIGURES, HEAP_FIGURES, isCompared, isOfWhole, SIDES } from './compared-figures.ts'
export {
  type BlockGroup,
  groupBlocks,
  type IterationRest,
  iterationRests,
  type LiveBlock,
  liveBlocks,
  type NamingLog,
  type NamingRows,
  namedBlocks,
} from './device-blocks.ts'
export {
  type SegmentUse,
  segmentUses,
  UNUSED_REASONS,
  type UnusedBlocks,
  type UnusedReason,
  unusedBlocks,
  type Wanted,
} from './device-segments.ts'
export { DEVICE_LAYERS, type DeviceLayer, type DevicePoint, DeviceTimeline, type DeviceTimelineStart } from './device-timeline.ts'
export { HELD_BY, type HeldBy, HoldingTree } from './holding-tree.ts'
export {
  type HostPoint,
  HostTimeline,
  type HostTimelineStart,
  PROCESS_LAYERS,
  type ProcessLayer,
  RAM_LAYERS,
  type RamLayer,
} from './host-timeline.ts'
export { unreachableOf, verdictOf, whyLate } from './leak-verdict.ts'
export { type Amount, type Holder, type LeakGroup, type LeakReport, leakReport, leakReportInSteps, type PathStep } from './leaks.ts'
export { type Mark, Marks } from './marks.ts'
export { type NamedType, Names } from './names.ts'
export { type ListedObject, type Neighbour, type Neighbourhood, Neighbours, type WayPoint } from './neighbourhood.ts'
export { ObjectBirths } from './object-births.ts'
export { OBJECT_MEASURES, type ObjectMeasure, RunningObjects, type TypeTally } from './objects.ts'
export type { PastEvents } from './past-events.ts'
export type { LayerCurve } from './stretches.ts'
export { TIMELINE_LAYERS, Timeline, type TimelineLayer, type TimelinePoint, type TimelineStart } from './timeline.ts'
export { ANSWERS_LISTED, fieldWords, toldWords } from './told-words.ts'
export { UNCOLLECTED_MEASURES, Uncollected, type UncollectedMeasure, type WaitingSpan } from './uncollected.ts'
export { UncollectedPeaks } from './uncollected-peaks.ts'
export { type Peak, RunningUsage, USAGE_MEASURES, type Usage, type UsageListener, type UsageMeasure } from './usage.ts'
