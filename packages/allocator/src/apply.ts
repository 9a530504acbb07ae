/**
 * THE TABLE: what each request does. Guards first, in the order of `rejected.ts`, then writes, then facts.
 *
 * `applyRun` is gone through for every event of a log, so it is written for the compiler as well: a
 * column is read and written in neighbouring lines, and what needs more than a few columns is called.
 *
 * @source `_PyObject_Malloc`, `_PyObject_Calloc`, `_PyObject_Realloc`, `_PyObject_Free` of CPython's obmalloc.c
 */
import {
  type Batch,
  CLOSED_PAGE,
  Columns,
  type Emit,
  ID_PAGE_MASK,
  ID_PAGE_SHIFT,
  NO_HANDLE,
  NO_ID,
  openId,
  placeOfId,
} from '@reheap/kernel'
import { releaseArenas } from './arena.ts'
import { addClibBlock, removeClibBlock } from './c-library.ts'
import { FACT_OPCODES, type FactOpcode, REQUEST_OPCODES, type RequestOpcode } from './events.ts'
import { openPool, settlePool, unlinkPool } from './pool.ts'
import { ACCEPTED, REASONS } from './rejected.ts'
import { type AllocatorState, NONE, unitAddress } from './state.ts'

const { BlockPlaced, BlockResized, BlockReturned, BlockPassedOn, BlockHandedBack } = FACT_OPCODES
const { Malloc, Calloc, Realloc, Free, ArenaMapped, ReleaseHeap } = REQUEST_OPCODES
const RAW = 0
const LAST_DOMAIN = 2
const NOT_SMALL = -1
/** Answer to a request for which room was made: it is to be applied now. */
const READY = -1

/** A constant of this module is compiled into the loop, one of another module is read at every event. */
const IDS_SHIFT = ID_PAGE_SHIFT
const IDS_MASK = ID_PAGE_MASK
const NO_PAGE = CLOSED_PAGE
const NO_BLOCK = NO_HANDLE
const NO_POOL = NONE

/**
 * Rows in one call of the loop. V8 keeps code that it compiled in the middle of a loop apart, knows
 * less in it, and goes on using it: runs that are too short for that are one and a half times as fast.
 */
const RUN_ROWS = 32

type Requests = Batch<RequestOpcode>
type Facts = Emit<FactOpcode>

/** Applies rows in order; see `Mechanism.applyBatch`. */
export function applyRows(s: AllocatorState, batch: Requests, from: number, to: number, emit: Facts): number {
  for (let row = from; row < to; row += RUN_ROWS) {
    const rejected = applyRun(s, batch, row, Math.min(row + RUN_ROWS, to), emit)
    if (rejected !== -1) return rejected
  }
  return -1
}

/**
 * Blocks that a pool at hand takes back or hands out; everything else is left to `applyOther`.
 *
 * `| 0` and the number in `muted` tell the compiler that these stay small integers.
 */
function applyRun(s: AllocatorState, batch: Requests, from: number, to: number, emit: Facts): number {
  const { code, tag, id, other, size, firstIndex } = batch
  const { poolShift } = s
  const muted = emit.muted ? 1 : 0
  const end = to | 0
  for (let row = from | 0; row < end; row++) {
    const kind = code[row]
    const domain = tag[row]
    if (kind === Free) {
      const block = id[row]
      const group = block >>> IDS_SHIFT
      const page = group < s.groups ? s.pageOf[group] : NO_PAGE
      const place = (page << IDS_SHIFT) | (block & IDS_MASK)
      const unit = s.handle[place]
      if (unit > NO_BLOCK && domain !== RAW && domain <= LAST_DOMAIN) {
        s.handle[place] = NO_BLOCK
        const pool = unit >> poolShift
        const lastFree = s.poolFree[pool]
        s.poolFree[pool] = unit - (pool << poolShift)
        const bytes = s.blockWord[unit]
        s.blockWord[unit] = lastFree
        const used = s.poolUsed[pool] - 1
        s.poolUsed[pool] = used
        if (muted === 0) returned(s, emit, firstIndex + row, block, bytes, unit)
        if (used === 0 || lastFree === 0) settlePool(s, batch, row, emit, pool, lastFree === 0)
        continue
      }
    } else if (kind === Malloc || kind === Calloc) {
      const bytes = kind === Malloc ? size[row] : productOf(other[row], size[row])
      const sizeClass = classOf(s, domain, bytes)
      if (sizeClass !== NOT_SMALL) {
        const block = id[row]
        const group = block >>> IDS_SHIFT
        const page = group < s.groups ? s.pageOf[group] : NO_PAGE
        const place = (page << IDS_SHIFT) | (block & IDS_MASK)
        const pool = s.usedHead[sizeClass]
        if (page !== NO_PAGE && pool !== NO_POOL && s.handle[place] === NO_BLOCK) {
          const unit = (pool << poolShift) | s.poolFree[pool]
          s.handle[place] = unit
          const next = s.blockWord[unit]
          s.blockWord[unit] = bytes
          s.poolFree[pool] = next
          s.poolUsed[pool]++
          if (muted === 0) placed(s, emit, firstIndex + row, sizeClass, block, bytes, unit)
          if (next === 0) unlinkPool(s, pool, sizeClass)
          continue
        }
      }
    }
    const answer = applyOther(s, batch, row, emit)
    if (answer === READY) row--
    else if (answer !== ACCEPTED) {
      emit.reason = answer
      return row
    }
  }
  return -1
}

