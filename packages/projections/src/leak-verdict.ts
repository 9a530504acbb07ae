/** What a leak report says in a sentence or two. */
import type { TriggerExplanation } from '@reheap/cycle-gc'
import { formatBytes, formatCount } from '@reheap/kernel'
import type { Amount, LeakReport } from './leaks.ts'

const amount = ({ objects, bytes }: Amount): string => `${formatCount(objects)} object${objects === 1 ? '' : 's'}, ${formatBytes(bytes)}`
const sum = (amounts: readonly Amount[]): Amount => ({
  objects: amounts.reduce((total, { objects }) => total + objects, 0),
  bytes: amounts.reduce((total, { bytes }) => total + bytes, 0),
})

/** What nothing leads to any more, late or lost. */
export const unreachableOf = ({ by }: LeakReport): Amount => sum([by.late, by.garbage, by.frozen, by.unfindable])

/** The answer in one sentence: leak, or only late? @param isOff the collector does not run by itself */
export function verdictOf({ live, by }: LeakReport, isOff: boolean): string {
  const lost = sum([by.garbage, by.frozen, by.unfindable])
  if (live.objects === 0) return 'Nothing is alive.'
  if (lost.objects > 0)
    return `Leak: ${amount(lost)} that nothing will ever free${by.late.objects > 0 ? `; ${amount(by.late)} only late` : ''}.`
  if (by.late.objects > 0 && isOff) return `Leak as long as the collector is off: ${amount(by.late)} that only gc.collect() would free.`
  if (by.late.objects > 0) return `Only late: ${amount(by.late)} that a collection will free; gc.collect() would free them now.`
  return 'No garbage: every live object is still held.'
}

/** Why what is late has not been freed: a sentence for each generation that would free some, and for what else decides. */
export function whyLate(late: LeakReport['late'], { generations, because }: TriggerExplanation): readonly string[] {
  const lines = late.flatMap((amountLate, generation) => {
    const { count = 0, threshold = 0 } = generations[generation] ?? {}
    if (amountLate.objects === 0) return []
    return [
      `a collection of generation ${generation} frees ${amount(amountLate)}: its count is ${formatCount(count)}, its threshold ${formatCount(threshold)}`,
    ]
  })
  const extra = lines.length === 0 ? [] : because.filter((sentence) => !sentence.startsWith('generation '))
  return [...lines, ...extra]
}
