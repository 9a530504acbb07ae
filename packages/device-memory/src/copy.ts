/** Copies between host and device: counted, and priced by a model of the hardware. */

import { copyNanoseconds } from './device-hardware.ts'
import { DIRECTIONS, FACT_OPCODES } from './events.ts'
import type { Facts } from './fact-rows.ts'
import type { DeviceMemoryState } from './state.ts'

/** Count, bytes and nanoseconds of each direction, pageable and pinned. */
export const COPY_FIGURES = 3
export const COPY_STRIDE = DIRECTIONS.length * 2 * COPY_FIGURES

/** Place of a kind of copy among the columns. */
export const copyPlace = (device: number, direction: number, pinned: number): number =>
  device * COPY_STRIDE + (direction * 2 + pinned) * COPY_FIGURES

export function copyMemory(
  s: DeviceMemoryState,
  emit: Facts,
  cause: number,
  device: number,
  direction: number,
  pinned: number,
  bytes: number,
): void {
  const nanoseconds = copyNanoseconds(s.hardware, direction, bytes, pinned === 1)
  const at = copyPlace(device, direction, pinned)
  s.copies[at]++
  s.copies[at + 1] += bytes
  s.copies[at + 2] += nanoseconds
  emit.push(FACT_OPCODES.MemoryCopied, cause, direction, device, pinned, bytes, nanoseconds)
}