/** Is it a number of bytes that a program can ask for? */
const isWhole = (bytes: number): boolean => bytes >= 0 && Number.isSafeInteger(bytes)

/** Bytes of a `calloc`. */
const productOf = (count: number, elementBytes: number): number => count * elementBytes

/** Size class that serves a request, or {@link NOT_SMALL}: then the C library does. */
function classOf(s: AllocatorState, domain: number, bytes: number): number {
  const whole = bytes | 0
  if (whole !== bytes || whole <= 0 || whole > s.smallRequestBytes || domain === RAW || domain > LAST_DOMAIN) return NOT_SMALL
  return (whole - 1) >> s.alignmentShift
}

function placed(s: AllocatorState, emit: Facts, cause: number, sizeClass: number, block: number, bytes: number, unit: number): void {
  emit.push(BlockPlaced, cause, sizeClass, block, 0, bytes, unitAddress(s, unit))
}

function returned(s: AllocatorState, emit: Facts, cause: number, block: number, bytes: number, unit: number): void {
  emit.push(BlockReturned, cause, s.poolClass[unit >> s.poolShift], block, 0, bytes, unitAddress(s, unit))
}

/** @returns ACCEPTED, READY, or why the request is rejected */
function applyOther(s: AllocatorState, batch: Requests, row: number, emit: Facts): number {
  switch (batch.code[row]) {
    case Malloc:
      return malloc(s, batch, row, emit, batch.size[row])
    case Calloc:
      return malloc(s, batch, row, emit, productOf(batch.other[row], batch.size[row]))
    case Realloc:
      return batch.id[row] === NO_ID ? applyAs(Malloc, batch.other[row], s, batch, row, emit) : realloc(s, batch, row, emit)
    case Free:
      return batch.id[row] === NO_ID ? ACCEPTED : free(s, batch, row, emit)
    case ArenaMapped:
      return arenaMapped(s, batch, row)
    case ReleaseHeap:
      return releaseHeap(s, batch, row, emit)
  }
  return ACCEPTED
}

/** A block that needs a row in the table, a pool, or the C library. */
function malloc(s: AllocatorState, batch: Requests, row: number, emit: Facts, bytes: number): number {
  const domain = batch.tag[row]
  if (domain > LAST_DOMAIN) return REASONS.UnknownDomain
  if (!isWhole(bytes)) return REASONS.InvalidBytes
  const place = openId(s, batch.id[row])
  if (s.handle[place] !== NO_HANDLE) return REASONS.BlockAlreadyLive
  const sizeClass = classOf(s, domain, bytes)
  if (sizeClass === NOT_SMALL) return passOn(s, batch, row, emit, place, bytes)
  if (s.usedHead[sizeClass] !== NONE) return READY
  const reason = openPool(s, batch, row, emit, sizeClass)
  if (reason !== ACCEPTED) return reason
  return s.usedHead[sizeClass] !== NONE ? READY : passOn(s, batch, row, emit, place, bytes)
}

/** Asks the C library for a new block. */
function passOn(s: AllocatorState, batch: Requests, row: number, emit: Facts, place: number, bytes: number): number {
  const domain = batch.tag[row]
  const address = s.system.blockAddress(batch.address[row])
  s.handle[place] = addClibBlock(s, bytes, address)
  if (domain !== RAW) s.clibCounted++
  emit.push(BlockPassedOn, batch.firstIndex + row, domain, batch.id[row], 0, bytes, address)
  return ACCEPTED
}

/** Gives a block back to the C library. */
function free(s: AllocatorState, batch: Requests, row: number, emit: Facts): number {
  const domain = batch.tag[row]
  const block = batch.id[row]
  if (domain > LAST_DOMAIN) return REASONS.UnknownDomain
  const place = placeOfId(s, block)
  const handle = s.handle[place]
  if (handle === NO_HANDLE) return REASONS.BlockNotLive
  if (handle > NO_HANDLE) return REASONS.PoolBlockInRawDomain
  s.handle[place] = NO_HANDLE
  emit.push(BlockHandedBack, batch.firstIndex + row, domain, block, 0, s.clibBytes[~handle], s.clibAddress[~handle])
  removeClibBlock(s, ~handle)
  if (domain !== RAW) s.clibCounted--
  return ACCEPTED
}

