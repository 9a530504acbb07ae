/** A draft's objects as its composer reads them: the figures of this moment, without sealing it. */
import { type Draft, type Emit, handleOfId } from '@reheap/kernel'
import { FLAGS, keeper, MARKS, type RefcountState } from './state.ts'

/** Figures of a draft. Arrays are the heap's own: they are replaced when it grows, and never to be written but for `lostAt`. */
export interface HeapReader {
  /** Row of a live object, or 0: no object has that row. */
  rowOf(object: number): number
  /** References to the object as the C API gives them; an immortal one's is that of the profile. */
  countOf(row: number): number
  isImmortal(row: number): boolean
  isTracked(row: number): boolean
  /** Id of the object's type. */
  typeOf(row: number): number
  /** Bytes of the object, those that it holds beside its own block among them. */
  bytesOf(row: number): number
  /** Live objects of the log. */
  readonly objects: number
  /** Their bytes. */
  readonly liveBytes: number
  /** References by holders that are no object of the log. @shape [rows] */
  readonly outside: Int32Array
  /** Event at which the object last lost a reference. @shape [rows] */
  readonly lostAt: Float64Array
  /** Ids of the objects in `gc.garbage`, oldest first. */
  garbageIds(): readonly number[]
}

class DraftReader implements HeapReader {
  private readonly s: RefcountState
  constructor(s: RefcountState) {
    this.s = s
  }
  rowOf(object: number): number {
    return handleOfId(this.s.objects, object)
  }
  countOf(row: number): number {
    return this.isImmortal(row) ? (this.s.profile.immortalCount ?? 0) : this.s.count[row]
  }
  isImmortal(row: number): boolean {
    return (this.s.flags[row] & FLAGS.immortal) !== 0
  }
  isTracked(row: number): boolean {
    return (this.s.mark[row] & MARKS.tracked) !== 0
  }
  typeOf(row: number): number {
    return this.s.typeId[this.s.typeOf[row]]
  }
  bytesOf(row: number): number {
    return this.s.bytes[row] + this.s.bytesBeside[row]
  }
  get objects(): number {
    return this.s.objectCount
  }
  get liveBytes(): number {
    return this.s.liveBytes
  }
  get outside(): Int32Array {
    return this.s.outside
  }
  get lostAt(): Float64Array {
    return this.s.lostAt
  }
  garbageIds(): readonly number[] {
    const { garbage, garbageLength, object } = this.s
    return Array.from({ length: garbageLength }, (_, place) => object[garbage[place]])
  }
}

/** What a draft's figures are now. */
export const heapReader = (draft: Draft<RefcountState>): HeapReader => new DraftReader(keeper.own(draft))

/** Where the facts of a draft go, and the event that causes them. */
export interface Moment {
  emit: Emit
  cause: number
}

/** The moment of a draft, to be shared by all that are connected to it: each writes it for the rows that it applies. */
export const momentOf = (draft: Draft<RefcountState>): Moment => keeper.own(draft)
