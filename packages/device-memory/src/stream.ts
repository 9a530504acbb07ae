/** Streams: which blocks they still use, and the events that tell when they are done. */
import { grown } from '@reheap/kernel'
import type { Facts } from './fact-rows.ts'
import { freeBlock } from './free.ts'
import { clearMembers, enterMember, fibonacciHash, memberSlot, removeSlot, resetMembers } from './hash-order.ts'
import { type DeviceMemoryState, IN_USE, NONE } from './state.ts'
import { DEVICE_STRIDE, NUM_SYNC_ALL_STREAMS } from './statistics.ts'

/**
 * What PyTorch hashes of a stream: stream 0 is the default stream, stream n the n-th that was taken from the pool of streams.
 *
 * @source `Stream::hash`, `makeStreamId`
 */
function streamHash(device: number, id: number): number {
  const streamId = id === 0 ? 0n : BigInt(id - 1) * 32n + 3n
  return fibonacciHash((CUDA << 56n) | (BigInt(device) << 48n) | streamId)
}
/** `DeviceType::CUDA` */
const CUDA = 1n

/** Row of a stream; a new one for a stream that was not yet named. */
export function streamRow(s: DeviceMemoryState, device: number, id: number): number {
  for (let row = 0; row < s.streamRows; row++) if (s.streamId[row] === id && s.streamDevice[row] === device) return row
  const row = s.streamRows++
  s.streamDevice = grown(s.streamDevice, s.streamRows)
  s.streamId = grown(s.streamId, s.streamRows)
  s.streamHash = grown(s.streamHash, s.streamRows)
  s.streamHead = grown(s.streamHead, s.streamRows)
  s.streamTail = grown(s.streamTail, s.streamRows)
  s.streamEvents = grown(s.streamEvents, s.streamRows)
  s.streamDone = grown(s.streamDone, s.streamRows)
  s.streamDevice[row] = device
  s.streamId[row] = id
  s.streamHash[row] = streamHash(device, id)
  s.streamHead[row] = NONE
  s.streamTail[row] = NONE
  s.streamEvents[row] = 0
  s.streamDone[row] = 0
  return row
}

/** Notes that a block is used on a stream; a use while a pool is begun is one of the graph. @source `recordStream` */
export function addUse(s: DeviceMemoryState, block: number, stream: number, isCaptured: boolean): void {
  let last = NONE
  for (let use = s.blockUses[block]; use !== NONE; use = s.useNext[use]) {
    last = use
    if (s.useStream[use] >> 1 !== stream) continue
    if (isCaptured) s.useStream[use] |= 1
    return
  }
  let use = s.useUnused
  if (use === NONE) {
    use = s.useRows++
    s.useStream = grown(s.useStream, s.useRows)
    s.useNext = grown(s.useNext, s.useRows)
  } else s.useUnused = s.useNext[use]
  s.blockFlags[block] |= IN_USE
  s.useStream[use] = (stream << 1) | (isCaptured ? 1 : 0)
  s.useNext[use] = NONE
  if (last === NONE) s.blockUses[block] = use
  else s.useNext[last] = use
}

/** An event on every stream that uses the block. @param keepsCaptured is a use by a graph one of the stream? @source `insert_events` */
export function insertEvents(s: DeviceMemoryState, block: number, keepsCaptured: boolean): void {
  const order = s.usingStreams
  resetMembers(order)
  let use = s.blockUses[block]
  while (use !== NONE) {
    const next = s.useNext[use]
    if (keepsCaptured || (s.useStream[use] & 1) === 0) enterMember(order, s.streamHash, s.useStream[use] >> 1)
    s.useNext[use] = s.useUnused
    s.useUnused = use
    use = next
  }
  s.blockUses[block] = NONE
  for (let slot = memberSlot(order, 0); slot < order.slots.length; slot = memberSlot(order, slot + 1))
    recordEvent(s, order.slots[slot], block)
}

