/** One object with all that is around it: what it refers to, what refers to it, which names hold it, and the way from a root. */
import { type CollectorState, generationOf } from '@reheap/cycle-gc'
import type { Sealed } from '@reheap/kernel'
import {
  countOf,
  holdersOf,
  type LiveObject,
  type ObjectGraph,
  objectGraph,
  objectOf,
  type RefcountState,
  type Reference,
  referencesOf,
} from '@reheap/refcount'
import { type HeldBy, HoldingTree } from './holding-tree.ts'
import type { Names } from './names.ts'

/** An object beside another. */
export interface Neighbour {
  readonly object: number
  /** Place of the reference in the object that has it. */
  readonly slot: number
  readonly type: string
  /** References to it, from wherever. */
  readonly count: number
}

/** One object of the way from a root. */
export interface WayPoint {
  /** Null: the runtime made it for itself. */
  readonly object: number | null
  readonly type: string
  /** Place at which the one before holds it; null: it is the root's own. */
  readonly slot: number | null
}

/** An object with those that hold it and those that it holds. */
export interface Neighbourhood extends Omit<LiveObject, 'type'> {
  readonly type: string
  /** 3: the permanent one; null: the collector does not track it. */
  readonly generation: number | null
  readonly heldBy: HeldBy
  /** Youngest generation whose collection frees it; null: it is held. */
  readonly freedBy: number | null
  /** Names of open scopes that are bound to it, the outermost scope first. */
  readonly names: readonly { readonly scope: number; readonly name: string; readonly isCall: boolean }[]
  readonly references: readonly Neighbour[]
  readonly holders: readonly Neighbour[]
  /** The name that the way begins at; null: another root. */
  readonly root: string | null
  /** The shortest way, from the root to the object. */
  readonly way: readonly WayPoint[]
}

/** An object of a type in a list. */
export interface ListedObject {
  readonly object: number
  readonly type: string
  readonly count: number
  readonly bytes: number
  readonly generation: number | null
  readonly heldBy: HeldBy
}

/** Objects of a moment, to be asked one by one: the ways to all of them are found once. */
export class Neighbours {
  readonly #objects: Sealed<RefcountState>
  readonly #collector: Sealed<CollectorState>
  readonly #names: Names
  readonly #graph: ObjectGraph
  readonly #tree: HoldingTree

  /** @param names what the log calls its types and names */
  constructor(objects: Sealed<RefcountState>, collector: Sealed<CollectorState>, names: Names) {
    this.#objects = objects
    this.#collector = collector
    this.#names = names
    this.#graph = objectGraph(objects)
    this.#tree = new HoldingTree(this.#graph, collector)
  }

  /** Null: it is not live. */
  of(object: number): Neighbourhood | null {
    const found = objectOf(this.#objects, object)
    if (found === null) return null
    const row = this.#rowOf(object)
    const { heldBy, freedBy, binding } = this.#tree.rootOf(row)
    return {
      ...found,
      type: this.#names.typeName(found.type),
      generation: generationOf(this.#collector, row),
      heldBy,
      freedBy,
      names: this.#graph
        .bindings()
        .filter((each) => each.row === row)
        .map(({ scope, name, code }) => ({ scope, name: this.#names.nameText(name), isCall: code !== null })),
      references: referencesOf(this.#objects, object).map((each) => this.#neighbour(each)),
      holders: holdersOf(this.#objects, object).map((each) => this.#neighbour(each)),
      root: binding === null ? null : this.#names.nameText(binding.name),
      way: this.#tree.pathTo(row).map(({ row: at, cell }) => ({
        object: this.#graph.typeOf(at) === null ? null : this.#graph.object[at],
        type: this.#names.typeName(this.#graph.typeOf(at)),
        slot: cell < 0 ? null : this.#graph.slot[cell],
      })),
    }
  }

  /** Live objects of a type in ascending order of ids, at most so many. @param type as the log calls it; null: any */
  list(type: string | null, most: number, heldBy: HeldBy | null = null): readonly ListedObject[] {
    const graph = this.#graph
    const rows: number[] = []
    for (let row = 0; row < graph.rows; row++) {
      const kind = graph.typeOf(row)
      if (!this.#tree.isLive(row) || kind === null) continue
      if (type !== null && this.#names.typeName(kind) !== type) continue
      if (heldBy === null || this.#tree.rootOf(row).heldBy === heldBy) rows.push(row)
    }
    rows.sort((a, b) => graph.object[a] - graph.object[b])
    return rows.slice(0, most).map((row) => ({
      object: graph.object[row],
      type: this.#names.typeName(graph.typeOf(row)),
      count: countOf(this.#objects, graph.object[row]) ?? 0,
      bytes: graph.bytesOf(row),
      generation: generationOf(this.#collector, row),
      heldBy: this.#tree.rootOf(row).heldBy,
    }))
  }

  #neighbour({ object, slot }: Reference): Neighbour {
    const found = objectOf(this.#objects, object)
    return { object, slot, type: this.#names.typeName(found?.type ?? null), count: found?.count ?? 0 }
  }

  #rowOf(object: number): number {
    const graph = this.#graph
    for (let at = graph.object.indexOf(object); at >= 0; at = graph.object.indexOf(object, at + 1)) if (graph.isLive(at)) return at
    throw new RangeError(`object ${object} is not live`)
  }
}
