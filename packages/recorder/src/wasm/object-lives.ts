import { NO_ID, NOT_GIVEN } from '@reheap/kernel'
import { REQUEST_OPCODES } from '@reheap/refcount'
import type { BlockListener, BlockRecorder } from './block-recorder.ts'
import type { CollectorWatch } from './collector-watch.ts'
import type { Deaths } from './deaths.ts'
import type { EarlierObjects } from './earlier-objects.ts'
import type { EventWriter } from './event-writer.ts'
import { FreeLists } from './free-lists.ts'
import type { GraphSync } from './graph-sync.ts'
import type { LineMeter } from './line-meter.ts'
import type { ObjectBook } from './object-book.ts'
import type { ObjectReader } from './object-reader.ts'
import { STATE } from './object-table.ts'
import type { SafePoint } from './safe-point.ts'
import type { TypeBook } from './type-book.ts'
import { LAYOUT } from './type-reader.ts'

/** Headers before an object inside its block. */
const HEADER_BYTES = [0, 8, 16]
const ITEMS_MAX = 255
/** Instead of a number of items, for a list or dictionary whose type did not look into its free list. */
const PASSED_BY = 1

export interface LifeParts {
  readonly reader: ObjectReader
  readonly writer: EventWriter
  readonly types: TypeBook
  readonly blocks: BlockRecorder
  readonly book: ObjectBook
  readonly deaths: Deaths
  readonly graph: GraphSync
  readonly watch: CollectorWatch
  readonly meter: LineMeter
  readonly safePoint: SafePoint
  readonly earlier: EarlierObjects
}

/** Follows the births and deaths of objects, as the interpreter and its allocators tell them. */
export class ObjectLives implements BlockListener {
  private readonly parts: LifeParts
  private readonly freeLists = new FreeLists()
  objectsMade = 0
  /** An object that is about to go on at another place. */
  private moving = 0
  private movedTo = 0
  private createdAt: EventWriter['place'] | null = null
  private createdRow = 0

  constructor(parts: LifeParts) {
    this.parts = parts
  }

  blockFreed(address: number): void {
    this.freeLists.freed(address)
    this.parts.earlier.freed(address)
    const { book, reader, watch, types, deaths } = this.parts
    for (const header of HEADER_BYTES) {
      const row = book.table.rowAt.get(address + header)
      if (row === 0 || types.factsOf(book.table.type[row] ?? 0).headerBytes !== header) continue
      watch.look(this.objectsMade)
      if (book.table.rowAt.get(address + header) !== row) return
      if (watch.takes(row)) return
      if (book.table.has(row, STATE.ending)) book.table.state[row] = (book.table.state[row] ?? 0) & ~STATE.ending
      // Its memory is about to be another's: it counts as dead whatever stands there.
      if (reader.word(address + header) === 0) deaths.foundDead(row)
      else deaths.release(row)
      return
    }
  }

  blockMoved(from: number, to: number): void {
    for (const header of HEADER_BYTES) {
      const row = this.moving !== 0 && this.parts.book.table.address[this.moving] === from + header ? this.moving : 0
      if (row === 0) continue
      this.parts.book.table.move(row, to + header)
      this.movedTo = to + header
      return
    }
  }

  born(address: number): void {
    const { book, reader, types, graph, safePoint, meter } = this.parts
    if (address === this.movedTo && this.moving !== 0) {
      this.wentOn(address)
      return
    }
    this.moving = 0
    this.parts.earlier.born(address)
    const old = book.table.rowAt.get(address)
    // Some deaths are not announced: whoever is born at the same place proves them.
    if (old !== 0) this.foundDead(old)
    const type = reader.typeOf(address)
    const number = types.numberOf(type)
    const facts = types.factsOf(number)
    const state = (facts.isGc ? STATE.gc : 0) | (facts.hasDel ? STATE.finalizer : 0)
    const row = book.table.add(address, this.objectsMade++, number, facts.layout, state)
    this.writeBirth(row, address, type)
    if (this.objectsMade === 1 && facts.layout === LAYOUT.function) {
      this.standInFor(row)
      return
    }
    if (facts.hasDel) this.parts.writer.push(REQUEST_OPCODES.SetFinalizer, 0, this.objectsMade - 1, NO_ID, NOT_GIVEN, NOT_GIVEN)
    meter.born++
    graph.born(row)
    if (facts.isGc) safePoint.arm()
  }

