/** A sealed state's objects with all that holds them, for whoever explains why they are alive. */

import { NO_ID, type Sealed } from '@reheap/kernel'
import { stackRows } from './evaluation-stack.ts'
import type { HeapView } from './heap-port.ts'
import { LAYOUTS, type Layout } from './layout.ts'
import { FLAGS, keeper, MARKS, NONE, type RefcountState } from './state.ts'

/** A name of an open scope, and the row that it holds. */
export interface Binding {
  readonly scope: number
  /** The code object whose call the scope is; null: a module. */
  readonly code: number | null
  readonly name: number
  readonly row: number
}

/** Objects by row. Arrays are the state's own, never to be written. */
export interface ObjectGraph extends HeapView {
  /** Order key of each reference, beside `target`. */
  readonly slot: Uint32Array
  /** Name of the attribute or key that each reference is, or none, beside `target`. */
  readonly name: Uint32Array
  /** References by holders that are no object of the log. @shape [rows] */
  readonly outside: Int32Array
  /** Event at which the object last lost a reference that the program dropped. @shape [rows] */
  readonly lostAt: Float64Array
  isLive(row: number): boolean
  isTracked(row: number): boolean
  isImmortal(row: number): boolean
  /** Bytes of the object, those that it holds beside its own block among them. */
  bytesOf(row: number): number
  /** Id of its type; null for an object that the runtime made for itself. */
  typeOf(row: number): number | null
  layoutOf(row: number): Layout
  /** Names of all open scopes: the outermost scope first, in each in the order in which they were first bound. */
  bindings(): readonly Binding[]
  /** Rows in `gc.garbage`, in order. */
  garbage(): readonly number[]
}

class Graph implements ObjectGraph {
  readonly #s: RefcountState
  readonly rows: number
  readonly object: Uint32Array
  readonly count: Int32Array
  readonly firstReference: Int32Array
  readonly referenceCount: Int32Array
  readonly target: Int32Array
  readonly slot: Uint32Array
  readonly name: Uint32Array
  readonly flags: Uint8Array
  readonly outside: Int32Array
  readonly lostAt: Float64Array

  constructor(s: RefcountState) {
    this.#s = s
    this.rows = s.rows
    this.object = s.object
    this.count = s.count
    this.firstReference = s.firstReference
    this.referenceCount = s.referenceCount
    this.target = s.target
    this.slot = s.slot
    this.name = s.name
    this.flags = s.flags
    this.outside = s.outside
    this.lostAt = s.lostAt
  }

  isLive(row: number): boolean {
    return row !== NONE && row < this.rows && this.count[row] > 0
  }

  isTracked(row: number): boolean {
    return (this.#s.mark[row] & MARKS.tracked) !== 0
  }

  isImmortal(row: number): boolean {
    return (this.flags[row] & FLAGS.immortal) !== 0
  }

  bytesOf(row: number): number {
    return this.#s.bytes[row] + this.#s.bytesBeside[row]
  }

  typeOf(row: number): number | null {
    const type = this.#s.typeId[this.#s.typeOf[row]]
    return type === NO_ID ? null : type
  }

  layoutOf(row: number): Layout {
    return LAYOUTS[this.#s.layout[row]] ?? 'gcOther'
  }

  bindings(): readonly Binding[] {
    const s = this.#s
    const found: Binding[] = []
    for (const scope of openScopes(s)) {
      const code = s.scopeCode[scope]
      for (let binding = s.scopeFirst[scope]; binding !== NONE; binding = s.bindingNext[binding]) {
        const row = s.bindingObject[binding]
        if (row === NONE) continue
        found.push({ scope: s.scopeId[scope], code: code === NO_ID ? null : code, name: s.bindingName[binding], row })
      }
    }
    return found
  }

  garbage(): readonly number[] {
    return [...this.#s.garbage.subarray(0, this.#s.garbageLength)]
  }

  stackRoots(): readonly number[] {
    return stackRows(this.#s)
  }

  globalRoots(): readonly number[] {
    return this.bindings().flatMap(({ code, row }) => (code === null ? [row] : []))
  }
}

/** Outermost first. */
function openScopes(s: RefcountState): readonly number[] {
  const scopes: number[] = []
  for (let scope = s.innermostScope; scope !== NONE; scope = s.scopeNext[scope]) scopes.push(scope)
  return scopes.reverse()
}

/** What holds what in a sealed state. */
export const objectGraph = (state: Sealed<RefcountState>): ObjectGraph => new Graph(keeper.read(state))
