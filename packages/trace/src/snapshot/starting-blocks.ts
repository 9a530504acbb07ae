import type { Settings } from '@reheap/device-memory'
import { roundedRequest } from '@reheap/device-memory'
import { NO_ID } from '@reheap/kernel'
import type { KnownBlocks } from './known-blocks.ts'
import type { Beginning } from './rewind.ts'
import { contradiction } from './snapshot-fault.ts'

const MIB = 1024 * 1024
const INACTIVE = 2

/** A block of a segment before the trace. */
export interface StartingBlock {
  /** Number of a known block; {@link NO_ID}: it is inactive. */
  readonly known: number
  readonly bytes: number
  readonly requestedBytes: number
  readonly state: number
}

/** The blocks of every segment before the trace. @throws SnapshotFault where they do not fit */
export function* startingBlocks(
  { device, segments, live, nextSeen }: Beginning,
  blocks: KnownBlocks,
  settings: Settings,
): Generator<{ readonly segment: Beginning['segments'][number]; readonly blocks: readonly StartingBlock[] }> {
  let place = 0
  for (const segment of segments) {
    const end = segment.address + segment.bytes
    const found: StartingBlock[] = []
    let next = segment.address
    for (; place < live.length && blocks.address[live[place]] < end; place++) {
      const known = live[place]
      const address = blocks.address[known]
      if (address < next) throw misplaced(device, address)
      if (address > next) found.push({ known: NO_ID, bytes: address - next, requestedBytes: 0, state: INACTIVE })
      const following = place + 1 < live.length ? Math.min(end, blocks.address[live[place + 1]]) : end
      const bytes = bytesOf(known, Math.min(following, nextSeen[place]) - address, segment, blocks, settings)
      if (bytes > end - address) throw misplaced(device, address)
      found.push({ known, bytes, requestedBytes: blocks.requestedBytes[known], state: blocks.state[known] })
      next = address + bytes
    }
    if (next < end) found.push({ known: NO_ID, bytes: end - next, requestedBytes: 0, state: INACTIVE })
    yield { segment, blocks: found }
  }
  if (place < live.length) throw misplaced(device, blocks.address[live[place]])
}

const misplaced = (device: number, address: number): Error =>
  contradiction(`device ${device}, block 0x${address.toString(16)}`, 'before the trace it lies in no segment, or over another block')

/** Bytes of a block: where its end was seen, those; else what its request is rounded to, with a rest that is too small to be split off. */
function bytesOf(known: number, room: number, segment: Beginning['segments'][number], blocks: KnownBlocks, settings: Settings): number {
  if (!Number.isNaN(blocks.bytes[known])) return blocks.bytes[known]
  const bytes = roundedRequest(settings, blocks.requestedBytes[known])
  const rest = room - bytes
  const isWhole = bytes >= settings.maxSplitBytes
  const least = segment.isSmall || segment.isExpandable ? 511 : MIB
  return rest > 0 && (isWhole || rest <= least) ? room : bytes
}