  /** It lives as long as the log, whatever becomes of it. */
  private standInFor(row: number): void {
    const { book, safePoint, meter } = this.parts
    book.standIn = row
    book.table.leaveAlone(row, STATE.immortal)
    book.table.rowAt.set(book.table.address[row] ?? 0, 0)
    meter.born++
    safePoint.arm()
  }

  private writeBirth(row: number, address: number, type: number): void {
    const { reader, blocks, types, writer, book } = this.parts
    const number = book.table.type[row] ?? 0
    const { headerBytes, isTuple, layout } = types.factsOf(number)
    const start = address - headerBytes
    const bytes = blocks.bytesAt(start) || reader.bytesOf(address, type, headerBytes)
    const items = isTuple
      ? Math.min(reader.tupleItemsIn(bytes - headerBytes), ITEMS_MAX)
      : this.freeLists.born(start, layout, book.table.aliveOf(layout) - 1)
        ? PASSED_BY
        : 0
    this.createdAt = writer.place
    this.createdRow = row
    const id = book.table.id[row] ?? 0
    writer.push(REQUEST_OPCODES.CreateObject, items, id, number, bytes, blocks.blockAt(start))
    // While its call runs.
    if (layout === LAYOUT.frame) writer.push(REQUEST_OPCODES.UntrackObject, 0, id, NO_ID, NOT_GIVEN, NOT_GIVEN)
  }

  /** It was resized: the same object at another place, or with another size. */
  private wentOn(address: number): void {
    const { reader, blocks, types, writer, book } = this.parts
    const row = this.moving
    this.moving = 0
    const { headerBytes, isTuple } = types.factsOf(book.table.type[row] ?? 0)
    const bytes = blocks.bytesAt(address - headerBytes)
    const items = isTuple ? Math.min(reader.tupleItemsIn(bytes - headerBytes), ITEMS_MAX) : 0
    if (this.createdRow === row && this.createdAt !== null) writer.amend(this.createdAt, items, bytes)
  }

  died(address: number): void {
    const { book, reader, watch, types, deaths } = this.parts
    types.forget(address)
    const row = book.table.rowAt.get(address)
    if (row === 0) {
      this.parts.earlier.died(address)
      return
    }
    if (reader.word(address) !== 0) {
      // Forgotten while it is resized.
      this.moving = row
      return
    }
    if (book.table.has(row, STATE.ending)) return
    if (watch.takes(row)) return
    if (deaths.endsLater(row)) deaths.beginEnd(row)
    else deaths.announced(row)
  }

  private foundDead(row: number): void {
    const { watch, deaths } = this.parts
    if (!watch.takes(row)) deaths.foundDead(row)
  }

  /** The number that a callback gets is an object made for it, unless it is a small one: not the script's. */
  argument(args: number): number {
    const { reader, book, blocks, graph, meter } = this.parts
    const address = reader.word(args + 4)
    const row = book.table.rowAt.get(address)
    if (row !== 0 && book.table.id[row] === this.objectsMade - 1 && book.table.layout[row] === LAYOUT.plain) {
      const start = address
      const wasTaken =
        blocks.bytesAt(start) !== 0
          ? blocks.withdraw(start, [REQUEST_OPCODES.CreateObject])
          : this.parts.writer.withdraw([REQUEST_OPCODES.CreateObject])
      if (wasTaken) {
        graph.unborn(row)
        book.table.remove(row)
        book.table.removed--
        this.objectsMade--
        meter.born--
      }
    }
    return reader.smallNumber(address)
  }
}
