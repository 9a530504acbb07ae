import { grown, NO_ID } from '@reheap/kernel'
import { RareColumn } from './rare-column.ts'
import { UNKNOWN } from './snapshot-keys.ts'

/** Entries of all traces as columns. What an entry does not say is NaN, or none. */
export class TraceEntries {
  length = 0
  action = new Uint8Array(1024)
  address = new Float64Array(1024)
  bytes = new Float64Array(1024)
  /** As recorded: a pointer. */
  stream = new Float64Array(1024)
  /** Microseconds. */
  time = new Float64Array(1024)
  /** Container of its frames. */
  frames = new Uint32Array(1024)
  /** Container of its pool's id. */
  readonly pool = new RareColumn()
  /** Numbers of texts. */
  readonly compileContext = new RareColumn()
  readonly metadata = new RareColumn()

  /** A new entry that says nothing yet. */
  add(): number {
    const row = this.length++
    if (row === this.action.length) this.grow(row * 2)
    this.action[row] = UNKNOWN
    this.address[row] = Number.NaN
    this.bytes[row] = Number.NaN
    this.stream[row] = 0
    this.time[row] = Number.NaN
    this.frames[row] = NO_ID
    return row
  }

  /** Makes room for so many entries. */
  grow(capacity: number): void {
    this.action = grown(this.action, capacity)
    this.address = grown(this.address, capacity)
    this.bytes = grown(this.bytes, capacity)
    this.stream = grown(this.stream, capacity)
    this.time = grown(this.time, capacity)
    this.frames = grown(this.frames, capacity)
    for (const rare of [this.pool, this.compileContext, this.metadata]) rare.grow(capacity)
  }
}
