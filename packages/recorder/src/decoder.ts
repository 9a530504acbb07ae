import { REQUEST_OPCODES } from '@reheap/allocator'
import { ANY_LAYER_OPCODES, type EventColumns, NO_ID, NOT_GIVEN } from '@reheap/kernel'
import { BlockBook } from './block-book.ts'
import { parseMallocStats } from './malloc-stats.ts'
import { RecordText, startsText } from './record-text.ts'
import { RECORD_BYTES, RECORD_OPS } from './ring-layout.ts'
import { emptyTally, type Tally } from './tally.ts'

const WORDS = RECORD_BYTES / 4
const HIGH = 0x1_0000_0000
const { Malloc, Calloc, Realloc, Free, ArenaMapped, ArenaUnmapped } = REQUEST_OPCODES
const { Mark, Observe } = ANY_LAYER_OPCODES

/** Turns the program's records into events: addresses into block ids, text into marks and observations. */
export class Decoder {
  readonly tally: Tally = emptyTally()
  readonly #rows: EventColumns
  readonly #blocks: BlockBook
  readonly #lastId: number
  /** Mapped arenas, and the heap that each belongs to. */
  readonly #arenas = new Map<number, number>()
  #text: RecordText | null = null

  /** @param lastId the largest id that a block may get; by default what a log can hold */
  constructor(rows: EventColumns, pointerBits: 32 | 64, lastId: number = NO_ID - 1) {
    this.#rows = rows
    this.#blocks = new BlockBook(pointerBits)
    this.#lastId = lastId
  }

  /** Whether every id is given out: the recording must end. */
  get isOutOfIds(): boolean {
    return this.#blocks.nextId > this.#lastId
  }

  /**
   * Appends the events of `words` from record `from` on, while there is room below `rowsMax` rows.
   *
   * @returns the first record that is still to be decoded
   */
  decode(words: Uint32Array, from: number, rowsMax: number): number {
    const records = words.length / WORDS
    const rows = this.#rows
    let record = from
    // A record makes two events at most.
    while (record < records && rows.length < rowsMax - 1 && !this.isOutOfIds) {
      this.#one(words, record * WORDS)
      record += 1
    }
    return record
  }

