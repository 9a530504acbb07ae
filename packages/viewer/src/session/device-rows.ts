/** Devices of a log, whatever else it holds. */
import { type AnyState, fragmentation, memoryStats, openDevices, REQUEST_OPCODES, reservations, segments } from '@reheap/device-memory'
import type { LogStore } from './log-store.ts'
import type { DeviceRow } from './messages.ts'

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

/** The last request before `at` for a device's block; null: none. */
export function deviceBirth({ batches }: LogStore, block: number, at: number): number | null {
  for (const { firstIndex, length, code, id } of batches.toReversed())
    for (let row = Math.min(length, at - firstIndex) - 1; row >= 0; row--)
      if (code[row] === REQUEST_OPCODES.DeviceMalloc && id[row] === block) return firstIndex + row
  return null
}
