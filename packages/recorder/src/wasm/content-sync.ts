import { NO_ID, NOT_GIVEN } from '@reheap/kernel'
import { REQUEST_OPCODES } from '@reheap/refcount'
import type { BlockRecorder } from './block-recorder.ts'
import { slotsIn } from './content-slots.ts'
import type { EventWriter } from './event-writer.ts'
import type { ObjectBook } from './object-book.ts'
import type { ObjectReader } from './object-reader.ts'
import { STATE } from './object-table.ts'
import type { PlaceNames } from './place-names.ts'
import { KEY, type PlaceReader } from './place-reader.ts'
import { LAYOUT } from './type-reader.ts'
import { UsualHolders } from './usual-holders.ts'

/** They take objects in and let them go as long as they live. */
const CONTAINERS: readonly number[] = [LAYOUT.list, LAYOUT.dict, LAYOUT.set]

/** Looks into one object and writes what became different since it was last seen. */
export class ContentSync {
  /** Number of the sync that runs: each object is looked into once. */
  now = 1
  readonly usual = new UsualHolders()
  private readonly book: ObjectBook
  private readonly reader: ObjectReader
  private readonly places: PlaceReader
  private readonly names: PlaceNames
  private readonly hasKeys: boolean
  private readonly blocks: BlockRecorder
  private readonly writer: EventWriter

  constructor({ book, reader, places, names, hasKeys, blocks, writer }: ContentParts) {
    this.book = book
    this.reader = reader
    this.places = places
    this.names = names
    this.hasKeys = hasKeys
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
    this.noteAttributes(row)
    this.places.look(address, layout, this.hasKeys || table.has(row, STATE.attributes))
    this.resize(row, this.reader.besideAt(address, layout))
    if (this.writer.isHeld) this.leaveOutFixed()
    const isChanged = this.compare(row, layout, this.reader.found)
    if (layout === LAYOUT.tuple || layout === LAYOUT.frame) this.tellTracked(row, layout, address)
    return isChanged
  }

  /** The dictionary of the object's attributes is known as such from now on. */
  noteAttributes(row: number): void {
    const { table } = this.book
    const dict = table.rowAt.get(this.places.dictOf(table.address[row] ?? 0, table.layout[row] ?? 0))
    if (dict !== 0) table.state[dict] = (table.state[dict] ?? 0) | STATE.attributes
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
    const { keys } = this.places
    const held = keys.length === 0 ? null : (table.keys[row] ?? content.map(() => KEY.none))
    if (held !== null) table.keys[row] = held
    const isSame = (before: number, now: number): boolean => content[before] === found[now] && (held === null || held[before] === keys[now])
    const shorter = Math.min(content.length, found.length)
    let head = 0
    while (head < shorter && isSame(head, head)) head++
    if (head === content.length && head === found.length) return false
    let tail = 0
    while (tail < shorter - head && isSame(content.length - 1 - tail, found.length - 1 - tail)) tail++
    this.replace(row, layout, { content, edges, held, found, head, tail })
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
    const { content, edges, held, found, head } = change
    const { keys } = this.places
    let { tail } = change
    const target = this.targetsOf(layout)
    let added = 0
    for (let at = head; at < found.length - tail; at++) if (target(found[at] ?? 0) !== 0) added++
    const { isTight, slots } = slotsIn(this.book, { edges, head, tail, layout, added, length: found.length })
    if (isTight) tail = 0
    const newEdges: number[] = []
    const isContainer = CONTAINERS.includes(layout)
    for (let at = head; at < found.length - tail; at++) {
      const to = target(found[at] ?? 0)
      if (isContainer && to !== 0) this.usual.note(row, this.book.table.type[to] ?? 0)
      if (to === 0) newEdges.push(0)
      else {
        // What stands in for another is no attribute.
        const key = to === this.book.standIn ? KEY.none : (keys[at] ?? KEY.none)
        newEdges.push(this.book.addEdge(row, to, slots(at), at, this.names.nameOf(key, layout === LAYOUT.dict)))
      }
    }
    this.book.table.contentWords += found.length - content.length
    const end = content.length - tail
    const old = edges.slice(head, end)
    exchange(content, head, end, found.slice(head, found.length - tail))
    exchange(edges, head, end, newEdges)
    if (held !== null) exchange(held, head, end, keys.slice(head, found.length - tail))
    // As a stack is emptied: the newest first.
    for (let at = old.length - 1; at >= 0; at--) {
      const edge = old[at] ?? 0
      if (edge === 0 || this.book.edges.from[edge] !== row) continue
      this.book.protect(this.book.edges.to[edge] ?? 0)
      this.book.dropEdge(edge)
    }
  }
}

export interface ContentParts {
  readonly book: ObjectBook
  readonly reader: ObjectReader
  readonly places: PlaceReader
  readonly names: PlaceNames
  /** Are keys of all dictionaries to be named? Else only those of attributes. */
  readonly hasKeys: boolean
  readonly blocks: BlockRecorder
  readonly writer: EventWriter
}

interface Change {
  readonly content: number[]
  readonly edges: number[]
  /** The keys that they were held at; null: nothing is called anything. */
  readonly held: number[] | null
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
