/** From the bytes that a program asks for to those of a block and of a segment. */
import type { Settings } from './settings.ts'
import type { DeviceMemoryState } from './state.ts'

const MIB = 1024 * 1024
const LAST_INTERVAL = 15

/** Bytes of the block that serves a request. */
export function roundedBytes(s: DeviceMemoryState, bytes: number): number {
  return rounded(bytes, s.profile.blockBytesMin, s.rounds === 0 ? 0 : s.divisions[intervalOf(bytes)])
}

/** Bytes of the block that serves a request, by settings alone. @param least bytes of the smallest block, the same in every version so far */
export function roundedRequest(settings: Settings, bytes: number, least = 512): number {
  return rounded(bytes, least, settings.divisions[intervalOf(bytes)])
}

/** @source `round_size` */
function rounded(bytes: number, least: number, divisions: number): number {
  if (bytes < least) return least
  if (divisions > 1 && bytes > least * divisions) return nextDivision(bytes, divisions)
  return Math.ceil(bytes / least) * least
}

/** Entry of the table of divisions: that of 1 MiB for all below 2 MiB, that of 32 GiB for all above. */
function intervalOf(bytes: number): number {
  if (bytes < 2 * MIB) return 0
  return Math.min(31 - Math.clz32(bytes / MIB), LAST_INTERVAL)
}

/** The next of so many equal steps between two powers of two; a power of two stays. @source `roundup_power2_next_division` */
function nextDivision(bytes: number, divisions: number): number {
  const floor = powerFloor(bytes)
  const step = floor / powerFloor(divisions)
  return Math.ceil(bytes / step) * step
}

function powerFloor(value: number): number {
  return value < MIB ? 2 ** (31 - Math.clz32(value)) : MIB * 2 ** (31 - Math.clz32(value / MIB))
}

/** Bytes that are asked of the driver for a block. @source `get_allocation_size` */
export function segmentBytesFor(s: DeviceMemoryState, size: number): number {
  const { profile } = s
  if (size <= s.smallBytesMax) return profile.smallSegmentBytes
  if (size < profile.ownSegmentBytesMin) return s.largeSegmentBytes
  return Math.ceil(size / profile.segmentRoundingBytes) * profile.segmentRoundingBytes
}