function recordEvent(s: DeviceMemoryState, stream: number, block: number): void {
  let event = s.eventUnused
  if (event === NONE) {
    event = s.eventRows++
    s.eventBlock = grown(s.eventBlock, s.eventRows)
    s.eventNext = grown(s.eventNext, s.eventRows)
  } else s.eventUnused = s.eventNext[event]
  s.eventBlock[event] = block
  s.eventNext[event] = NONE
  enterMember(s.eventStreams[s.streamDevice[stream]], s.streamHash, stream)
  const tail = s.streamTail[stream]
  if (tail === NONE) s.streamHead[stream] = event
  else s.eventNext[tail] = event
  s.streamTail[stream] = event
  s.streamEvents[stream]++
  s.eventCount++
  s.blockEvents[block]++
}

/** All work of a stream so far is done. The allocator learns of it when it looks. */
export function completeStream(s: DeviceMemoryState, stream: number): void {
  s.streamDone[stream] = s.streamEvents[stream]
}

/** All work so far of the streams of a device is done. */
export function completeStreams(s: DeviceMemoryState, device: number): void {
  for (let stream = 0; stream < s.streamRows; stream++) if (s.streamDevice[stream] === device) completeStream(s, stream)
}

/** Defers the events of a block that was freed while a pool was begun. */
export function deferEvents(s: DeviceMemoryState, block: number): void {
  s.deferred = grown(s.deferred, s.deferredCount + 1)
  s.deferred[s.deferredCount++] = block
}

/** Frees the blocks whose events are done. @source `process_events` */
export function processEvents(s: DeviceMemoryState, emit: Facts, cause: number, device: number): void {
  if (s.deferredCount > 0) insertDeferred(s, emit, cause, device)
  if (s.eventCount === 0) return
  const order = s.eventStreams[device]
  let slot = memberSlot(order, 0)
  while (slot < order.slots.length) {
    const stream = order.slots[slot]
    while (s.streamDone[stream] > 0) popEvent(s, emit, cause, stream)
    if (s.streamEvents[stream] === 0) removeSlot(order, slot)
    else slot++
    slot = memberSlot(order, slot)
  }
}

/** Waits for every event and frees what waited for them. @source `synchronize_and_free_events` */
export function synchronizeEvents(s: DeviceMemoryState, emit: Facts, cause: number, device: number): void {
  s.figures[device * DEVICE_STRIDE + NUM_SYNC_ALL_STREAMS]++
  insertDeferred(s, emit, cause, device)
  const order = s.eventStreams[device]
  for (let slot = memberSlot(order, 0); slot < order.slots.length; slot = memberSlot(order, slot + 1)) {
    const stream = order.slots[slot]
    while (s.streamEvents[stream] > 0) popEvent(s, emit, cause, stream)
    s.streamDone[stream] = 0
  }
  clearMembers(order)
}

function popEvent(s: DeviceMemoryState, emit: Facts, cause: number, stream: number): void {
  const event = s.streamHead[stream]
  const block = s.eventBlock[event]
  s.streamHead[stream] = s.eventNext[event]
  if (s.streamHead[stream] === NONE) s.streamTail[stream] = NONE
  s.eventNext[event] = s.eventUnused
  s.eventUnused = event
  s.streamEvents[stream]--
  s.streamDone[stream]--
  s.eventCount--
  s.blockEvents[block]--
  if (s.blockEvents[block] === 0) freeBlock(s, emit, cause, block)
}

/** @source `insert_events_deferred_until_no_capture` */
function insertDeferred(s: DeviceMemoryState, emit: Facts, cause: number, device: number): void {
  let kept = 0
  for (let place = 0; place < s.deferredCount; place++) {
    const block = s.deferred[place]
    if (s.poolDevice[s.listPool[s.blockList[block]]] !== device) s.deferred[kept++] = block
    else {
      insertEvents(s, block, false)
      if (s.blockEvents[block] === 0) freeBlock(s, emit, cause, block)
    }
  }
  s.deferredCount = kept
}