  #one(words: Uint32Array, at: number): void {
    const head = words[at] ?? 0
    const op = head & 0xff
    const tag = (head >>> 8) & 0xff
    const thread = head >>> 16
    const heap = (words[at + 1] ?? 0) & 0xffff
    const low = words[at + 2] ?? 0
    const high = words[at + 3] ?? 0
    const size = (words[at + 4] ?? 0) + (words[at + 5] ?? 0) * HIGH
    const row = this.#rows.length
    switch (op) {
      case RECORD_OPS.malloc:
        this.#rows.push(Malloc, tag, this.#born(low, high), NO_ID, size, high * HIGH + low)
        break
      case RECORD_OPS.free:
        this.#free(tag, low, high)
        break
      case RECORD_OPS.calloc:
        this.#calloc(tag, low, high, size, (words[at + 6] ?? 0) + (words[at + 7] ?? 0) * HIGH)
        break
      case RECORD_OPS.realloc:
        this.#realloc(tag, low, high, size, words[at + 6] ?? 0, words[at + 7] ?? 0)
        break
      case RECORD_OPS.arenaMapped:
        this.#arenas.set(high * HIGH + low, heap)
        this.#rows.push(ArenaMapped, 0, NO_ID, NO_ID, size, high * HIGH + low)
        break
      case RECORD_OPS.arenaUnmapped:
        this.#arenas.delete(high * HIGH + low)
        this.#rows.push(ArenaUnmapped, 0, NO_ID, NO_ID, NOT_GIVEN, high * HIGH + low)
        break
      default:
        this.#rare(op, words, at, { op, tag, time: high * HIGH + low, thread, heap, bytes: size })
        return
    }
    if (thread !== 0 || heap !== 0) this.#setContext(row, thread, heap)
  }

  #born(low: number, high: number): number {
    const id = this.#blocks.nextId
    if (this.#blocks.born(low, high)) this.tally.lostFrees += 1
    return id
  }

  #free(tag: number, low: number, high: number): void {
    const isNull = low === 0 && high === 0
    const id = isNull ? NO_ID : this.#blocks.died(low, high)
    if (id === 0) this.tally.unknownFrees += 1
    else this.#rows.push(Free, tag, id, NO_ID, NOT_GIVEN, NOT_GIVEN)
  }

  /** A count beyond 32 bits goes into the other factor: `calloc` only minds the product. */
  #calloc(tag: number, low: number, high: number, elementBytes: number, count: number): void {
    const fits = count < NO_ID
    this.#rows.push(Calloc, tag, this.#born(low, high), fits ? count : 1, fits ? elementBytes : count * elementBytes, high * HIGH + low)
  }

  /** An old block that nobody saw born makes a new one all the same: as `realloc(NULL, n)`. */
  #realloc(tag: number, low: number, high: number, size: number, oldLow: number, oldHigh: number): void {
    let old = oldLow === 0 && oldHigh === 0 ? NO_ID : this.#blocks.died(oldLow, oldHigh)
    if (old === 0) {
      this.tally.unknownFrees += 1
      old = NO_ID
    }
    this.#rows.push(Realloc, tag, old, this.#born(low, high), size, high * HIGH + low)
  }

  #rare(
    op: number,
    words: Uint32Array,
    at: number,
    head: { op: number; tag: number; time: number; thread: number; heap: number; bytes: number },
  ): void {
    if (startsText(op)) {
      this.#text = new RecordText(head)
      this.#textEnded()
    } else if (op === RECORD_OPS.text) {
      this.#text?.append(words, at)
      this.#textEnded()
    } else if (op === RECORD_OPS.blocks) {
      this.#detailed(Observe, { of: 'allocatedBlocks', values: { count: head.bytes } }, head)
    } else if (op === RECORD_OPS.arenaUnmappedOutside) {
      this.#unmappedOutside(head.time, { ...head, time: (words[at + 6] ?? 0) + (words[at + 7] ?? 0) * HIGH })
    } else if (op === RECORD_OPS.refused) this.tally.refusedRequests += 1
    else if (op === RECORD_OPS.bypassed) this.tally.bypassedArenas += 1
    else if (op === RECORD_OPS.skipped) this.tally.skippedObservations += 1
    else throw new Error(`the shim wrote a record of unknown kind ${op}`)
  }

  /**
   * No request caused it: an interpreter with a heap of its own ends and its arenas go one after the
   * other, which the mark behind the last one says. Other memory that was no arena of a heap is passed over.
   */
  #unmappedOutside(address: number, head: { time: number; thread: number }): void {
    const heap = this.#arenas.get(address)
    if (heap === undefined) return
    this.#arenas.delete(address)
    this.#rows.push(ArenaUnmapped, 0, NO_ID, NO_ID, NOT_GIVEN, address)
    this.#setContext(this.#rows.length - 1, head.thread, heap)
    if (![...this.#arenas.values()].includes(heap)) this.#detailed(Mark, { label: 'heapReleased' }, { ...head, heap })
  }

  #textEnded(): void {
    const text = this.#text
    if (!text?.isWhole) return
    this.#text = null
    if (text.op === RECORD_OPS.mark) {
      const label = text.toString()
      if (label === 'finalized' && !text.isOfProgram) this.tally.isFinalized = true
      this.#detailed(Mark, { label }, text)
      return
    }
    const values = parseMallocStats(text.toString())
    if (values === null) this.tally.skippedObservations += 1
    else this.#detailed(Observe, { of: 'allocatorStats', values }, text)
  }

  #detailed(code: number, detail: object, { time, thread, heap }: { time: number; thread: number; heap: number }): void {
    this.#rows.push(code, 0, NO_ID, NO_ID, NOT_GIVEN, NOT_GIVEN)
    const row = this.#rows.length - 1
    this.#rows.setDetail(row, JSON.stringify(detail))
    this.#rows.setContext(row, { time })
    this.#setContext(row, thread, heap)
  }

  /** The default, 0, needs no column. A row's place may be empty: its record made no event. */
  #setContext(row: number, thread: number, heap: number): void {
    const { thread: threads, heap: heaps, length } = this.#rows
    if (row >= length) return
    if (thread !== 0) {
      if (threads === null) this.#rows.setContext(row, { thread })
      else threads[row] = thread
    }
    if (heap !== 0) {
      if (heaps === null) this.#rows.setContext(row, { heap })
      else heaps[row] = heap
    }
  }
}
