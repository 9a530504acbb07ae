/** One search for garbage as it happened, for whoever shows a collection step by step. */
import { type Draft, NO_ID } from '@reheap/kernel'
import { type CollectorState, keeper, LISTS, NONE } from './state.ts'
import { refsOf } from './trial-deletion.ts'

/** What a search did with the objects of its region, in the region's order. */
export interface Trial {
  readonly rows: Int32Array
  /** Id of each in the log; null: the runtime made it for itself. */
  readonly objects: readonly (number | null)[]
  /** References to each, from wherever: its count. @source `update_refs` */
  readonly counts: Int32Array
  /** Those that are left when references from inside the region are subtracted: its holders outside. @source `subtract_refs` */
  readonly held: Int32Array
  /** 1: held from outside, or reached from such an object, and moved back. @source `move_unreachable` */
  readonly isReachable: Uint8Array
}

/** Told of each search: of a collection's first, and of the second look behind finalizers. */
export type TrialListener = (trial: Trial) => void

/** From now on the listener is told of every search that the draft makes, until it is sealed. */
export function listenToTrials(draft: Draft<CollectorState>, listener: TrialListener): void {
  keeper.own(draft).work.trials = listener
}

/** A search that is watched. */
export class OpenTrial {
  readonly #rows: Int32Array
  readonly #objects: readonly (number | null)[]
  readonly #counts: Int32Array
  #held = new Int32Array(0)

  /** Counts were copied. */
  constructor(s: CollectorState) {
    const rows: number[] = []
    for (let row = s.head[LISTS.region]; row !== NONE; row = s.next[row]) rows.push(row)
    this.#rows = Int32Array.from(rows)
    this.#objects = rows.map((row) => idOf(s.work.view.object[row]))
    this.#counts = this.#rows.map((row) => refsOf(s, row) - 1)
  }

  /** References from inside were subtracted. */
  subtracted(s: CollectorState): void {
    this.#held = this.#rows.map((row) => refsOf(s, row) - 1)
  }

  /** Objects were moved to where they belong. */
  told({ list }: CollectorState): Trial {
    const isReachable = Uint8Array.from(this.#rows, (row) => (list[row] === LISTS.unreachable ? 0 : 1))
    return { rows: this.#rows, objects: this.#objects, counts: this.#counts, held: this.#held, isReachable }
  }
}

const idOf = (object: number): number | null => (object === NO_ID ? null : object)