function realloc(s: AllocatorState, batch: Requests, row: number, emit: Facts): number {
  const domain = batch.tag[row]
  const newBlock = batch.other[row]
  const bytes = batch.size[row]
  if (domain > LAST_DOMAIN) return REASONS.UnknownDomain
  if (!isWhole(bytes)) return REASONS.InvalidBytes
  const place = placeOfId(s, batch.id[row])
  const handle = s.handle[place]
  if (handle === NO_HANDLE) return REASONS.BlockNotLive
  const newPlace = openId(s, newBlock)
  if (s.handle[newPlace] !== NO_HANDLE) return REASONS.BlockAlreadyLive
  if (handle < NO_HANDLE) return resizeInClib(s, batch, row, emit, place, newPlace)
  if (domain === RAW) return REASONS.PoolBlockInRawDomain
  const sizeClass = s.poolClass[handle >> s.poolShift]
  const blockBytes = (sizeClass + 1) << s.alignmentShift
  if (bytes <= blockBytes && 4 * bytes > 3 * blockBytes) {
    const previous = s.blockWord[handle]
    s.handle[place] = NO_HANDLE
    s.handle[newPlace] = handle
    s.blockWord[handle] = bytes
    emit.push(BlockResized, batch.firstIndex + row, sizeClass, newBlock, previous, bytes, unitAddress(s, handle))
    return ACCEPTED
  }
  // The new block is taken before the old one is given back, so it never lies in the old one's place.
  const reason = applyAs(Malloc, newBlock, s, batch, row, emit)
  return reason === ACCEPTED ? applyAs(Free, batch.id[row], s, batch, row, emit) : reason
}

/** A block of the C library stays there, whatever its new size. */
function resizeInClib(s: AllocatorState, batch: Requests, row: number, emit: Facts, place: number, newPlace: number): number {
  const domain = batch.tag[row]
  const bytes = batch.size[row]
  const handle = s.handle[place]
  const address = s.system.blockAddress(batch.address[row])
  const cause = batch.firstIndex + row
  s.handle[place] = NO_HANDLE
  s.handle[newPlace] = handle
  emit.push(BlockHandedBack, cause, domain, batch.id[row], 0, s.clibBytes[~handle], s.clibAddress[~handle])
  s.clibBytes[~handle] = bytes
  s.clibAddress[~handle] = address
  emit.push(BlockPassedOn, cause, domain, batch.other[row], 0, bytes, address)
  return ACCEPTED
}

/** A request in other words, one row long. */
const rephrased = new Columns(1)

/** Applies a request as one of another kind on another block: what `realloc` comes down to. */
function applyAs(kind: RequestOpcode, block: number, s: AllocatorState, batch: Requests, row: number, emit: Facts): number {
  rephrased.firstIndex = batch.firstIndex + row
  rephrased.code[0] = kind
  rephrased.tag[0] = batch.tag[row]
  rephrased.id[0] = block
  rephrased.size[0] = batch.size[row]
  rephrased.address[0] = batch.address[row]
  return applyRun(s, rephrased as Requests, 0, 1, emit) === -1 ? ACCEPTED : emit.reason
}

/** The system's answer stands before the request that wants it. */
function arenaMapped(s: AllocatorState, batch: Requests, row: number): number {
  const bytes = batch.size[row]
  const address = batch.address[row]
  if (!isWhole(bytes)) return REASONS.InvalidBytes
  if (address < 0) return REASONS.InvalidAddress
  // Other users of the arena allocator (a thread's data stack, from 3.11 on) ask for other sizes.
  if (bytes === s.profile.arenaBytes) s.system.offerArena(Number.isNaN(address) ? -1 : address)
  return ACCEPTED
}

/** The end of an interpreter with a heap of its own. Under a profile that keeps such heaps, nothing happens. */
function releaseHeap(s: AllocatorState, batch: Requests, row: number, emit: Facts): number {
  if (!s.profile.releasesHeaps) return ACCEPTED
  for (let arena = 0; arena < s.arenaRows; arena++) {
    if (s.arenaAddress[arena] >= 0 && s.arenaFree[arena] < s.arenaPools[arena]) return REASONS.HeapInUse
  }
  if (s.clibCounted > 0) return REASONS.HeapInUse
  releaseArenas(s, batch, row, emit)
  return ACCEPTED
}
