export { type Mark, Marks } from './marks.ts'
export { TIMELINE_LAYERS, Timeline, type TimelineLayer, type TimelinePoint } from './timeline.ts'
export { type Peak, RunningUsage, USAGE_MEASURES, type Usage, type UsageListener, type UsageMeasure } from './usage.ts'
