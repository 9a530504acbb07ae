/**
 * The C library as the naive model watches it: what a heap does inside is its own affair, what it gives and what it asks of the system
 * must be possible.
 */
import type { Fact, Request } from '@reheap/host-memory'
import { CLUSTER_PAGES, isFault } from './naive-paging.ts'
import { mappedIn, putCell } from './naive-space.ts'
import {
  type Cell,
  type Chunk,
  cellsOf,
  endProcess,
  freePages,
  isAlive,
  lifeOf,
  type NaiveHost,
  notePeak,
  pagesOf,
  resident,
  shownPages,
} from './naive-state.ts'

/** Bytes of a chunk that the program does not have, in the heap and in a mapping. */
const HEAP_HEADER_BYTES = 8
const MAPPING_HEADER_BYTES = 16
const BLOCK_ALIGNMENT = 16

export type LibraryRequest = Extract<
  Request,
  { readonly kind: 'LibraryMalloc' | 'LibraryCalloc' | 'LibraryAlign' | 'LibraryRealloc' | 'LibraryFree' }
>

/** What the block of a request holds at least; null: none is asked for. */
function askedBytes(request: LibraryRequest): number | null {
  if (request.kind === 'LibraryFree') return null
  if (request.kind === 'LibraryCalloc') return request.count * request.elementBytes
  return request.kind === 'LibraryRealloc' && request.block !== null && request.bytes === 0 ? null : request.bytes
}

/** Bytes of a chunk that the program has. */
export const usableBytes = (h: NaiveHost, process: number, { address, bytes }: Chunk): number => {
  const { breakStart, pageBytes } = h.profile
  const isInHeap = address >= breakStart && address < breakStart + lifeOf(h, process).heapPages * pageBytes
  return bytes - (isInHeap ? HEAP_HEADER_BYTES : MAPPING_HEADER_BYTES)
}

/** One call of the library, fact by fact. @throws if one of them cannot be, or the block is not there afterwards */
export function watchLibrary(h: NaiveHost, request: LibraryRequest, witnessed: readonly Fact[]): void {
  const process = request.process ?? 0
  const call: Call = { process, freed: null }
  for (const fact of witnessed) watch(h, call, fact)
  if (!isAlive(h, process)) return
  if (freePages(h) < 0) h.isPressed = true
  const asked = askedBytes(request)
  const { chunks } = lifeOf(h, process)
  const block = request.kind === 'LibraryRealloc' ? request.newBlock : request.block
  const chunk = block === null ? undefined : chunks.get(block)
  if (asked !== null && (chunk === undefined || usableBytes(h, process, chunk) < asked))
    throw new Error(`no block of ${asked} bytes was given`)
  const gone =
    request.kind === 'LibraryFree' || (request.kind === 'LibraryRealloc' && request.newBlock !== request.block) ? request.block : null
  if (gone !== null && chunks.has(gone)) throw new Error(`block ${gone} was not taken back`)
}

interface Call {
  readonly process: number
  /** The chunk that it took back. */
  freed: Chunk | null
}

function watch(h: NaiveHost, call: Call, fact: Fact): void {
  switch (fact.kind) {
    case 'ChunkFreed':
    case 'ChunkGiven':
      watchChunk(h, call, fact)
      break
    case 'BreakMoved':
      moveBreak(h, call.process, fact.address - fact.bytes, fact.bytes)
      break
    case 'AreaMapped':
    case 'AreaUnmapped':
    case 'AreaMoved':
      watchArea(h, call, fact)
      break
    case 'ProcessKilled':
      watchKill(h, call, fact)
      break
    case 'PagesSwappedOut':
    case 'PagesSwappedIn':
      h.isPressed = true
      break
    case 'ProcessEnded':
    case 'PowerLost':
      throw new Error(`${fact.kind} does not follow from a call of the C library`)
    default:
      if (!h.isPressed) watchPages(h, call.process, fact)
  }
}

function watchChunk(h: NaiveHost, call: Call, fact: Extract<Fact, { readonly kind: 'ChunkFreed' | 'ChunkGiven' }>): void {
  const { chunks } = lifeOf(h, call.process)
  const { block, address, bytes } = fact
  const held = chunks.get(block)
  if (fact.kind === 'ChunkFreed') {
    if (held?.address !== address || held.bytes !== bytes) throw new Error(`block ${block} is taken back, and lies elsewhere`)
    call.freed = held
    chunks.delete(block)
    return
  }
  if (held !== undefined) throw new Error(`block ${block} is given, and is live`)
  if (address % BLOCK_ALIGNMENT !== 0) throw new Error(`block ${block} at ${address} is not aligned`)
  const met = [...chunks].find(([, other]) => !other.isLost && address < other.address + other.bytes && other.address < address + bytes)
  if (met !== undefined) throw new Error(`block ${block} lies over block ${met[0]}`)
  chunks.set(block, { address, bytes, isLost: false })
}

