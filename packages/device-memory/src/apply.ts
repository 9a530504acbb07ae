/**
 * THE TABLE: what each request does. Guards first, in the order of `rejected.ts`, then what the nouns do.
 *
 * @source `DeviceCachingAllocator`, `NativeCachingAllocator` of PyTorch's CUDACachingAllocator.cpp
 */
import { type Batch, grown, handleOfId, NO_HANDLE, NO_ID, openId, removeId } from '@reheap/kernel'
import { COPY_STRIDE, copyMemory } from './copy.ts'
import { ALL_DEVICES, DEVICES_MAX, DIRECTIONS, FACT_OPCODES, REQUEST_OPCODES, type RequestOpcode } from './events.ts'
import type { Facts } from './fact-rows.ts'
import { free } from './free.ts'
import { HashOrder } from './hash-order.ts'
import { malloc } from './malloc.ts'
import { OOM_STRIDE } from './out-of-memory.ts'
import { openPools } from './pool.ts'
import { beginPool, captureRow, endPool, privateRow, releaseUse } from './private-pool.ts'
import { ACCEPTED, REASONS } from './rejected.ts'
import { restoreBlock, restoreSegment } from './restore.ts'
import { releaseCached } from './segment.ts'
import { changeSettings, type Settings } from './settings.ts'
import { type DeviceMemoryState, NONE, REFUSED_HANDLE } from './state.ts'
import { DEVICE_STRIDE, MAX_SPLIT_SIZE, resetPeaks } from './statistics.ts'
import { addUse, completeStream, completeStreams, streamRow } from './stream.ts'

const { DeviceMalloc, DeviceFree } = REQUEST_OPCODES

type Requests = Batch<RequestOpcode>

/** Applies rows in order; see `Mechanism.applyBatch`. */
export function applyRows(s: DeviceMemoryState, batch: Requests, from: number, to: number, emit: Facts): number {
  const { code, firstIndex } = batch
  for (let row = from; row < to; row++) {
    const kind = code[row]
    const cause = firstIndex + row
    let reason: number
    if (kind === DeviceFree) reason = deviceFree(s, emit, cause, batch.id[row])
    else if (kind === DeviceMalloc) reason = deviceMalloc(s, batch, row, emit, cause)
    else reason = applyOther(s, batch, row, emit, cause)
    if (reason === ACCEPTED) continue
    emit.reason = reason
    return row
  }
  return -1
}

const isOpen = (s: DeviceMemoryState, device: number): boolean => device < s.devices && s.deviceOpen[device] === 1
const isWhole = (bytes: number): boolean => bytes >= 0 && Number.isSafeInteger(bytes)

function deviceMalloc(s: DeviceMemoryState, batch: Requests, row: number, emit: Facts, cause: number): number {
  const device = batch.tag[row]
  const bytes = batch.size[row]
  const block = batch.id[row]
  if (!isOpen(s, device)) return REASONS.UnknownDevice
  // A tensor without bytes has no memory: the allocator is not asked.
  if (!isWhole(bytes) || bytes === 0) return REASONS.InvalidBytes
  if (s.ids.handle[openId(s.ids, block)] !== NO_HANDLE) return REASONS.BlockAlreadyLive
  malloc(s, emit, cause, device, batch.other[row], bytes, block)
  return ACCEPTED
}

function deviceFree(s: DeviceMemoryState, emit: Facts, cause: number, block: number): number {
  const handle = handleOfId(s.ids, block)
  if (handle === NO_HANDLE) return REASONS.BlockNotLive
  removeId(s.ids, block)
  if (handle !== REFUSED_HANDLE) free(s, emit, cause, handle - 1)
  return ACCEPTED
}

