import { REQUEST_OPCODES } from '@reheap/allocator'
import { ANY_LAYER_OPCODES, type EventColumns, NO_ID, NOT_GIVEN } from '@reheap/kernel'
import { BlockBook } from './block-book.ts'
import { parseMallocStats } from './malloc-stats.ts'
import { RECORD_BYTES, RECORD_OPS } from './ring-layout.ts'

const WORDS = RECORD_BYTES / 4
const HIGH = 0x1_0000_0000
const { Malloc, Calloc, Realloc, Free, ArenaMapped, ArenaUnmapped } = REQUEST_OPCODES
const { Mark, Observe } = ANY_LAYER_OPCODES

/** What a recording has, beside its events. */
export interface Tally {
  /** Requests that the system refused: they returned null and changed nothing, so they are no events. */
  refusedRequests: number
  /** `free` and `realloc` of a block that no recorded request had given; left out of the log. */
  unknownFrees: number
  /** Blocks whose address was given again although no recorded request had freed them. */
  lostFrees: number
  /** Arenas mapped for requests that the hooks did not see. */
  bypassedArenas: number
  /** Observations left out because another interpreter was running. */
  skippedObservations: number
  /** Did the interpreter run to the end of its finalization? Not after a signal, `os._exit` or `exec`. */
  isFinalized: boolean
}

/** A mark or observation whose text is still coming in. */
interface Text {
  readonly op: number
  readonly isOfProgram: boolean
  readonly time: number
  readonly thread: number
  readonly heap: number
  readonly bytes: Uint8Array
  length: number
}

/** Turns the program's records into events: addresses into block ids, text into marks and observations. */
export class Decoder {
  readonly tally: Tally = {
    refusedRequests: 0,
    unknownFrees: 0,
    lostFrees: 0,
    bypassedArenas: 0,
    skippedObservations: 0,
    isFinalized: false,
  }
  readonly #rows: EventColumns
  readonly #blocks: BlockBook
  readonly #lastId: number
  /** Mapped arenas, and the heap that each belongs to. */
  readonly #arenas = new Map<number, number>()
  #text: Text | null = null

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
   * Appends the events of `words` from record `from` on, until `rowsMax` rows stand in the columns.
   *
   * @returns the first record that is still to be decoded
   */
  decode(words: Uint32Array, from: number, rowsMax: number): number {
    const records = words.length / WORDS
    const rows = this.#rows
    let record = from
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
    const low = words[at + 2] ?? 0
    const high = words[at + 3] ?? 0
    const size = (words[at + 4] ?? 0) + (words[at + 5] ?? 0) * HIGH
    const before = this.#rows.length
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
      default:
        this.#rare(op, words, at, high * HIGH + low, size)
        return
    }
    if (this.#rows.length > before) this.#setContext(before, head >>> 16, (words[at + 1] ?? 0) & 0xffff)
  }

  #born(low: number, high: number): number {
    const id = this.#blocks.nextId
    if (this.#blocks.born(low, high)) this.tally.lostFrees += 1
    return id
  }

