/**
 * THE TABLE: what each request does. Guards first, in the order of `rejected.ts`, then writes, then facts.
 *
 * The loop is called for every event of a log: an address is read from its column only where it is
 * needed, since a double that is handed from function to function costs an allocation.
 *
 * @source `_PyObject_Malloc`, `_PyObject_Calloc`, `_PyObject_Realloc`, `_PyObject_Free` of CPython's obmalloc.c
 */
import { type Batch, type Emit, NO_ID } from '@reheap/kernel'
import { releaseArenas } from './arena.ts'
import { addBlock, NO_HANDLE, openRow, removeBlock, rowOfBlock } from './block-table.ts'
import { addClibBlock, removeClibBlock } from './c-library.ts'
import { FACT_OPCODES, type FactOpcode, REQUEST_OPCODES, type RequestOpcode } from './events.ts'
import { returnBlock, takeBlock } from './pool.ts'
import { REASONS } from './rejected.ts'
import { type AllocatorState, unitAddress } from './state.ts'

const { BlockPlaced, BlockResized, BlockReturned, BlockPassedOn, BlockHandedBack } = FACT_OPCODES
const { Malloc, Calloc, Realloc, Free, ArenaMapped, ReleaseHeap } = REQUEST_OPCODES
const ACCEPTED = 0
const RAW = 0
const LAST_DOMAIN = 2
/** Units are kept in 31 bits. */
const UNITS_MAX = 0x7fff_ffff

type Requests = Batch<RequestOpcode>
type Facts = Emit<FactOpcode>

/** Applies rows in order; see `Mechanism.applyBatch`. */
export function applyRows(s: AllocatorState, batch: Requests, from: number, to: number, emit: Facts): number {
  const { code, tag, id, other, size } = batch
  for (let row = from; row < to; row++) {
    let reason: number = ACCEPTED
    switch (code[row]) {
      case Malloc:
        reason = malloc(s, batch, row, emit, tag[row], id[row], size[row])
        break
      case Free:
        if (id[row] !== NO_ID) reason = free(s, batch, row, emit, tag[row], id[row])
        break
      case Realloc:
        reason = id[row] === NO_ID ? malloc(s, batch, row, emit, tag[row], other[row], size[row]) : realloc(s, batch, row, emit)
        break
      case Calloc:
        reason = malloc(s, batch, row, emit, tag[row], id[row], other[row] * size[row])
        break
      case ArenaMapped:
        reason = arenaMapped(s, batch, row)
        break
      case ReleaseHeap:
        reason = releaseHeap(s, batch, row, emit)
        break
    }
    if (reason !== ACCEPTED) {
      emit.reason = reason
      return row
    }
  }
  return -1
}

/** Places a new block: in a pool if pymalloc serves the request, else in the C library. */
function malloc(s: AllocatorState, batch: Requests, row: number, emit: Facts, domain: number, block: number, bytes: number): number {
  if (domain > LAST_DOMAIN) return REASONS.UnknownDomain
  if (!(bytes >= 0)) return REASONS.InvalidBytes
  const place = openRow(s.blocks, block)
  if (s.blocks.handle[place] !== NO_HANDLE) return REASONS.BlockAlreadyLive
  if (domain === RAW || bytes > s.smallRequestBytes || bytes === 0) return passOn(s, batch, row, emit, domain, block, bytes)
  const sizeClass = (bytes - 1) >>> s.alignmentShift
  const unit = takeBlock(s, batch, row, emit, sizeClass)
  if (unit === 0) return passOn(s, batch, row, emit, domain, block, bytes)
  if (unit === UNITS_MAX) return REASONS.TooManyArenas
  addBlock(s.blocks, place, unit, bytes)
  if (!emit.muted) emit.push(BlockPlaced, batch.firstIndex + row, sizeClass, block, 0, bytes, unitAddress(s, unit))
  return ACCEPTED
}

/** Asks the C library for a new block. */
function passOn(s: AllocatorState, batch: Requests, row: number, emit: Facts, domain: number, block: number, bytes: number): number {
  const address = s.system.blockAddress(batch.address[row])
  addBlock(s.blocks, openRow(s.blocks, block), addClibBlock(s, bytes, address), 0)
  if (domain !== RAW) s.clibCounted++
  emit.push(BlockPassedOn, batch.firstIndex + row, domain, block, 0, bytes, address)
  return ACCEPTED
}