function applyOther(s: DeviceMemoryState, batch: Requests, row: number, emit: Facts, cause: number): number {
  const device = batch.tag[row]
  switch (batch.code[row]) {
    case REQUEST_OPCODES.DeviceOpened:
      return deviceOpened(s, device, batch.size[row], batch.address[row])
    case REQUEST_OPCODES.RecordStream:
      return recordStream(s, batch.id[row], batch.other[row])
    case REQUEST_OPCODES.CompleteStreamEvents:
      return completeStreamEvents(s, device, batch.other[row])
    case REQUEST_OPCODES.EmptyCache:
      return emptyCache(s, emit, cause)
    case REQUEST_OPCODES.ResetPeakStats:
      if (!isOpen(s, device)) return REASONS.UnknownDevice
      resetPeaks(s.figures, device)
      return ACCEPTED
    case REQUEST_OPCODES.Configure:
      return configure(s, batch, row, emit, cause)
    case REQUEST_OPCODES.SetMemoryFraction:
      return setMemoryFraction(s, device, batch.size[row])
    case REQUEST_OPCODES.BeginPool:
      return begin(s, device, batch.id[row], batch.other[row])
    case REQUEST_OPCODES.EndPool:
      return end(s, device, batch.id[row])
    case REQUEST_OPCODES.ReleasePool:
      return release(s, device, batch.id[row])
    case REQUEST_OPCODES.RestoreSegment:
      return isOpen(s, device) ? restoreSegment(s, batch, row) : REASONS.UnknownDevice
    case REQUEST_OPCODES.RestoreBlock:
      return restoreBlock(s, device, batch.id[row], batch.size[row], batch.address[row])
    case REQUEST_OPCODES.CopyMemory:
      return copy(s, batch, row, emit, cause)
  }
  return ACCEPTED
}

function deviceOpened(s: DeviceMemoryState, device: number, capacity: number, context: number): number {
  if (device >= DEVICES_MAX) return REASONS.UnknownDevice
  if (isOpen(s, device)) return REASONS.DeviceAlreadyOpened
  if (!isWhole(capacity) || !isWhole(context)) return REASONS.InvalidBytes
  s.devices = Math.max(s.devices, device + 1)
  s.deviceOpen = grown(s.deviceOpen, s.devices)
  s.deviceCapacity = grown(s.deviceCapacity, s.devices)
  s.deviceLimit = grown(s.deviceLimit, s.devices)
  s.devicePool = grown(s.devicePool, s.devices)
  s.deviceCaptures = grown(s.deviceCaptures, s.devices)
  s.deviceOom = grown(s.deviceOom, s.devices * OOM_STRIDE)
  s.figures = grown(s.figures, s.devices * DEVICE_STRIDE)
  s.copies = grown(s.copies, s.devices * COPY_STRIDE)
  while (s.eventStreams.length < s.devices) s.eventStreams.push(new HashOrder())
  while (s.releasedPools.length < s.devices) s.releasedPools.push(new HashOrder())
  s.deviceOpen[device] = 1
  s.deviceCapacity[device] = capacity
  s.deviceLimit[device] = Number.POSITIVE_INFINITY
  if (s.settings.memoryFraction < 1) limit(s, device, s.settings.memoryFraction)
  s.devicePool[device] = openPools(s, device, NONE)
  s.figures[device * DEVICE_STRIDE + MAX_SPLIT_SIZE] = s.maxSplitBytes === Number.POSITIVE_INFINITY ? -1 : s.maxSplitBytes
  s.driver.open(device, capacity, context)
  return ACCEPTED
}

function recordStream(s: DeviceMemoryState, block: number, stream: number): number {
  const handle = handleOfId(s.ids, block)
  if (handle === NO_HANDLE) return REASONS.BlockNotLive
  if (handle === REFUSED_HANDLE) return ACCEPTED
  const list = s.blockList[handle - 1]
  const device = s.poolDevice[s.listPool[list]]
  // The block's own stream runs in order: it needs no event.
  if (stream !== s.listStream[list]) addUse(s, handle - 1, streamRow(s, device, stream), s.deviceCaptures[device] > 0)
  return ACCEPTED
}

function completeStreamEvents(s: DeviceMemoryState, device: number, stream: number): number {
  if (device !== ALL_DEVICES && !isOpen(s, device)) return REASONS.UnknownDevice
  for (let each = 0; each < s.devices; each++) {
    if (s.deviceOpen[each] === 0 || (device !== ALL_DEVICES && each !== device)) continue
    if (stream === NO_ID) completeStreams(s, each)
    else completeStream(s, streamRow(s, each, stream))
  }
  return ACCEPTED
}

