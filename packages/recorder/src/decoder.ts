import { REQUEST_OPCODES } from '@reheap/allocator'
import { type EventColumns, NO_ID, NOT_GIVEN } from '@reheap/kernel'
import { type ArenaAnswer, ArenaBook } from './arena-book.ts'
import { BlockBook } from './block-book.ts'
import { DetailRows, type RecordHead } from './detail-rows.ts'
import { NativeRows } from './native/native-rows.ts'
import { Sampler } from './native/sampler.ts'
import { startsText } from './record-text.ts'
import { RECORD_BYTES, RECORD_OPS } from './ring-layout.ts'
import { setContext } from './row-context.ts'
import { emptyTally, type Tally } from './tally.ts'

const WORDS = RECORD_BYTES / 4
const HIGH = 0x1_0000_0000
const { Malloc, Calloc, Realloc, Free, ArenaMapped, ArenaUnmapped, ReleaseHeap } = REQUEST_OPCODES

/** Turns the program's records into events: addresses into block ids, text into marks and observations. */
export class Decoder {
  readonly tally: Tally = emptyTally()
  readonly #rows: EventColumns
  readonly #blocks: BlockBook
  readonly #lastId: number
  readonly #arenas = new ArenaBook()
  readonly #details: DetailRows
  /** The C library and the memory maps; null: not recorded. */
  readonly native: NativeRows | null
  readonly #sampler: Sampler | null
  readonly #onSample: ((time: number, sampler: Sampler) => void) | null

  /**
   * @param lastId the largest id that a block may get; by default what a log can hold
   * @param onSample called where the program waits to be looked at; null: the C library is not recorded
   */
  constructor(
    rows: EventColumns,
    pointerBits: 32 | 64,
    lastId: number = NO_ID - 1,
    onSample: ((time: number, sampler: Sampler) => void) | null = null,
  ) {
    this.#rows = rows
    this.#details = new DetailRows(rows, this.tally)
    this.#blocks = new BlockBook(pointerBits)
    this.#lastId = lastId
    this.#onSample = onSample
    this.native = onSample === null ? null : new NativeRows(rows, this.#blocks, this.tally)
    this.#sampler = this.native === null ? null : new Sampler(rows, this.native, this.#arenas)
    this.#sampler?.open()
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
    // A record makes an event, or two, and those that waited for it.
    while (record < records && rows.length + this.#arenas.waiting < rowsMax - 1 && !this.isOutOfIds) {
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
    if (op <= RECORD_OPS.free && this.#arenas.waiting > 0) this.#answered(this.#arenas.served())
    switch (op) {
      case RECORD_OPS.malloc:
        this.#rows.push(Malloc, tag, this.#born(low, high, size), NO_ID, size, high * HIGH + low)
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
      default:
        if (op >= RECORD_OPS.libraryMalloc) {
          this.#native(op, words, at, low, high, size)
          break
        }
        this.#rare(op, words, at, { op, tag, time: high * HIGH + low, thread, heap, bytes: size })
        return
    }
    if (thread !== 0 || heap !== 0) setContext(this.#rows, row, thread, heap)
  }

  #native(op: number, words: Uint32Array, at: number, low: number, high: number, size: number): void {
    const other = (words[at + 6] ?? 0) + (words[at + 7] ?? 0) * HIGH
    if (op !== RECORD_OPS.sample) this.native?.add(op, low, high, size, other)
    else if (this.#sampler !== null) this.#onSample?.(high * HIGH + low, this.#sampler)
  }

  #answered(answers: readonly ArenaAnswer[]): void {
    for (const { isMapped, address, bytes } of answers)
      this.#rows.push(isMapped ? ArenaMapped : ArenaUnmapped, 0, NO_ID, NO_ID, isMapped ? bytes : NOT_GIVEN, address)
  }

  #born(low: number, high: number, bytes: number): number {
    const id = this.#blocks.nextId
    if (this.#blocks.born(low, high)) this.tally.lostFrees += 1
    this.native?.note(id, high * HIGH + low, bytes)
    return id
  }

  #free(tag: number, low: number, high: number): void {
    const isNull = low === 0 && high === 0
    const id = isNull ? NO_ID : this.#blocks.died(low, high)
    this.native?.large.died(high * HIGH + low)
    if (id === 0) this.tally.unknownFrees += 1
    else this.#rows.push(Free, tag, id, NO_ID, NOT_GIVEN, NOT_GIVEN)
  }

  /** A count beyond 32 bits goes into the other factor: `calloc` only minds the product. */
  #calloc(tag: number, low: number, high: number, elementBytes: number, count: number): void {
    const fits = count < NO_ID
    this.#rows.push(
      Calloc,
      tag,
      this.#born(low, high, elementBytes * count),
      fits ? count : 1,
      fits ? elementBytes : count * elementBytes,
      high * HIGH + low,
    )
  }

  /** An old block that nobody saw born makes a new one all the same: as `realloc(NULL, n)`. */
  #realloc(tag: number, low: number, high: number, size: number, oldLow: number, oldHigh: number): void {
    let old = oldLow === 0 && oldHigh === 0 ? NO_ID : this.#blocks.died(oldLow, oldHigh)
    this.native?.large.died(oldHigh * HIGH + oldLow)
    if (old === 0) {
      this.tally.unknownFrees += 1
      old = NO_ID
    }
    this.#rows.push(Realloc, tag, old, this.#born(low, high, size), size, high * HIGH + low)
  }

  #rare(op: number, words: Uint32Array, at: number, head: RecordHead): void {
    if (startsText(op)) {
      this.#details.begin(head)
    } else if (op === RECORD_OPS.text) {
      this.#details.append(words, at)
    } else if (op === RECORD_OPS.blocks) {
      this.#details.blocks(head)
    } else if (op === RECORD_OPS.arenaMapped) this.#arenas.mapped(head.time, head.bytes, head.heap)
    else if (op === RECORD_OPS.arenaUnmapped) this.#arenas.unmapped(head.time, head.bytes)
    else if (op === RECORD_OPS.arenaUnmappedOutside) this.#returned(head.time, head.thread)
    else if (op === RECORD_OPS.refused) this.#refused(head)
    else if (op === RECORD_OPS.bypassed) this.tally.bypassedArenas += 1
    else if (op === RECORD_OPS.skipped) this.tally.skippedObservations += 1
    else throw new Error(`the shim wrote a record of unknown kind ${op}`)
  }

  #refused({ thread, heap }: { thread: number; heap: number }): void {
    const row = this.#rows.length
    this.tally.refusedRequests += 1
    this.#answered(this.#arenas.refused())
    setContext(this.#rows, row, thread, heap)
  }

  /** No request caused it: an interpreter with a heap of its own ends and gives its arenas back, one after the other. */
  #returned(address: number, thread: number): void {
    const arena = this.#arenas.returned(address)
    if (arena === null) return
    const row = this.#rows.length
    this.#rows.push(ArenaUnmapped, 0, NO_ID, NO_ID, NOT_GIVEN, address)
    if (arena.isLast) this.#rows.push(ReleaseHeap, 0, NO_ID, NO_ID, NOT_GIVEN, NOT_GIVEN)
    setContext(this.#rows, row, thread, arena.heap)
  }
}