  #free(tag: number, low: number, high: number): void {
    let id = NO_ID
    if (low !== 0 || high !== 0) {
      id = this.#blocks.died(low, high)
      if (id === 0) {
        this.tally.unknownFrees += 1
        return
      }
    }
    this.#rows.push(Free, tag, id, NO_ID, NOT_GIVEN, NOT_GIVEN)
  }

  /** A count beyond 32 bits goes into the other factor: `calloc` only minds the product. */
  #calloc(tag: number, low: number, high: number, elementBytes: number, count: number): void {
    const fits = count < NO_ID
    this.#rows.push(Calloc, tag, this.#born(low, high), fits ? count : 1, fits ? elementBytes : count * elementBytes, high * HIGH + low)
  }

  /** An old block that nobody saw born makes a new one all the same: as `realloc(NULL, n)`. */
  #realloc(tag: number, low: number, high: number, size: number, oldLow: number, oldHigh: number): void {
    let old = NO_ID
    if (oldLow !== 0 || oldHigh !== 0) {
      old = this.#blocks.died(oldLow, oldHigh)
      if (old === 0) {
        this.tally.unknownFrees += 1
        old = NO_ID
      }
    }
    this.#rows.push(Realloc, tag, old, this.#born(low, high), size, high * HIGH + low)
  }

  #rare(op: number, words: Uint32Array, at: number, address: number, size: number): void {
    const thread = (words[at] ?? 0) >>> 16
    const heap = (words[at + 1] ?? 0) & 0xffff
    switch (op) {
      case RECORD_OPS.arenaMapped:
        this.#arenas.set(address, heap)
        this.#rows.push(ArenaMapped, 0, NO_ID, NO_ID, size, address)
        this.#setContext(this.#rows.length - 1, thread, heap)
        break
      case RECORD_OPS.arenaUnmapped:
        this.#arenas.delete(address)
        this.#unmapped(address, thread, heap)
        break
      case RECORD_OPS.arenaUnmappedOutside:
        this.#unmappedOutside(address, thread, (words[at + 6] ?? 0) + (words[at + 7] ?? 0) * HIGH)
        break
      case RECORD_OPS.refused:
        this.tally.refusedRequests += 1
        break
      case RECORD_OPS.bypassed:
        this.tally.bypassedArenas += 1
        break
      case RECORD_OPS.skipped:
        this.tally.skippedObservations += 1
        break
      case RECORD_OPS.blocks:
        this.#detailed(Observe, { of: 'allocatedBlocks', values: { count: size } }, address, thread, heap)
        break
      case RECORD_OPS.mark:
      case RECORD_OPS.stats:
        this.#text = {
          op,
          isOfProgram: ((words[at] ?? 0) & 0xff00) !== 0,
          time: address,
          thread,
          heap,
          bytes: new Uint8Array(size),
          length: 0,
        }
        if (size === 0) this.#textEnded()
        break
      case RECORD_OPS.text:
        this.#textGoesOn(words, at)
        break
      default:
        throw new Error(`the shim wrote a record of unknown kind ${op}`)
    }
  }

  #unmapped(address: number, thread: number, heap: number): void {
    this.#rows.push(ArenaUnmapped, 0, NO_ID, NO_ID, NOT_GIVEN, address)
    this.#setContext(this.#rows.length - 1, thread, heap)
  }

  /**
   * No request caused it: an interpreter with a heap of its own ends and its arenas go one after the
   * other, which the mark behind the last one says. Other memory that was no arena of a heap is passed over.
   */
  #unmappedOutside(address: number, thread: number, time: number): void {
    const heap = this.#arenas.get(address)
    if (heap === undefined) return
    this.#arenas.delete(address)
    this.#unmapped(address, thread, heap)
    if (![...this.#arenas.values()].includes(heap)) this.#detailed(Mark, { label: 'heapReleased' }, time, thread, heap)
  }

  #textGoesOn(words: Uint32Array, at: number): void {
    const text = this.#text
    if (text === null) return
    const bytes = (words[at + 1] ?? 0) >>> 16
    text.bytes.set(new Uint8Array(words.buffer, words.byteOffset + (at + 2) * 4, bytes), text.length)
    text.length += bytes
    if (text.length === text.bytes.length) this.#textEnded()
  }

  #textEnded(): void {
    if (this.#text === null) return
    const { op, isOfProgram, time, thread, heap, bytes } = this.#text
    this.#text = null
    const text = new TextDecoder().decode(bytes)
    if (op === RECORD_OPS.mark) {
      if (text === 'finalized' && !isOfProgram) this.tally.isFinalized = true
      this.#detailed(Mark, { label: text }, time, thread, heap)
      return
    }
    const values = parseMallocStats(text)
    if (values === null) this.tally.skippedObservations += 1
    else this.#detailed(Observe, { of: 'allocatorStats', values }, time, thread, heap)
  }

  #detailed(code: number, detail: object, time: number, thread: number, heap: number): void {
    this.#rows.push(code, 0, NO_ID, NO_ID, NOT_GIVEN, NOT_GIVEN)
    const row = this.#rows.length - 1
    this.#rows.setDetail(row, JSON.stringify(detail))
    this.#rows.setContext(row, { time })
    this.#setContext(row, thread, heap)
  }

  #setContext(row: number, thread: number, heap: number): void {
    if (thread !== 0) {
      if (this.#rows.thread === null) this.#rows.setContext(row, { thread })
      else this.#rows.thread[row] = thread
    }
    if (heap !== 0) {
      if (this.#rows.heap === null) this.#rows.setContext(row, { heap })
      else this.#rows.heap[row] = heap
    }
  }
}