function free(s: AllocatorState, batch: Requests, row: number, emit: Facts, domain: number, block: number): number {
  if (domain > LAST_DOMAIN) return REASONS.UnknownDomain
  const { blocks } = s
  const place = rowOfBlock(blocks, block)
  if (place < 0) return REASONS.BlockNotLive
  const handle = blocks.handle[place]
  if (handle <= NO_HANDLE) return handle === NO_HANDLE ? REASONS.BlockNotLive : handBack(s, batch, row, emit, domain, block, place)
  if (domain === RAW) return REASONS.PoolBlockInRawDomain
  if (!emit.muted) {
    const sizeClass = s.poolClass[handle >>> s.poolShift]
    emit.push(BlockReturned, batch.firstIndex + row, sizeClass, block, 0, blocks.requested[place], unitAddress(s, handle))
  }
  removeBlock(blocks, block, place)
  returnBlock(s, batch, row, emit, handle)
  return ACCEPTED
}

/** Gives a block back to the C library. */
function handBack(s: AllocatorState, batch: Requests, row: number, emit: Facts, domain: number, block: number, place: number): number {
  const clibRow = ~s.blocks.handle[place]
  emit.push(BlockHandedBack, batch.firstIndex + row, domain, block, 0, s.clibBytes[clibRow], s.clibAddress[clibRow])
  removeBlock(s.blocks, block, place)
  removeClibBlock(s, clibRow)
  if (domain !== RAW) s.clibCounted--
  return ACCEPTED
}

function realloc(s: AllocatorState, batch: Requests, row: number, emit: Facts): number {
  const { blocks } = s
  const domain = batch.tag[row]
  const block = batch.id[row]
  const newBlock = batch.other[row]
  const bytes = batch.size[row]
  if (domain > LAST_DOMAIN) return REASONS.UnknownDomain
  if (!(bytes >= 0)) return REASONS.InvalidBytes
  const place = rowOfBlock(blocks, block)
  if (place < 0 || blocks.handle[place] === NO_HANDLE) return REASONS.BlockNotLive
  const newPlace = openRow(blocks, newBlock)
  if (blocks.handle[newPlace] !== NO_HANDLE) return REASONS.BlockAlreadyLive
  const handle = blocks.handle[place]
  if (handle < NO_HANDLE) return resizeInClib(s, batch, row, emit, place)
  if (domain === RAW) return REASONS.PoolBlockInRawDomain
  const sizeClass = s.poolClass[handle >>> s.poolShift]
  const blockBytes = (sizeClass + 1) << s.alignmentShift
  if (bytes <= blockBytes && 4 * bytes > 3 * blockBytes) {
    const previous = blocks.requested[place]
    addBlock(blocks, newPlace, handle, bytes)
    removeBlock(blocks, block, place)
    if (!emit.muted) emit.push(BlockResized, batch.firstIndex + row, sizeClass, newBlock, previous, bytes, unitAddress(s, handle))
    return ACCEPTED
  }
  // The new block is taken before the old one is given back, so it never lies in the old one's place.
  const reason = malloc(s, batch, row, emit, domain, newBlock, bytes)
  return reason === ACCEPTED ? free(s, batch, row, emit, domain, block) : reason
}

/** A block of the C library stays there, whatever its new size. */
function resizeInClib(s: AllocatorState, batch: Requests, row: number, emit: Facts, place: number): number {
  const domain = batch.tag[row]
  const block = batch.id[row]
  const newBlock = batch.other[row]
  const handle = s.blocks.handle[place]
  emit.push(BlockHandedBack, batch.firstIndex + row, domain, block, 0, s.clibBytes[~handle], s.clibAddress[~handle])
  s.clibBytes[~handle] = batch.size[row]
  s.clibAddress[~handle] = s.system.blockAddress(batch.address[row])
  addBlock(s.blocks, openRow(s.blocks, newBlock), handle, 0)
  removeBlock(s.blocks, block, place)
  emit.push(BlockPassedOn, batch.firstIndex + row, domain, newBlock, 0, s.clibBytes[~handle], s.clibAddress[~handle])
  return ACCEPTED
}

/** The system's answer stands before the request that wants it. */
function arenaMapped(s: AllocatorState, batch: Requests, row: number): number {
  const bytes = batch.size[row]
  const address = batch.address[row]
  if (!(bytes >= 0)) return REASONS.InvalidBytes
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