function emptyCache(s: DeviceMemoryState, emit: Facts, cause: number): number {
  if (s.captures > 0 && !s.profile.emptiesWhileBegun) return REASONS.PoolBegun
  for (let device = 0; device < s.devices; device++) {
    if (s.deviceOpen[device] === 1) releaseCached(s, emit, cause, device, s.deviceCaptures[device] === 0)
  }
  return ACCEPTED
}

/** Takes settings over into the columns that the loop reads. */
export function useSettings(s: DeviceMemoryState, settings: Settings): void {
  s.settings = settings
  s.maxSplitBytes = settings.maxSplitBytes
  s.nonSplitRoundingBytes = settings.nonSplitRoundingBytes
  s.largeSegmentBytes = settings.largeSegmentBytes
  s.gcThreshold = settings.gcThreshold
  s.expandable = settings.expandableSegments ? 1 : 0
  s.divisions.set(settings.divisions)
  s.rounds = settings.divisions.some((divisions) => divisions > 1) ? 1 : 0
}

function configure(s: DeviceMemoryState, batch: Requests, row: number, emit: Facts, cause: number): number {
  const text = settingsOf(batch, row)
  if (text === null) return REASONS.MissingSettings
  const { settings, fault } = changeSettings(s.settings, text, s.profile)
  useSettings(s, settings)
  s.settingsFault = fault
  if (fault !== null) emit.push(FACT_OPCODES.SettingsRefused, cause, 0, NO_ID, 0, 0, 0)
  return ACCEPTED
}

/** The string of settings lies in the row's detail. */
function settingsOf(batch: Requests, row: number): string | null {
  const detail = (batch as { detail?: (row: number) => string | null }).detail?.(row) ?? null
  if (detail === null) return null
  const { settings } = JSON.parse(detail) as { readonly settings?: unknown }
  return typeof settings === 'string' ? settings : null
}

function limit(s: DeviceMemoryState, device: number, fraction: number): void {
  const isLimited = fraction < 1 || s.profile.fullFractionLimits
  s.deviceLimit[device] = isLimited ? Math.floor(fraction * s.deviceCapacity[device]) : Number.POSITIVE_INFINITY
}

function setMemoryFraction(s: DeviceMemoryState, device: number, fraction: number): number {
  if (!isOpen(s, device)) return REASONS.UnknownDevice
  if (!(fraction >= 0 && fraction <= 1)) return REASONS.InvalidFraction
  limit(s, device, fraction)
  return ACCEPTED
}

function begin(s: DeviceMemoryState, device: number, pool: number, stream: number): number {
  if (!isOpen(s, device)) return REASONS.UnknownDevice
  const row = privateRow(s, device, pool)
  if (row !== NONE && captureRow(s, row) !== NONE) return REASONS.PoolAlreadyBegun
  if (row !== NONE && s.privateUses[row] === 0) return REASONS.PoolReleased
  beginPool(s, device, pool, stream === NO_ID ? NONE : stream)
  return ACCEPTED
}

function end(s: DeviceMemoryState, device: number, pool: number): number {
  if (!isOpen(s, device)) return REASONS.UnknownDevice
  const row = privateRow(s, device, pool)
  if (row === NONE) return REASONS.UnknownPool
  const place = captureRow(s, row)
  if (place === NONE) return REASONS.PoolNotBegun
  endPool(s, device, place)
  return ACCEPTED
}

function release(s: DeviceMemoryState, device: number, pool: number): number {
  if (!isOpen(s, device)) return REASONS.UnknownDevice
  const row = privateRow(s, device, pool)
  if (row === NONE) return REASONS.UnknownPool
  if (s.privateUses[row] === 0) return REASONS.PoolReleased
  releaseUse(s, device, row)
  return ACCEPTED
}

function copy(s: DeviceMemoryState, batch: Requests, row: number, emit: Facts, cause: number): number {
  const device = Number.isNaN(batch.address[row]) ? 0 : batch.address[row]
  const bytes = batch.size[row]
  if (!isOpen(s, device)) return REASONS.UnknownDevice
  if (!isWhole(bytes)) return REASONS.InvalidBytes
  if (batch.tag[row] >= DIRECTIONS.length) return REASONS.InvalidDirection
  copyMemory(s, emit, cause, device, batch.tag[row], batch.other[row] === 0 ? 0 : 1, bytes)
  return ACCEPTED
}
