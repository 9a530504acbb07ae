/** What differs between a recording and its simulation. */
import type { EventIndex } from '@reheap/kernel'

/** A value of the recording that the simulation does not give. */
export interface Mismatch {
  /** Index in the log of the event that holds the observed value. */
  readonly index: EventIndex
  /** What was observed: `address`, `arenaMapped`, `arenaWanted` (the log holds no answer for an arena that was wanted), `allocatorStats.arenas`, `collection.collected` ... */
  readonly of: string
  /** As recorded; null if the recording holds nothing here. A truth value is 1 or 0. */
  readonly expected: number | null
  /** As simulated; null if the simulation gives nothing here. */
  readonly simulated: number | null
}

/** A report names so many mismatches; all are counted. */
const MISMATCHES_NAMED = 20

/** Mismatches in the order in which they were found: the first ones, and the number of all. */
export class MismatchList {
  count = 0
  readonly #named: Mismatch[] = []

  add(mismatch: Mismatch): void {
    this.count++
    if (this.#named.length < MISMATCHES_NAMED) this.#named.push(mismatch)
  }

  /** So many more, of which the first are given. */
  addAll(named: readonly Mismatch[], count: number = named.length): void {
    for (const mismatch of named) this.add(mismatch)
    this.count += count - named.length
  }

  /** The first mismatches, in the order of the log. */
  first(): readonly Mismatch[] {
    return [...this.#named].sort((a, b) => a.index - b.index)
  }
}

/** A recorded or simulated value as a mismatch shows it. */
export const shownValue = (value: unknown): number | null =>
  typeof value === 'boolean' ? Number(value) : typeof value === 'number' ? value : null
