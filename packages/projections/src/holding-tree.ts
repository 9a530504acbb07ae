import { type CollectorState, PERMANENT_GENERATION, rowsOfGeneration, unreachableRowsInSteps } from '@reheap/cycle-gc'
import { finished, type Sealed } from '@reheap/kernel'
import type { Binding, ObjectGraph } from '@reheap/refcount'

/** Why an object is alive. Where several reasons hold, the first of these is given. */
export const HELD_BY = [
  /** A name of an open scope leads to it. */
  'name',
  /** A holder that is no object of the log leads to it: C code, the interpreter, a running expression. */
  'outside',
  /** `gc.garbage` leads to it. */
  'garbage',
  /** Nothing leads to it, but `gc.freeze` took it out of the collector's sight. */
  'frozen',
  /** Nothing leads to it, and a collection will find it. */
  'late',
  /** Nothing leads to it, and no collection finds it: a cycle through an object that the collector does not track. */
  'unfindable',
] as const
/** What keeps an object alive, or will free it. */
export type HeldBy = (typeof HELD_BY)[number]

/** Row without a holder, or a root's. */
const NONE = -1
/** Rows between two steps: some milliseconds. */
const STEP = 1 << 14

/** Where a search begins. */
interface Root {
  readonly heldBy: HeldBy
  readonly row: number
  /** The name that holds it. */
  readonly binding: Binding | null
  /** Generation whose collection frees it; null: none does. */
  readonly freedBy: number | null
}

/**
 * The shortest way to each live object from what holds it. Ways from names are preferred, so that an object which C code holds
 * too is explained by the program's own names.
 */
export class HoldingTree {
  readonly #graph: ObjectGraph
  /** Root that leads to the row, NONE: not live. @shape [rows] */
  readonly #rootOf: Int32Array
  /** Cell of the reference on the way to the row, and the row that it belongs to. @shape [rows] */
  readonly #cellOf: Int32Array
  readonly #holderOf: Int32Array
  readonly #roots: Root[] = []
  readonly #waiting: number[] = []

  private constructor(graph: ObjectGraph) {
    this.#graph = graph
    this.#rootOf = new Int32Array(graph.rows).fill(NONE)
    this.#cellOf = new Int32Array(graph.rows).fill(NONE)
    this.#holderOf = new Int32Array(graph.rows).fill(NONE)
  }

  /** Of every live object at once. */
  static of(graph: ObjectGraph, collector: Sealed<CollectorState>): HoldingTree {
    return finished(HoldingTree.inSteps(graph, collector))
  }

  /** The same in steps, between which something else may be done: a heap may hold millions of objects. */
  static *inSteps(graph: ObjectGraph, collector: Sealed<CollectorState>): Generator<void, HoldingTree> {
    const tree = new HoldingTree(graph)
    for (const binding of graph.bindings()) tree.#begin({ heldBy: 'name', row: binding.row, binding, freedBy: null })
    yield* tree.#spread()
    yield* tree.#beginAll('outside', (row) => graph.outside[row] > 0 || graph.isImmortal(row))
    for (const row of graph.garbage()) tree.#begin({ heldBy: 'garbage', row, binding: null, freedBy: null })
    yield* tree.#spread()
    for (const row of rowsOfGeneration(collector, PERMANENT_GENERATION))
      tree.#begin({ heldBy: 'frozen', row, binding: null, freedBy: null })
    yield* tree.#spread()
    yield* tree.#spreadLate(yield* unreachableRowsInSteps(collector, graph))
    yield* tree.#beginAll('unfindable', () => true)
    return tree
  }

  /** Is a row a live object? */
  isLive(row: number): boolean {
    return this.#rootOf[row] !== NONE
  }

  /** What leads to a live row. @throws RangeError the row is no live object */
  rootOf(row: number): Root {
    const root = this.#roots[this.#rootOf[row]]
    if (root === undefined) throw new RangeError(`row ${row} is no live object`)
    return root
  }

  /** Number of the row's root: rows of one root are held by one name. */
  rootNumber(row: number): number {
    return this.#rootOf[row]
  }

  /** Cells of the references on the way from the root to the row; the root's own row first. */
  pathTo(row: number): readonly { readonly row: number; readonly cell: number }[] {
    const path: { row: number; cell: number }[] = []
    for (let at = row; at !== NONE; at = this.#holderOf[at]) path.push({ row: at, cell: this.#cellOf[at] })
    return path.reverse()
  }

  /** What an old garbage object leads to is freed with it, so the older generations come first. */
  *#spreadLate(found: readonly { readonly row: number; readonly freedBy: number }[]): Generator<void, void> {
    for (const freedBy of [2, 1, 0]) {
      yield
      for (const { row, freedBy: own } of found) if (own === freedBy) this.#begin({ heldBy: 'late', row, binding: null, freedBy })
      yield* this.#spread()
    }
  }

  *#beginAll(heldBy: HeldBy, isRoot: (row: number) => boolean): Generator<void, void> {
    for (let row = 0; row < this.#graph.rows; row++) {
      if (this.#graph.isLive(row) && isRoot(row)) this.#begin({ heldBy, row, binding: null, freedBy: null })
      if (row % STEP === STEP - 1) yield
    }
    yield* this.#spread()
  }

  #begin(root: Root): void {
    if (this.#rootOf[root.row] !== NONE) return
    this.#rootOf[root.row] = this.#roots.length
    this.#roots.push(root)
    this.#waiting.push(root.row)
  }

  /** Breadth first, so that the first way found is a shortest one. */
  *#spread(): Generator<void, void> {
    const { firstReference, referenceCount, target } = this.#graph
    for (let place = 0; place < this.#waiting.length; place++) {
      const row = this.#waiting[place] ?? NONE
      const end = firstReference[row] + referenceCount[row]
      for (let cell = firstReference[row]; cell < end; cell++) {
        const to = target[cell]
        if (to < 0 || this.#rootOf[to] !== NONE || !this.#graph.isLive(to)) continue
        this.#rootOf[to] = this.#rootOf[row]
        this.#holderOf[to] = row
        this.#cellOf[to] = cell
        this.#waiting.push(to)
      }
      if (place % STEP === STEP - 1) yield
    }
    this.#waiting.length = 0
  }
}

/** For each unreachable row the event since which it is: the latest at which it, or what leads to it, lost a reference. In steps. */
export function* unreachableSince(graph: ObjectGraph, rows: readonly number[]): Generator<void, ReadonlyMap<number, number>> {
  const { firstReference, referenceCount, target, lostAt } = graph
  const unreachable = new Set(rows)
  const since = new Map<number, number>()
  for (const first of rows.toSorted((a, b) => lostAt[b] - lostAt[a])) {
    const waiting = [first]
    for (let row = waiting.pop(); row !== undefined; row = waiting.pop()) {
      if (since.has(row) || !unreachable.has(row)) continue
      since.set(row, lostAt[first])
      if (since.size % STEP === 0) yield
      const end = firstReference[row] + referenceCount[row]
      for (let cell = firstReference[row]; cell < end; cell++) if (target[cell] >= 0) waiting.push(target[cell])
    }
  }
  return since
}
