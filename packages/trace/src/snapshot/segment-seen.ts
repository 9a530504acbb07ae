import { BLOCK_STATES } from '@reheap/device-memory'
import type { SegmentRecord } from './snapshot.ts'

/** The device of an observation: left out where it is 0. */
export const on = (device: number): { readonly device?: number } => (device === 0 ? {} : { device })

/** A segment of the snapshot's moment as an observation. What an inactive block was asked for is out of date. */
export function segmentSeen(
  { device, address, bytes, isSmall, isExpandable, blocks }: SegmentRecord,
  stream: number,
  pool: number | null,
): object {
  const type = isSmall ? 'small' : 'large'
  const seen = blocks.map((block) => {
    const { address, bytes, requestedBytes } = block
    const state = BLOCK_STATES[block.state]
    return state === 'active_allocated' ? { address, bytes, state, requestedBytes } : { address, bytes, state }
  })
  return { of: 'deviceSegment', values: { ...on(device), address, bytes, stream, type, isExpandable, pool, blocks: seen } }
}
