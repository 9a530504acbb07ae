/** Garbage collection of cached segments: the ones that were not used for long are given back. */
import type { Facts } from './fact-rows.ts'
import { gatherFree } from './free-list.ts'
import { isWholeSegment, releaseSegment } from './segment.ts'
import type { DeviceMemoryState } from './state.ts'
import { DEVICE_STRIDE, RESERVED_BYTES } from './statistics.ts'

/** Is garbage collected on the device? Only below a limit, and with a threshold. */
export function collectsGarbage(s: DeviceMemoryState, device: number): boolean {
  return s.gcThreshold > 0 && s.deviceLimit[device] !== Number.POSITIVE_INFINITY
}

/**
 * Gives whole segments of the large pool back, those of at least the mean age in each round, until less than the
 * threshold is reserved. The age of a block is the number of searches in its pool since it was cached.
 *
 * @source `garbage_collect_cached_blocks`
 */
export function collectGarbage(s: DeviceMemoryState, emit: Facts, cause: number, device: number): void {
  const threshold = Math.floor(s.gcThreshold * s.deviceLimit[device])
  const target = s.figures[device * DEVICE_STRIDE + RESERVED_BYTES] - threshold
  if (target <= 0) return
  const pool = s.devicePool[device] + 1
  const searches = s.poolSearches[pool]
  const gathered = gatherFree(s, pool)
  let left = 0
  let ages = 0
  for (let place = 0; place < gathered; place++) {
    const block = s.work[place]
    if (!isWholeSegment(s, block)) continue
    ages += searches - s.blockSearches[block]
    s.work[left++] = block
  }
  let reclaimed = 0
  let freed = true
  while (reclaimed < target && freed && left > 0) {
    const mean = ages / left
    const count = left
    freed = false
    left = 0
    for (let place = 0; place < count; place++) {
      const block = s.work[place]
      const age = searches - s.blockSearches[block]
      if (age < mean) {
        s.work[left++] = block
        continue
      }
      freed = true
      reclaimed += s.blockSize[block]
      ages -= age
      releaseSegment(s, emit, cause, block)
    }
  }
}
