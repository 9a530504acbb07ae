/** The last event of some kinds about one number, such as a block's or an object's, looked up in a whole column. */
import type { LogStore } from './log-store.ts'

/** The last one before `at`; null: none. */
export function lastAbout({ batches }: LogStore, number: number, kinds: readonly number[], at: number): number | null {
  for (const { firstIndex, values } of batches.column('id', 0, at, -1)) {
    const lastBefore = (row: number): number => values.subarray(0, row).lastIndexOf(number)
    for (let row = lastBefore(at - firstIndex); row >= 0; row = lastBefore(row)) {
      if (kinds.includes(batches.value('code', firstIndex + row) ?? -1)) return firstIndex + row
    }
  }
  return null
}
