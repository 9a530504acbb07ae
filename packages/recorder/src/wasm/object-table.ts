import { grown } from '@reheap/kernel'
import { LAYOUTS } from '@reheap/refcount'
import { AddressTable } from './address-table.ts'

/** Bits of an object's state. */
export const STATE = {
  /** It has a header of the collector. */
  gc: 1,
  /** Its type has a `__del__`. */
  finalizer: 2,
  /** Its end has begun and its `__del__` runs. */
  ending: 4,
  immortal: 8,
  /** It was destroyed in the collection that runs: its memory may be another's. */
  buried: 16,
  /** The log says what it refers to weakly, or that it is tracked. */
  linked: 32,
  /** Its finalizer has run and it lives on. */
  kept: 64,
  /** The log says that the collector does not see it. */
  untracked: 128,
  /** It is a dictionary of an object's attributes. */
  attributes: 256,
} as const

/** A name that holds an object. */
export interface Binding {
  readonly scope: number
  readonly name: number
  row: number
  /** When it was last seen. */
  seen: number
  /** The count that was last told; 0: it holds nothing. */
  told: number
}

/** The recorded objects that are alive, each in a row of columns; a row is used again after its object's end. Row 0 is nobody's. */
export class ObjectTable {
  rows = 1
  alive = 0
  /** Objects that have died. */
  removed = 0
  /** Words of all contents together. */
  contentWords = 0
  /** Where its count stands, as an index of 32-bit words. Rows that are not compared have that of a word that is always 0. */
  at = new Int32Array(1024)
  /** What stood there when it was last looked at. */
  seen = new Int32Array(1024)
  /** References that the log knows of. */
  count = new Int32Array(1024)
  /** Those of them that no recorded object and no name holds. */
  outside = new Int32Array(1024)
  address = new Int32Array(1024)
  id = new Uint32Array(1024)
  type = new Int32Array(1024)
  layout = new Uint8Array(1024)
  state = new Uint16Array(1024)
  /** Bytes that it holds beside its own block. */
  beside = new Int32Array(1024)
  /** The newest reference to it, in the pool of references. */
  firstIn = new Int32Array(1024)
  /** The sync in which it was last looked into. */
  scanned = new Int32Array(1024)
  /** Addresses that it was last seen to refer to, 0 where none; null: never seen. */
  readonly content: (number[] | null)[] = [null]
  /** For each of them the reference in the pool, 0 where its object is not recorded. */
  readonly edges: (number[] | null)[] = [null]
  /** For each of them the key that it was last seen at; null: nothing was called anything. */
  readonly keys: (number[] | null)[] = [null]
  readonly names: (Binding[] | null)[] = [null]
  /** By address. */
  readonly rowAt = new AddressTable()
  private readonly aliveByLayout = new Int32Array(LAYOUTS.length)
  private readonly free: number[] = []
  private readonly zeroWord: number

  /** @param zeroWord index of a word that is always 0 */
  constructor(zeroWord: number) {
    this.zeroWord = zeroWord
    this.at[0] = zeroWord
  }

  add(address: number, id: number, type: number, layout: number, state: number): number {
    const row = this.free.pop() ?? this.rows++
    if (row >= this.at.length) this.grow()
    this.alive++
    this.aliveByLayout[layout] = this.aliveOf(layout) + 1
    this.at[row] = address >> 2
    this.seen[row] = 1
    this.count[row] = 1
    this.outside[row] = 1
    this.address[row] = address
    this.id[row] = id
    this.type[row] = type
    this.layout[row] = layout
    this.state[row] = state
    this.beside[row] = 0
    this.firstIn[row] = 0
    this.scanned[row] = 0
    this.content[row] = null
    this.edges[row] = null
    this.keys[row] = null
    this.names[row] = null
    this.rowAt.set(address, row)
    return row
  }

  /** Its memory went elsewhere. */
  move(row: number, address: number): void {
    this.rowAt.set(this.address[row] ?? 0, 0)
    this.rowAt.set(address, row)
    this.address[row] = address
    this.at[row] = address >> 2
  }

  /** Its count is compared no more: it is immortal, or its memory is gone. */
  leaveAlone(row: number, state: number): void {
    if (state === STATE.buried) this.rowAt.set(this.address[row] ?? 0, 0)
    this.state[row] = (this.state[row] ?? 0) | state
    this.at[row] = this.zeroWord
    this.seen[row] = 0
  }

  remove(row: number): void {
    if (((this.state[row] ?? 0) & STATE.buried) === 0) this.rowAt.set(this.address[row] ?? 0, 0)
    this.alive--
    this.removed++
    const layout = this.layout[row] ?? 0
    this.aliveByLayout[layout] = this.aliveOf(layout) - 1
    this.at[row] = this.zeroWord
    this.seen[row] = 0
    this.count[row] = 0
    this.id[row] = 0xffff_ffff
    this.state[row] = 0
    this.content[row] = null
    this.edges[row] = null
    this.keys[row] = null
    this.names[row] = null
    this.free.push(row)
  }

  aliveOf(layout: number): number {
    return this.aliveByLayout[layout] ?? 0
  }

  has(row: number, state: number): boolean {
    return ((this.state[row] ?? 0) & state) !== 0
  }

  private grow(): void {
    const capacity = this.at.length * 2
    for (const name of COLUMNS) (this[name] as Int32Array) = grown(this[name] as Int32Array, capacity)
  }
}

const COLUMNS = ['at', 'seen', 'count', 'outside', 'address', 'id', 'type', 'layout', 'state', 'beside', 'firstIn', 'scanned'] as const
