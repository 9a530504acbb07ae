/** Devices of a log, whatever else it holds. */
import { type AnyState, fragmentation, memoryStats, openDevices, REQUEST_OPCODES, reservations, segments } from '@reheap/device-memory'
import { NO_ID } from '@reheap/kernel'
import { lastAbout } from './last-about.ts'
import type { LogStore } from './log-store.ts'
import type { BlockOrigin, SentView } from './messages.ts'
import { sentSegments } from './sent-segments.ts'
import type { Stacks } from './stacks.ts'

const { DeviceMalloc, RestoreBlock } = REQUEST_OPCODES

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

/** The last event before `at` that names a device's block as its own; null: none. */
export const deviceNaming = (log: LogStore, block: number, at: number): number | null =>
  lastAbout(log, block, [DeviceMalloc, RestoreBlock], at)

/** Where a block came from. @param index event that names it; null: none does */
export function originOf({ batches }: LogStore, stacks: Stacks, index: number | null): BlockOrigin {
  const stack = index === null ? null : batches.value('stack', index)
  return {
    born: index === null || batches.value('code', index) === RestoreBlock ? null : index,
    stack: stacks.told(stack ?? NO_ID),
  }
}
