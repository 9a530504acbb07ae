import { NO_ID, NOT_GIVEN } from '@reheap/kernel'
import { REQUEST_OPCODES } from '@reheap/refcount'
import type { BlockRecorder } from './block-recorder.ts'
import type { EventWriter } from './event-writer.ts'
import type { ObjectBook } from './object-book.ts'
import type { ObjectReader } from './object-reader.ts'
import { STATE } from './object-table.ts'
import { LAYOUT } from './type-reader.ts'
import { UsualHolders } from './usual-holders.ts'

/** What changed in the middle of an object's content is given slots this far apart, so that more fits between them. */
const STRIDE = 256
/** Between the attributes of an instance and the type that it names last, room for later attributes. */
const ATTRIBUTES = 1024
/** They take objects in and let them go as long as they live. */
const CONTAINERS: readonly number[] = [LAYOUT.list, LAYOUT.dict, LAYOUT.set]

/** Looks into one object and writes what became different since it was last seen. */
export class ContentSync {
  /** Number of the sync that runs: each object is looked into once. */
  now = 1
  readonly usual = new UsualHolders()
  private readonly book: ObjectBook
  private readonly reader: ObjectReader
  private readonly blocks: BlockRecorder
  private readonly writer: EventWriter

  constructor(book: ObjectBook, reader: ObjectReader, blocks: BlockRecorder, writer: EventWriter) {
    this.book = book
    this.reader = reader
    this.blocks = blocks
    this.writer = writer
  }

  /** Returns whether something was different. */
  scan(row: number): boolean {
    const { table } = this.book
    const layout = table.layout[row] ?? 0
    if (layout === LAYOUT.plain || layout === LAYOUT.float || table.scanned[row] === this.now) return false
    table.scanned[row] = this.now
    if (table.has(row, STATE.buried) || this.book.isFixed(row)) return false
    const address = table.address[row] ?? 0
    if (layout === LAYOUT.weakref && !table.has(row, STATE.linked)) this.link(row, address)
    if (layout === LAYOUT.gcOther && table.has(row, STATE.gc)) this.tellUntracked(row, address)
    if (!this.reader.look(address, layout)) return false
    this.resize(row, this.reader.besideAt(address, layout))
    if (this.writer.isHeld) this.leaveOutFixed()
    const isChanged = this.compare(row, layout, this.reader.found)
    if (layout === LAYOUT.tuple || layout === LAYOUT.frame) this.tellTracked(row, layout, address)
    return isChanged
  }

  /** A frame is tracked when its call has ended, and from 3.14 on a tuple by what it holds: unless C code made it, which tracks any. */
  private tellTracked(row: number, layout: number, address: number): void {
    const { table, edges } = this.book
    if (table.has(row, STATE.linked) || !this.reader.isTracked(address)) return
    table.state[row] = (table.state[row] ?? 0) | STATE.linked
    const isByItems = layout === LAYOUT.tuple && table.edges[row]?.some((edge) => edge !== 0 && table.has(edges.to[edge] ?? 0, STATE.gc))
    if (isByItems !== true) this.writer.push(REQUEST_OPCODES.TrackObject, 0, table.id[row] ?? 0, NO_ID, NOT_GIVEN, NOT_GIVEN)
  }

  /** An object that C code made may be one that the collector does not see, for now or for good. */
  private tellUntracked(row: number, address: number): void {
    const { table } = this.book
    if (table.has(row, STATE.untracked) !== this.reader.isTracked(address)) return
    table.state[row] = (table.state[row] ?? 0) ^ STATE.untracked
    if (table.has(row, STATE.untracked)) this.book.untrack(row)
    else this.writer.push(REQUEST_OPCODES.TrackObject, 0, table.id[row] ?? 0, NO_ID, NOT_GIVEN, NOT_GIVEN)
  }

  private link(row: number, address: number): void {
    const { table } = this.book
    table.state[row] = (table.state[row] ?? 0) | STATE.linked
    const object = table.rowAt.get(this.reader.weakObjectOf(address))
    if (object !== 0) this.book.link(row, object, this.reader.callbackOf(address) !== 0)
  }

  private resize(row: number, besideAt: number): void {
    const { table } = this.book
    const bytes = besideAt === 0 ? 0 : this.blocks.bytesAt(besideAt)
    if (bytes === table.beside[row]) return
    table.beside[row] = bytes
    this.writer.push(REQUEST_OPCODES.ResizeObject, 0, table.id[row] ?? 0, NO_ID, bytes, NOT_GIVEN)
  }

