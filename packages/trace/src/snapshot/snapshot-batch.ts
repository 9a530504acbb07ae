import { ANY_LAYER_OPCODES, EventColumns, NO_ID, NOT_GIVEN, type StackInWaiting } from '@reheap/kernel'
import { BATCH_ROWS } from '../jsonl-reader.ts'
import type { RecordBuilder } from './record-builder.ts'
import type { RowTable } from './row-table.ts'
import { ACTIONS, OOM, SEGMENT_ALLOC, SEGMENT_FREE, SEGMENT_MAP, SEGMENT_UNMAP } from './snapshot-keys.ts'
import type { TextTable } from './text-table.ts'

const OF_DRIVER: ReadonlySet<number> = new Set([SEGMENT_ALLOC, SEGMENT_FREE, SEGMENT_MAP, SEGMENT_UNMAP, OOM])

/** Rows of a snapshot's log. What observations and stacks hold is put into words when somebody asks for it. */
export class SnapshotBatch extends EventColumns {
  readonly #records: RecordBuilder
  readonly #streams: ReadonlyMap<number, number>
  /** Of a stack its row, of an observation its entry; {@link NO_ID}: the detail is there, if there is one. */
  readonly #source = new Uint32Array(BATCH_ROWS).fill(NO_ID)
  readonly #device = new Uint8Array(BATCH_ROWS)
  /** Ids of stacks, by row. */
  readonly #number = new Map<number, number>()

  constructor(records: RecordBuilder, streams: ReadonlyMap<number, number>, firstIndex: number) {
    super(BATCH_ROWS, firstIndex)
    this.#records = records
    this.#streams = streams
  }

  /** Appends a row that defines a stack. @param number its id in the log */
  pushStack(stack: number, number: number): void {
    this.#source[this.length] = stack
    this.#number.set(this.length, number)
    this.push(ANY_LAYER_OPCODES.Stack, 0, NO_ID, NO_ID, NOT_GIVEN, NOT_GIVEN)
  }

  /** Appends what an entry of a trace says as an observation. */
  pushFact(entry: number, device: number): void {
    this.#source[this.length] = entry
    this.#device[this.length] = device
    this.push(ANY_LAYER_OPCODES.Observe, 0, NO_ID, NO_ID, NOT_GIVEN, NOT_GIVEN)
  }

  override detail(row: number): string | null {
    const source = this.#source[row]
    if (source === NO_ID) return super.detail(row)
    return this.code[row] === ANY_LAYER_OPCODES.Stack ? this.stackAt(row).detail() : this.#factText(source, this.#device[row])
  }

  stackAt(row: number): StackInWaiting {
    const { stacks, frames, texts } = this.#records
    const source = this.#source[row]
    const stack = this.#number.get(row) ?? source
    return { stack, detail: () => JSON.stringify({ stack, frames: framesOf(source, stacks, frames, texts) }) }
  }

  mayBeOfDriver(row: number): boolean {
    const source = this.#source[row]
    return source === NO_ID || OF_DRIVER.has(this.#records.entries.action[source])
  }

  #factText(entry: number, device: number): string {
    const { action, address, bytes, stream } = this.#records.entries
    const place = action[entry] === OOM ? 'deviceFreeBytes' : 'address'
    const where = device === 0 ? '' : `,"device":${device}`
    const values = `"${place}":${address[entry]},"bytes":${bytes[entry]},"stream":${this.#streams.get(stream[entry])}${where}`
    return `{"of":"deviceFact","values":{"action":"${ACTIONS[action[entry]]}",${values}}}`
  }
}

/** Frames of a row of the table of stacks, innermost first. */
function framesOf(stack: number, stacks: RowTable, frames: RowTable, texts: TextTable): readonly object[] {
  return Array.from({ length: stacks.size(stack) }, (_, place) => {
    const frame = stacks.item(stack, place)
    return { file: texts.text(frames.item(frame, 0)), line: frames.item(frame, 1), function: texts.text(frames.item(frame, 2)) }
  })
}

/** Gathers rows in batches of at most {@link BATCH_ROWS}. */
export class BatchSink {
  readonly #records: RecordBuilder
  readonly #streams: ReadonlyMap<number, number>
  #full: SnapshotBatch[] = []
  #rows: SnapshotBatch

  constructor(records: RecordBuilder, streams: ReadonlyMap<number, number>) {
    this.#records = records
    this.#streams = streams
    this.#rows = new SnapshotBatch(records, streams, 0)
  }

  /** The batch that the next row goes into. */
  get rows(): SnapshotBatch {
    if (this.#rows.length === BATCH_ROWS) {
      this.#full.push(this.#rows)
      this.#rows = new SnapshotBatch(this.#records, this.#streams, this.#rows.firstIndex + BATCH_ROWS)
    }
    return this.#rows
  }

  /** Whether there are full batches to be taken. */
  get isFull(): boolean {
    return this.#full.length > 0
  }

  /** Batches that are full since the last call. */
  takeFull(): readonly SnapshotBatch[] {
    return this.#full.splice(0)
  }

  /** The batch that is left. */
  get last(): SnapshotBatch {
    return this.#rows
  }
}
