import { grown, NO_ID } from '@reheap/kernel'
import { RowTable } from './row-table.ts'

/** Most memo entries in all runs that are known: 4 MiB of them. */
const ITEMS_MAX = 2 ** 20

/**
 * Which stack a run of memo entries was. A stack that comes again is the same run of bytes: to know it spares a look at
 * each of its frames, and frames are most of a trace.
 */
export class KnownRuns {
  #runs = new RowTable()
  #stack = new Uint32Array(256)

  /** The number of the run that stands in `entries` from 0 to `count`. */
  number(entries: Uint32Array, count: number): number {
    if (this.#runs.items + count > ITEMS_MAX) this.#runs = new RowTable()
    const known = this.#runs.length
    const run = this.#runs.intern(entries, count)
    if (run === known) {
      this.#stack = grown(this.#stack, run + 1)
      this.#stack[run] = NO_ID
    }
    return run
  }

  /** The stack that a run was; {@link NO_ID}: that is not known. */
  stack(run: number): number {
    return this.#stack[run]
  }

  learn(run: number, stack: number): void {
    this.#stack[run] = stack
  }
}
