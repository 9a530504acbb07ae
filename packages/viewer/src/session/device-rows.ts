/** Devices at one moment and over events, whatever else the log holds. */
import {
  type AnyState,
  FACT_OPCODES,
  fragmentation,
  memoryStats,
  openDevices,
  REQUEST_OPCODES,
  reservations,
  segments,
} from '@reheap/device-memory'
import type { FactBatch } from '@reheap/kernel'
import type { LogStore } from './log-store.ts'
import type { DeviceRow, Moment } from './messages.ts'

/** Every device that is open. */
export function deviceRows(state: AnyState): readonly DeviceRow[] {
  const all = segments(state)
  const spaces = reservations(state)
  return openDevices(state).map(({ device, capacityBytes }) => ({
    device,
    capacityBytes,
    memoryStats: memoryStats(state, device) as Readonly<Record<string, number>>,
    fragmentation: fragmentation(state, device),
    segments: all.filter((segment) => segment.device === device),
    reservations: spaces.filter((space) => space.device === device),
  }))
}

/** Segments that come and go, and refused requests. @param most moments that are kept */
export function gatherSegments({ code, cause, length }: FactBatch, into: Moment[], most: number): void {
  for (let row = 0; row < length && into.length < most; row++) {
    const index = cause[row]
    if (code[row] === FACT_OPCODES.OutOfMemoryRaised) into.push({ index, kind: 'outOfMemory', label: 'out of memory' })
    else if (code[row] === FACT_OPCODES.SegmentAllocated) into.push({ index, kind: 'region', label: 'segment allocated' })
    else if (code[row] === FACT_OPCODES.SegmentFreed) into.push({ index, kind: 'region', label: 'segment freed' })
  }
}

/** The last request before `at` for a device's block; null: none. */
export function deviceBirth({ batches }: LogStore, block: number, at: number): number | null {
  for (const { firstIndex, length, code, id } of batches.toReversed())
    for (let row = Math.min(length, at - firstIndex) - 1; row >= 0; row--)
      if (code[row] === REQUEST_OPCODES.DeviceMalloc && id[row] === block) return firstIndex + row
  return null
}
