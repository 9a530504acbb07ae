/** Turns the records about the C library and the memory maps into events. */
import { BACKINGS, REQUEST_OPCODES } from '@reheap/host-memory'
import { type EventColumns, NO_ID, NOT_GIVEN } from '@reheap/kernel'
import type { BlockBook } from '../block-book.ts'
import { RECORD_OPS } from '../ring-layout.ts'
import type { Tally } from '../tally.ts'
import { LARGE_BYTES, LargeBlocks } from './large-blocks.ts'
import { type KnownMapping, MappingBook } from './mapping-book.ts'
import { PAGE_BYTES } from './process-files.ts'
import { ThreadHeaps } from './thread-heaps.ts'

const HIGH = 0x1_0000_0000
const R = REQUEST_OPCODES
/** Kinds of advice that are recorded. @source Linux `mman-common.h` */
const DONT_NEED = 4
const FREE = 8
const HUGE_PAGES = 14
const NO_HUGE_PAGES = 15
/** Blocks of Python's allocators up to this size may be pymalloc's own. @source `SMALL_REQUEST_THRESHOLD` */
const SMALL_BYTES = 512

export class NativeRows {
  readonly large = new LargeBlocks()
  readonly mappings = new MappingBook()
  readonly threadHeaps = new ThreadHeaps()
  readonly #rows: EventColumns
  readonly #blocks: BlockBook

  readonly #tally: Tally

  constructor(rows: EventColumns, blocks: BlockBook, tally: Tally) {
    this.#rows = rows
    this.#blocks = blocks
    this.#tally = tally
  }

  /** Appends the events of one record. @param other the second word behind the size: a count, an alignment, an old address ... */
  add(op: number, low: number, high: number, size: number, other: number): void {
    const address = high * HIGH + low
    switch (op) {
      case RECORD_OPS.libraryMalloc:
        this.#born(R.LibraryMalloc, low, high, NO_ID, size, size)
        break
      case RECORD_OPS.libraryCalloc:
        this.#born(R.LibraryCalloc, low, high, other < NO_ID ? other : 1, other < NO_ID ? size : size * other, size * other)
        break
      case RECORD_OPS.libraryAlign:
        this.#born(R.LibraryAlign, low, high, other, size, size)
        break
      case RECORD_OPS.libraryRealloc:
        this.#resized(low, high, size, other)
        break
      case RECORD_OPS.libraryFree:
        this.#freed(low, high)
        break
      case RECORD_OPS.mapped:
        this.#mapped(address, size, other)
        break
      case RECORD_OPS.unmapped:
        this.unmap(address, address + wholePages(size))
        break
      case RECORD_OPS.remapped:
        this.#remapped(other, address, size)
        break
      case RECORD_OPS.advised:
        this.#advised(address, size, other)
        break
      case RECORD_OPS.touched:
        this.#touched(address, size, other)
        break
    }
  }

  /** A block was given, by whichever allocator. */
  note(id: number, address: number, bytes: number): void {
    if (bytes >= LARGE_BYTES) this.large.born(id, address, bytes)
    else if (bytes > SMALL_BYTES) this.threadHeaps.note(address)
  }

  /** A block was given by the C library. */
  #noteOfLibrary(id: number, address: number, bytes: number): void {
    if (bytes >= LARGE_BYTES) this.large.born(id, address, bytes)
    else this.threadHeaps.note(address)
  }

  /** An area was found or asked for. */
  map(start: number, end: number, backing: number, isFound: boolean): KnownMapping {
    // What the log still has there is gone: it went unseen.
    this.unmap(start, end)
    const mapping = this.mappings.open(start, end, isFound)
    this.#rows.push(R.MapMemory, 0, mapping.id, backing, end - start, start)
    return mapping
  }

  unmap(start: number, end: number): void {
    for (const { id, from, bytes } of this.mappings.close(start, end)) this.#rows.push(R.UnmapMemory, 0, id, NO_ID, bytes, from)
  }

  #born(code: number, low: number, high: number, other: number, size: number, bytes: number): void {
    const id = this.#blocks.nextId
    if (this.#blocks.born(low, high)) this.#tally.lostFrees += 1
    const address = high * HIGH + low
    this.#rows.push(code, 0, id, other, size, address)
    this.#noteOfLibrary(id, address, bytes)
  }

  #resized(low: number, high: number, size: number, old: number): void {
    const known = this.#blocks.died(old % HIGH, Math.floor(old / HIGH))
    this.large.died(old)
    const id = this.#blocks.nextId
    if (this.#blocks.born(low, high)) this.#tally.lostFrees += 1
    const address = high * HIGH + low
    if (known === 0) this.#tally.unknownFrees += 1
    this.#rows.push(R.LibraryRealloc, 0, known === 0 ? NO_ID : known, id, size, address)
    this.#noteOfLibrary(id, address, size)
  }

  #freed(low: number, high: number): void {
    const id = this.#blocks.died(low, high)
    if (id === 0) this.#tally.unknownFrees += 1
    else {
      this.large.died(high * HIGH + low)
      this.#rows.push(R.LibraryFree, 0, id, NO_ID, NOT_GIVEN, NOT_GIVEN)
    }
  }

  #mapped(address: number, size: number, backing: number): void {
    this.map(address, address + wholePages(size), backing < BACKINGS.length ? backing : 0, false)
  }

  #remapped(old: number, address: number, size: number): void {
    const mapping = this.mappings.at(old)
    if (mapping === undefined || mapping.base !== old || mapping.pages.start !== old) {
      this.map(address, address + wholePages(size), 0, false)
      return
    }
    this.mappings.forget(mapping)
    this.unmap(address, address + wholePages(size))
    const moved = this.mappings.moved(mapping.id, address, address + wholePages(size))
    this.#rows.push(R.RemapMemory, 0, moved.id, NO_ID, wholePages(size), address)
  }

  #advised(address: number, size: number, advice: number): void {
    const isHuge = advice === HUGE_PAGES
    const gives = advice === DONT_NEED || advice === FREE
    if (!isHuge && !gives && advice !== NO_HUGE_PAGES) return
    const mapping = this.mappings.at(address)
    if (mapping !== undefined) {
      const bytes = Math.min(wholePages(size), mapping.pages.end - address)
      if (gives) this.#rows.push(R.ReleasePages, 0, mapping.id, NO_ID, bytes, address - mapping.base)
      else this.#rows.push(R.AdviseHugePages, 0, mapping.id, isHuge ? 1 : 0, bytes, address - mapping.base)
      return
    }
    const block = this.large.holding(address)
    if (block === undefined || gives) return
    const bytes = Math.min(size, block.pages.end - address)
    this.#rows.push(R.AdviseHugeBlock, 0, block.id, isHuge ? 1 : 0, bytes, address - block.pages.start)
  }

  #touched(address: number, size: number, from: number): void {
    const block = this.large.at(address)
    if (block === undefined) return
    const bytes = Math.min(size, block.pages.end - block.pages.start - from)
    if (bytes <= 0) return
    block.pages.note(from, bytes)
    this.#rows.push(R.TouchBlock, 0, block.id, NO_ID, bytes, from)
  }
}

const wholePages = (bytes: number): number => Math.ceil(bytes / PAGE_BYTES) * PAGE_BYTES
