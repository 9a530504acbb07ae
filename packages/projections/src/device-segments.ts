/** Segments of a device by what keeps them, and free blocks by why a request could not use them. */
import type { SegmentView } from '@reheap/device-memory'

/** A segment with what is free in it. @unit bytes */
export interface SegmentUse {
  readonly segment: SegmentView
  readonly liveBlocks: number
  readonly liveBytes: number
  readonly freeBytes: number
  readonly largestFreeBytes: number
}

/** Segments, those with the most free bytes that live blocks pin first; ones without a live block last. */
export function segmentUses(segments: readonly SegmentView[]): readonly SegmentUse[] {
  return segments
    .map((segment) => {
      const live = segment.blocks.filter(({ state }) => state !== 'inactive')
      const free = segment.blocks.filter(({ state }) => state === 'inactive')
      const sum = (blocks: typeof live): number => blocks.reduce((total, { bytes }) => total + bytes, 0)
      return {
        segment,
        liveBlocks: live.length,
        liveBytes: sum(live),
        freeBytes: sum(free),
        largestFreeBytes: Math.max(0, ...free.map(({ bytes }) => bytes)),
      }
    })
    .sort((a, b) => Number(b.liveBlocks > 0) - Number(a.liveBlocks > 0) || b.freeBytes - a.freeBytes)
}

/** Why a free block did not serve a request. */
export const UNUSED_REASONS = ['privatePool', 'otherPool', 'otherStream', 'tooSmall', 'tooLarge'] as const
/** Why free memory of a device did not serve a request. */
export type UnusedReason = (typeof UNUSED_REASONS)[number]

/** A request for memory. */
export interface Wanted {
  readonly device: number
  readonly stream: number
  /** As the allocator rounded it. */
  readonly bytes: number
  readonly type: 'small' | 'large'
  /** Private pool that it would have come from; null: the device's own. */
  readonly pool: number | null
}

/** Free blocks of one reason. @unit bytes */
export interface UnusedBlocks {
  readonly reason: UnusedReason
  readonly blocks: number
  readonly bytes: number
  readonly largestBytes: number
}

/** Free blocks by the first reason for which a request could not use them; reasons without a block are left out. */
export function unusedBlocks(segments: readonly SegmentView[], wanted: Wanted): readonly UnusedBlocks[] {
  const found = new Map<UnusedReason, UnusedBlocks>()
  for (const segment of segments) {
    if (segment.device !== wanted.device) continue
    for (const { state, bytes } of segment.blocks) {
      if (state !== 'inactive') continue
      const reason = reasonOf(segment, bytes, wanted)
      const known = found.get(reason)
      found.set(reason, {
        reason,
        blocks: (known?.blocks ?? 0) + 1,
        bytes: (known?.bytes ?? 0) + bytes,
        largestBytes: Math.max(known?.largestBytes ?? 0, bytes),
      })
    }
  }
  return UNUSED_REASONS.flatMap((reason) => found.get(reason) ?? [])
}

function reasonOf({ pool, type, stream }: SegmentView, bytes: number, wanted: Wanted): UnusedReason {
  if (pool !== wanted.pool) return 'privatePool'
  if (type !== wanted.type) return 'otherPool'
  if (stream !== wanted.stream) return 'otherStream'
  return bytes < wanted.bytes ? 'tooSmall' : 'tooLarge'
}
