/** What was there before a device's log begins. */
import { REQUEST_OPCODES } from '@reheap/device-memory'
import { formatBytes } from '@reheap/kernel'
import type { DeviceLogParts } from '@reheap/machine'

/** Bytes of the segments that a log begins with. */
export function restoredBytes({ rows: { length, code, size } }: DeviceLogParts): number {
  let bytes = 0
  for (let row = 0; row < length; row++) if (code[row] === REQUEST_OPCODES.RestoreSegment) bytes += size[row]
  return bytes
}

/** What people should know of it; nothing where the log begins with the program. */
export function restoredLines(bytes: number, isRebuilt: boolean): readonly string[] {
  if (bytes === 0) return []
  return [
    isRebuilt
      ? `What was live before the log begins was asked for anew, in the order of its addresses; its segments had ${formatBytes(bytes)}.`
      : `${formatBytes(bytes)} in segments were there before the log begins and stand as they were in every row; --rebuild asks for them anew.`,
  ]
}
