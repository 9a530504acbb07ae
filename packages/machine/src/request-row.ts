/** A batch of one row: a request that follows from another, or stands for it. */
import { type Batch, Columns } from '@reheap/kernel'

/** Written anew for each request; a mechanism is done with it when it returns. */
export class RequestRow {
  readonly #rows = new Columns(1)

  constructor() {
    this.#rows.length = 1
  }

  /** @param cause index in the log of the event that it follows from */
  of(code: number, cause: number, tag: number, id: number, other: number, size: number, address: number): Batch {
    const rows = this.#rows
    rows.firstIndex = cause
    rows.code[0] = code
    rows.tag[0] = tag
    rows.id[0] = id
    rows.other[0] = other
    rows.size[0] = size
    rows.address[0] = address
    return rows
  }
}
