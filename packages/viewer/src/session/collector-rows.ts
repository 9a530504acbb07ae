/** The collector at the cursor. */
import { type CollectorState, collectionStats, explainTrigger, generationCounts, generationSizes, thresholds } from '@reheap/cycle-gc'
import type { Sealed } from '@reheap/kernel'
import type { GenerationRow, PythonView } from './messages.ts'

/** Of a log that tells of no objects. */
export const NO_COLLECTOR = { generations: [], because: [] }

/** Its generations, and why a collection would or would not run. */
export const collectorRows = (collector: Sealed<CollectorState>): Pick<PythonView, 'generations' | 'because'> => ({
  generations: generationRows(collector),
  because: explainTrigger(collector).because,
})

function generationRows(collector: Sealed<CollectorState>): readonly GenerationRow[] {
  const limits = thresholds(collector)
  const sizes = generationSizes(collector)
  const stats = collectionStats(collector)
  return generationCounts(collector).map((count, generation) => ({
    generation,
    count,
    threshold: limits[generation] ?? 0,
    objects: sizes[generation] ?? 0,
    collections: stats[generation]?.collections ?? 0,
    collected: stats[generation]?.collected ?? 0,
  }))
}
