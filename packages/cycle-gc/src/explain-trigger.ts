import type { Sealed } from '@reheap/kernel'
import { isDeferred } from './generational.ts'
import { NO_GENERATION } from './policy.ts'
import { type CollectorState, keeper } from './state.ts'

/** A generation's count beside its threshold. */
export interface CountAgainstThreshold {
  readonly generation: number
  readonly count: number
  readonly threshold: number
  readonly isAbove: boolean
}

/** Why an automatic collection would or would not run at this point. */
export interface TriggerExplanation {
  /** Generation that would be collected; null: none. */
  readonly generation: number | null
  readonly generations: readonly CountAgainstThreshold[]
  readonly longLivedPending: number
  readonly longLivedTotal: number
  /** Pending objects that a full collection waits for: a quarter of the long-lived ones. */
  readonly longLivedNeeded: number
  /** Does generation 2's count ask for a full collection that the long-lived objects put off? */
  readonly isFullDeferred: boolean
  /** One sentence for each thing that decides. */
  readonly because: readonly string[]
}

const OLDEST = 2
const LONG_LIVED_SHARE = 4

/** Counts against thresholds, the switch, and the rule of the long-lived quarter, for the state as it is. */
export function explainTrigger(state: Sealed<CollectorState>): TriggerExplanation {
  const s = keeper.read(state)
  const generations = [0, 1, 2].map((generation) => {
    const count = s.count[generation]
    const threshold = s.threshold[generation]
    return { generation, count, threshold, isAbove: count > threshold }
  })
  const { policy } = s.profile
  const isOn = s.enabled === 1 && s.collecting === 0
  const isDue = s.due === 1 || (policy.isDue?.(s, 0) ?? (s.count[0] > s.threshold[0] && s.threshold[0] !== 0))
  const chosen = isOn && isDue ? policy.choose(s) : NO_GENERATION
  const isFullDeferred = s.count[OLDEST] > s.threshold[OLDEST] && isDeferred(s)
  return {
    generation: chosen === NO_GENERATION ? null : chosen,
    generations,
    longLivedPending: s.longLivedPending,
    longLivedTotal: s.longLivedTotal,
    longLivedNeeded: Math.floor(s.longLivedTotal / LONG_LIVED_SHARE),
    isFullDeferred,
    because: sentences(s, generations, isDue, chosen, isFullDeferred),
  }
}

function sentences(
  s: CollectorState,
  generations: readonly CountAgainstThreshold[],
  isDue: boolean,
  chosen: number,
  isFullDeferred: boolean,
): readonly string[] {
  const said: string[] = []
  if (s.enabled === 0) said.push('the collector is disabled: only gc.collect() collects')
  if (s.threshold[0] === 0) said.push('threshold 0 is 0: nothing is ever due')
  for (const { generation, count, threshold, isAbove } of generations)
    said.push(`generation ${generation}: count ${count} is ${isAbove ? 'above' : 'not above'} threshold ${threshold}`)
  if (!isDue) said.push(`no collection is due: the ${s.profile.policy.name} policy asks for none`)
  if (isFullDeferred)
    said.push(
      `a full collection waits: ${s.longLivedPending} objects are pending, fewer than a quarter of the ${s.longLivedTotal} long-lived ones`,
    )
  if (chosen !== NO_GENERATION) {
    const where = s.profile.runsAt === 'allocation' ? 'inside the allocation' : 'at the next look at the eval breaker'
    said.push(`generation ${chosen} is collected ${where}`)
  }
  return said
}
