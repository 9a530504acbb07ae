/** Devices of a log, whatever else it holds. */
import { type AnyState, fragmentation, memoryStats, openDevices, REQUEST_OPCODES, reservations, segments } from '@reheap/device-memory'
import type { LogStore } from './log-store.ts'
import type { SentView } from './messages.ts'
import { sentSegments } from './sent-segments.ts'

/** Every device that is open. */
export function deviceRows(state: AnyState): SentView['devices'] {
  const all = segments(state)
  const spaces = reservations(state)
  return openDevices(state).map(({ device, capacityBytes }) => ({
    device,
    capacityBytes,
    memoryStats: memoryStats(state, device) as Readonly<Record<string, number>>,
    fragmentation: fragmentation(state, device),
    segments: sentSegments(all.filter((segment) => segment.device === device)),
    reservations: spaces.filter((space) => space.device === device),
  }))
}

/** The last request before `at` for a device's block; null: none. */
export function deviceBirth({ batches }: LogStore, block: number, at: number): number | null {
  for (let index = at - 1; index >= 0; index--)
    if (batches.value('code', index) === REQUEST_OPCODES.DeviceMalloc && batches.value('id', index) === block) return index
  return null
}