  /** While a collection runs: looked at again when it is over. */
  private leaveOutFixed(): void {
    const { found } = this.reader
    const { rowAt } = this.book.table
    for (let at = 0; at < found.length; at++) if (this.book.isFixed(rowAt.get(found[at] ?? 0))) found[at] = 0
  }

  private compare(row: number, layout: number, found: readonly number[]): boolean {
    const { table } = this.book
    const content = table.content[row] ?? []
    const edges = table.edges[row] ?? []
    table.content[row] = content
    table.edges[row] = edges
    const shorter = Math.min(content.length, found.length)
    let head = 0
    while (head < shorter && content[head] === found[head]) head++
    if (head === content.length && head === found.length) return false
    let tail = 0
    while (tail < shorter - head && content[content.length - 1 - tail] === found[found.length - 1 - tail]) tail++
    this.replace(row, layout, { content, edges, found, head, tail })
    return true
  }

  /** For each address the row that a reference leads to; 0: the log does not say. */
  private targetsOf(layout: number): (address: number) => number {
    const { rowAt } = this.book.table
    const standIn = layout === LAYOUT.tuple || layout === LAYOUT.dict ? this.book.standIn : 0
    if (standIn === 0) return (address) => rowAt.get(address)
    return (address) => rowAt.get(address) || (address !== 0 && this.reader.isGc(address) ? standIn : 0)
  }

  private replace(row: number, layout: number, change: Change): void {
    const { content, edges, found, head } = change
    let { tail } = change
    const low = lastSlot(this.book, edges, head)
    const high = firstSlot(this.book, edges, edges.length - tail)
    const target = this.targetsOf(layout)
    let added = 0
    for (let at = head; at < found.length - tail; at++) if (target(found[at] ?? 0) !== 0) added++
    // There is no room before what follows: it is written anew, further apart.
    const isTight = high - low - 1 < added
    if (isTight) tail = 0
    const slots = isTight
      ? spaced(low, STRIDE)
      : high === Number.POSITIVE_INFINITY
        ? natural(low, layout, found.length)
        : between(low, high, added)
    const newEdges: number[] = []
    const isContainer = CONTAINERS.includes(layout)
    for (let at = head; at < found.length - tail; at++) {
      const to = target(found[at] ?? 0)
      if (isContainer && to !== 0) this.usual.note(row, this.book.table.type[to] ?? 0)
      newEdges.push(to === 0 ? 0 : this.book.addEdge(row, to, slots(at), at))
    }
    this.book.table.contentWords += found.length - content.length
    const end = content.length - tail
    const old = edges.slice(head, end)
    exchange(content, head, end, found.slice(head, found.length - tail))
    exchange(edges, head, end, newEdges)
    // As a stack is emptied: the newest first.
    for (let at = old.length - 1; at >= 0; at--) {
      const edge = old[at] ?? 0
      if (edge === 0 || this.book.edges.from[edge] !== row) continue
      this.book.protect(this.book.edges.to[edge] ?? 0)
      this.book.dropEdge(edge)
    }
  }
}

interface Change {
  readonly content: number[]
  readonly edges: number[]
  readonly found: readonly number[]
  /** So many words at the beginning and at the end are as they were. */
  readonly head: number
  readonly tail: number
}

/** Puts other words in the place of some, in the same array: what is only appended to is not copied. */
function exchange(words: number[], from: number, to: number, others: readonly number[]): void {
  const behind = words.slice(to)
  words.length = from
  for (const word of others) words.push(word)
  for (const word of behind) words.push(word)
}

function lastSlot(book: ObjectBook, edges: readonly number[], end: number): number {
  for (let at = end - 1; at >= 0; at--) if (edges[at] !== 0) return book.edges.slot[edges[at] ?? 0] ?? -1
  return -1
}

function firstSlot(book: ObjectBook, edges: readonly number[], from: number): number {
  for (let at = from; at < edges.length; at++) if (edges[at] !== 0) return book.edges.slot[edges[at] ?? 0] ?? 0
  return Number.POSITIVE_INFINITY
}

function spaced(low: number, stride: number): (at: number) => number {
  let last = low
  return () => {
    last += stride
    return last
  }
}

/** The place itself is the slot, as long as that is behind the last one. */
function natural(low: number, layout: number, length: number): (at: number) => number {
  let last = low
  return (at) => {
    const isType = layout === LAYOUT.instance && at === length - 1
    last = Math.max(last + 1, isType ? last + ATTRIBUTES : at)
    return last
  }
}

const between = (low: number, high: number, added: number): ((at: number) => number) => spaced(low, Math.floor((high - low) / (added + 1)))
