/** Segments on their way to the page, as numbers: a message of thousands of objects takes longer than the replay that they come from. */
import type { BlockView, SegmentView } from '@reheap/device-memory'
import type { SentView, View } from './messages.ts'

const STATES: readonly BlockView['state'][] = ['inactive', 'active_allocated', 'active_pending_free']
const TYPES: readonly SegmentView['type'][] = ['small', 'large']
/** Stands for null: ids begin at 0. */
const NONE = -1
/** Numbers of a segment: device, address, bytes, stream, place of its type, pool, is it expandable, how many of the blocks are its own. */
const HEAD = 8
/** Numbers of a block: address, bytes, requested bytes, place of its state, id. */
const BLOCK = 5

export interface SentSegments {
  /** @shape [segments * HEAD] */
  readonly heads: Float64Array
  /** Those of one segment behind those of another. @shape [blocks * BLOCK] */
  readonly blocks: Float64Array
}

export function sentSegments(segments: readonly SegmentView[]): SentSegments {
  const heads = new Float64Array(HEAD * segments.length)
  const blocks = new Float64Array(BLOCK * segments.reduce((sum, segment) => sum + segment.blocks.length, 0))
  let next = 0
  segments.forEach(({ device, address, bytes, stream, type, pool, isExpandable, blocks: own }, place) => {
    heads.set([device, address, bytes, stream, TYPES.indexOf(type), pool ?? NONE, isExpandable ? 1 : 0, own.length], HEAD * place)
    for (const block of own) {
      blocks[next++] = block.address
      blocks[next++] = block.bytes
      blocks[next++] = block.requestedBytes
      blocks[next++] = STATES.indexOf(block.state)
      blocks[next++] = block.block ?? NONE
    }
  })
  return { heads, blocks }
}

/** A view as the page reads it. */
export const openedView = (sent: SentView): View => ({
  ...sent,
  devices: sent.devices.map((row) => ({ ...row, segments: openedSegments(row.segments) })),
})

/** The segments as they were; blocks of one are made when somebody asks for them. */
export function openedSegments({ heads, blocks }: SentSegments): readonly SegmentView[] {
  let next = 0
  return Array.from({ length: heads.length / HEAD }, (_, place) => {
    const [device = 0, address = 0, bytes = 0, stream = 0, type = 0, pool = 0, isExpandable, count = 0] = heads.subarray(HEAD * place)
    const first = next
    next += count
    let own: readonly BlockView[] | null = null
    return {
      device,
      address,
      bytes,
      stream,
      type: TYPES[type] as SegmentView['type'],
      pool: pool === NONE ? null : pool,
      isExpandable: isExpandable === 1,
      get blocks() {
        own ??= Array.from({ length: count }, (__, block) => openedBlock(blocks, first + block))
        return own
      },
    }
  })
}

function openedBlock(blocks: Float64Array, place: number): BlockView {
  const [address = 0, bytes = 0, requestedBytes = 0, state = 0, block = NONE] = blocks.subarray(BLOCK * place, BLOCK * (place + 1))
  return { address, bytes, requestedBytes, state: STATES[state] as BlockView['state'], block: block === NONE ? null : block }
}
