/** Segments on their way to the page: their blocks as columns, since a message of thousands of objects takes longer than the replay that they come from. */
import type { BlockView, SegmentView } from '@reheap/device-memory'
import type { SentView, View } from './messages.ts'

const STATES: readonly BlockView['state'][] = ['inactive', 'active_allocated', 'active_pending_free']
const NO_BLOCK = -1

/** A segment, and how many of the blocks are its own. */
type SegmentHead = Omit<SegmentView, 'blocks'> & { readonly blockCount: number }

/** Blocks of all segments, one behind the other. @shape columns: [blocks] */
export interface SentSegments {
  readonly heads: readonly SegmentHead[]
  readonly address: Float64Array
  readonly bytes: Float64Array
  readonly requestedBytes: Float64Array
  /** Place in {@link STATES}. */
  readonly state: Uint8Array
  /** Its id in the log; -1: it is inactive. */
  readonly block: Float64Array
}

export function sentSegments(segments: readonly SegmentView[]): SentSegments {
  const blocks = segments.flatMap((segment) => segment.blocks)
  return {
    heads: segments.map(({ blocks: own, ...segment }) => ({ ...segment, blockCount: own.length })),
    address: Float64Array.from(blocks, ({ address }) => address),
    bytes: Float64Array.from(blocks, ({ bytes }) => bytes),
    requestedBytes: Float64Array.from(blocks, ({ requestedBytes }) => requestedBytes),
    state: Uint8Array.from(blocks, ({ state }) => STATES.indexOf(state)),
    block: Float64Array.from(blocks, ({ block }) => block ?? NO_BLOCK),
  }
}

/** A view as the page reads it. */
export const openedView = (sent: SentView): View => ({
  ...sent,
  devices: sent.devices.map((row) => ({ ...row, segments: openedSegments(row.segments) })),
})

/** The segments as they were; blocks of one are made when somebody asks for them. */
export function openedSegments(sent: SentSegments): readonly SegmentView[] {
  let next = 0
  return sent.heads.map(({ blockCount, ...segment }) => {
    const first = next
    next += blockCount
    let blocks: readonly BlockView[] | null = null
    return {
      ...segment,
      get blocks() {
        blocks ??= Array.from({ length: blockCount }, (_, place) => openedBlock(sent, first + place))
        return blocks
      },
    }
  })
}

function openedBlock({ address, bytes, requestedBytes, state, block }: SentSegments, place: number): BlockView {
  const id = block[place] ?? NO_BLOCK
  return {
    address: address[place] ?? 0,
    bytes: bytes[place] ?? 0,
    requestedBytes: requestedBytes[place] ?? 0,
    state: STATES[state[place] ?? 0] as BlockView['state'],
    block: id === NO_BLOCK ? null : id,
  }
}
