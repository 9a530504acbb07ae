/** One object with all that is around it: what it refers to, what refers to it, which names hold it, and the way from a root. */
import { type CollectorState, generationOf } from '@reheap/cycle-gc'
import { NO_ID, type Sealed } from '@reheap/kernel'
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
  rowOf,
} from '@reheap/refcount'
import { type HeldBy, HoldingTree } from './holding-tree.ts'
import type { Names } from './names.ts'
import { placeName } from './reference-place.ts'

/** An object beside another. */
export interface Neighbour {
  readonly object: number
  /** Order key of the reference in the object that has it. */
  readonly slot: number
  /** What that place is called; null: the log does not say. */
  readonly place: string | null
  readonly type: string
  /** References to it, from wherever. */
  readonly count: number
}

/** One object of the way from a root. */
export interface WayPoint {
  /** Null: the runtime made it for itself. */
  readonly object: number | null
  readonly type: string
  /** Order key at which the one before holds it; null: it is the root's own. */
  readonly slot: number | null
  /** What that place is called; null: the log does not say. */
  readonly place: string | null
}

/** An object with those that hold it and those that it holds. */
export interface Neighbourhood extends Omit<LiveObject, 'type'> {
  readonly type: string
  readonly typeId: number
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
  readonly typeId: number
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

  /** @param names what the log calls its types and names @param tree the one of these objects */
  constructor(
    objects: Sealed<RefcountState>,
    collector: Sealed<CollectorState>,
    names: Names,
    tree = HoldingTree.of(objectGraph(objects), collector),
  ) {
    this.#objects = objects
    this.#collector = collector
    this.#names = names
    this.#graph = objectGraph(objects)
    this.#tree = tree
  }

  /** Null: it is not live. */
  of(object: number): Neighbourhood | null {
    const found = objectOf(this.#objects, object)
    if (found === null) return null
    const row = rowOf(this.#objects, object)
    const { heldBy, freedBy, binding } = this.#tree.rootOf(row)
    return {
      ...found,
      type: this.#names.typeName(found.type),
      typeId: found.type,
      generation: generationOf(this.#collector, row),
      heldBy,
      freedBy,
      names: this.#graph
        .bindings()
        .filter((each) => each.row === row)
        .map(({ scope, name, code }) => ({ scope, name: this.#names.nameText(name), isCall: code !== null })),
      references: this.#referencesOf(object),
      holders: this.#holdersOf(object),
      root: binding === null ? null : this.#names.nameText(binding.name),
      way: this.#wayTo(row),
    }
  }

  /** Live objects of a type in ascending order of ids, at most so many, and how many there are. @param type its id; null: any */
  list(
    type: number | null,
    most: number,
    heldBy: HeldBy | null = null,
  ): { readonly total: number; readonly listed: readonly ListedObject[] } {
    const graph = this.#graph
    const rows: number[] = []
    for (let row = 0; row < graph.rows; row++) {
      const kind = graph.typeOf(row)
      if (!this.#tree.isLive(row) || kind === null) continue
      if (type !== null && kind !== type) continue
      if (heldBy === null || this.#tree.rootOf(row).heldBy === heldBy) rows.push(row)
    }
    rows.sort((a, b) => graph.object[a] - graph.object[b])
    const listed = rows.slice(0, most).map((row) => ({
      object: graph.object[row],
      type: this.#names.typeName(graph.typeOf(row)),
      typeId: graph.typeOf(row) ?? NO_ID,
      count: countOf(this.#objects, graph.object[row]) ?? 0,
      bytes: graph.bytesOf(row),
      generation: generationOf(this.#collector, row),
      heldBy: this.#tree.rootOf(row).heldBy,
    }))
    return { total: rows.length, listed }
  }

  #wayTo(row: number): readonly WayPoint[] {
    const graph = this.#graph
    const rows = this.#tree.pathTo(row)
    return rows.map(({ row: at, cell }, place) => ({
      object: graph.typeOf(at) === null ? null : graph.object[at],
      type: this.#names.typeName(graph.typeOf(at)),
      slot: cell < 0 ? null : graph.slot[cell],
      place: cell < 0 ? null : placeName(graph, this.#names, rows[place - 1]?.row ?? at, cell),
    }))
  }

  #referencesOf(object: number): readonly Neighbour[] {
    const holder = this.#holderOf(rowOf(this.#objects, object))
    const first = this.#graph.firstReference[holder]
    return referencesOf(this.#objects, object).map((each, place) => this.#neighbour(each, holder, first + place))
  }

  #holdersOf(object: number): readonly Neighbour[] {
    const { firstReference, slot, target } = this.#graph
    const wanted = rowOf(this.#objects, object)
    let holder = -1
    let cell = 0
    return holdersOf(this.#objects, object).map((each) => {
      const own = this.#holderOf(rowOf(this.#objects, each.object))
      // References of one holder come one behind the other.
      cell = own === holder ? cell + 1 : firstReference[own]
      holder = own
      while (target[cell] !== wanted || slot[cell] !== each.slot) cell++
      return this.#neighbour(each, own, cell)
    })
  }

  #neighbour({ object, slot }: Reference, holder: number, cell: number): Neighbour {
    const found = objectOf(this.#objects, object)
    return {
      object,
      slot,
      place: placeName(this.#graph, this.#names, holder, cell),
      type: this.#names.typeName(found?.type ?? null),
      count: found?.count ?? 0,
    }
  }

  /** The row that has what an object refers to: its own, or that of the dict that the runtime made for its attributes. */
  #holderOf(row: number): number {
    const { firstReference, referenceCount, target } = this.#graph
    const held = referenceCount[row] === 1 ? target[firstReference[row]] : -1
    return held >= 0 && this.#graph.typeOf(held) === null ? held : row
  }
}