const fresh: Cell = { backing: 'anonymous', object: null, objectPage: 0, held: 'absent' }

function watchArea(
  h: NaiveHost,
  call: Call,
  { kind, address, bytes }: Extract<Fact, { readonly kind: 'AreaMapped' | 'AreaUnmapped' | 'AreaMoved' }>,
): void {
  const { process } = call
  const life = lifeOf(h, process)
  const pages = pagesOf(h, address, bytes)
  const [start = 0] = pages
  if (kind === 'AreaUnmapped') {
    for (const page of mappedFrom(h, process, start).slice(0, pages.length)) life.cells.delete(page)
    return
  }
  const old = call.freed === null ? [] : pagesOf(h, call.freed.address - MAPPING_HEADER_BYTES, call.freed.bytes)
  const kept = kind === 'AreaMoved' ? old.slice(0, pages.length).map((page) => life.cells.get(page)) : []
  if (kind === 'AreaMoved') for (const page of old) life.cells.delete(page)
  if (mappedIn(h, process, start, pages.length).length > 0) throw new Error(`${pages.length} pages are mapped at ${address} over others`)
  for (const chunk of life.chunks.values())
    if (chunk.address < address + bytes && chunk.address + chunk.bytes > address) chunk.isLost = true
  for (const [at, page] of pages.entries()) putCell(h, process, page, kept[at] ?? { ...fresh })
}

function moveBreak(h: NaiveHost, process: number, start: number, bytes: number): void {
  const life = lifeOf(h, process)
  const pages = pagesOf(h, start, bytes)
  for (const page of pages.slice(life.heapPages)) putCell(h, process, page, { ...fresh })
  for (const page of pagesOf(h, start, life.heapPages * h.profile.pageBytes).slice(pages.length)) life.cells.delete(page)
  life.heapPages = pages.length
}

/** Pages that are mapped from one on, in order. */
const mappedFrom = (h: NaiveHost, process: number, start: number): readonly number[] =>
  mappedIn(h, process, start, Number.POSITIVE_INFINITY)

/** So many pages from one on came to RAM, or left it: those that were not there, or were. */
function watchPages(
  h: NaiveHost,
  process: number,
  fact: Extract<Fact, { readonly kind: 'PagesTouched' | 'PagesReleased' | 'CacheReclaimed' }>,
): void {
  const pages = fact.bytes / h.profile.pageBytes
  if (fact.kind === 'CacheReclaimed') {
    if (pages !== Math.min(CLUSTER_PAGES, h.cache)) throw new Error(`${pages} of ${h.cache} pages of the cache gave way`)
    h.cache -= pages
    return
  }
  const cells = mappedFrom(h, process, fact.address / h.profile.pageBytes).map((page) => cellsOf(h, process).get(page) as Cell)
  const isTouch = fact.kind === 'PagesTouched'
  const changed = cells.filter((cell) => (isTouch ? isFault(cell, 'write') : cell.held !== 'absent')).slice(0, pages)
  if (changed.length < pages) throw new Error(`${fact.kind}: ${pages} pages, and there are ${changed.length}`)
  for (const cell of changed) cell.held = isTouch ? (cell.object === null ? 'own' : 'shown') : 'absent'
  notePeak(h, process)
}

/** The one that asks may have touched more than was told. */
function watchKill(
  h: NaiveHost,
  { process }: Call,
  { process: killed, rssBytes }: Extract<Fact, { readonly kind: 'ProcessKilled' }>,
): void {
  if (!isAlive(h, killed)) throw new Error(`process ${killed} is killed, and is not alive`)
  if (h.swap > 0 || shownPages(h).size > 0) h.isPressed = true
  const pages = rssBytes / h.profile.pageBytes
  if (!h.isPressed && killed !== process && pages !== resident(h, killed)) throw new Error(`process ${killed} had ${pages} pages`)
  const life = lifeOf(h, killed)
  life.peak = Math.max(life.peak, pages)
  endProcess(h, killed, 'killed')
}
