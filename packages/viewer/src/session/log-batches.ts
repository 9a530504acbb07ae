/** The batches of a log in memory, narrow while nobody reads them. */
import { type EventBatch, EventColumns, sliceEvents } from '@reheap/kernel'
import { PART } from './messages.ts'
import { type ColumnName, NarrowBatch, WideColumns } from './narrow-batch.ts'
import type { Values } from './narrow-column.ts'

/** Parts that stay wide, those that were read last: a cursor moves about in them. */
const WIDE = 8

/** A batch that is wide now. */
interface Wide {
  readonly place: number
  readonly batch: EventBatch
  readonly columns: WideColumns
}

/** A batch that is read is good only until the next is asked for. */
export class LogBatches implements Iterable<EventBatch> {
  readonly #batches: (NarrowBatch | EventBatch)[] = []
  /** Read last first. */
  #wide: readonly Wide[] = []
  #found = 0
  /** Events of all. */
  length = 0

  /** Takes the next batch, in parts that are widened one by one: a cursor reads few rows behind a state. One that puts its details into words when it is asked stays as it is: the words would take more. */
  add(batch: EventBatch): void {
    const { length } = batch
    this.length += length
    if (batch.mayBeOfDriver !== undefined) this.#batches.push(batch)
    else
      for (let from = 0; from < length; from += PART)
        this.#batches.push(new NarrowBatch(sliceEvents(batch, from, Math.min(length, from + PART))))
  }

  *[Symbol.iterator](): Iterator<EventBatch> {
    yield* widened(this.#batches)
  }

  /** Those that hold an event of a kind. */
  *having(code: number): Iterable<EventBatch> {
    yield* widened(this.#batches.filter((batch) => batch.code.includes(code)))
  }

  /** Those that hold events from `from` to `to`. */
  *within(from: number, to: number): Iterable<EventBatch> {
    for (let place = this.#placeOf(from); place < this.#batches.length; place++) {
      if ((this.#batches[place]?.firstIndex ?? to) >= to) return
      yield this.#widened(place)
    }
  }

  /** A column of those that hold events from `from` to `to` and have it, and what kinds of events they are. @param direction -1: the last one first */
  *column(
    name: ColumnName,
    from: number,
    to: number,
    direction: 1 | -1 = 1,
  ): Iterable<{ readonly firstIndex: number; readonly values: Values; readonly code: Uint8Array }> {
    const columns = new WideColumns()
    const held = this.#batches.slice(this.#placeOf(from), this.#placeOf(to - 1) + 1)
    for (const batch of direction > 0 ? held : held.reverse()) {
      const values = batch instanceof NarrowBatch ? batch.column(name, columns) : batch[name]
      if (values !== null) yield { firstIndex: batch.firstIndex, values: values.subarray(0, batch.length), code: batch.code }
    }
  }

  /** One event as a batch of its own, which stays; null: there is none. */
  event(index: number): EventBatch | null {
    if (index < 0 || index >= this.length) return null
    const batch = this.#widened(this.#placeOf(index))
    const { code, tag, id, other, size, address, time, thread, heap, stack, firstIndex } = batch
    const row = index - firstIndex
    const event = new EventColumns(1, index)
    event.push(code[row], tag[row], id[row], other[row], size[row], address[row])
    event.setContext(0, { time: time?.[row], thread: thread?.[row], heap: heap?.[row], stack: stack?.[row] })
    const detail = batch.detail(row)
    if (detail !== null) event.setDetail(0, detail)
    return event
  }

  /** What stands in a column for an event; null: there is no such event, or its batch has no such column. */
  value(name: ColumnName | 'code', index: number): number | null {
    if (index < 0 || index >= this.length) return null
    const batch = this.#batches[this.#placeOf(index)]
    const row = index - (batch?.firstIndex ?? 0)
    return batch instanceof NarrowBatch ? batch.value(name, row) : (batch?.[name]?.[row] ?? null)
  }

  /** Has any event a value in a column? @param none stands in rows without one */
  has(name: ColumnName, none: number): boolean {
    return this.#batches.some((batch) =>
      batch instanceof NarrowBatch ? batch.has(name) : (batch[name]?.subarray(0, batch.length).some((value) => value !== none) ?? false),
    )
  }

  #widened(place: number): EventBatch {
    const batch = this.#batches[place]
    if (batch === undefined) throw new RangeError(`no batch ${place}`)
    if (!(batch instanceof NarrowBatch)) return batch
    const known = this.#wide.find((each) => each.place === place)
    const columns = this.#wide.length < WIDE ? new WideColumns() : (this.#wide[WIDE - 1] as Wide).columns
    const read = known ?? { place, batch: batch.wide(columns), columns }
    this.#wide = [read, ...this.#wide.filter((each) => each !== read && each.columns !== read.columns)]
    return read.batch
  }

  /** Place of the batch that an event is in: often the one that was found last. */
  #placeOf(index: number): number {
    if ((this.#batches[this.#found]?.firstIndex ?? 0) <= index && index < (this.#batches[this.#found + 1]?.firstIndex ?? 0))
      return this.#found
    let low = 0
    let high = this.#batches.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.#batches[middle]?.firstIndex ?? 0) <= index) low = middle
      else high = middle - 1
    }
    this.#found = low
    return low
  }
}

/** One after the other in the same memory. */
function* widened(batches: readonly (NarrowBatch | EventBatch)[]): Generator<EventBatch> {
  const columns = new WideColumns()
  for (const batch of batches) yield batch instanceof NarrowBatch ? batch.wide(columns) : batch
}
