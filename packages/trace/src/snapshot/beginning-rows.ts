import { REQUEST_OPCODES as CODES } from '@reheap/device-memory'
import { ANY_LAYER_OPCODES, NO_ID, NOT_GIVEN } from '@reheap/kernel'
import type { BlockNumbers } from './block-numbers.ts'
import type { Plan } from './plan.ts'
import type { PoolNumbers } from './pool-numbers.ts'
import type { Beginning } from './rewind.ts'
import type { RowWriter } from './row-writer.ts'
import { on } from './segment-seen.ts'
import { startingBlocks } from './starting-blocks.ts'

const ALLOCATED = 0
const PENDING = 1

/** Where the rows of a snapshot go, and the numbers that they use. */
export interface RowTools {
  readonly plan: Plan
  readonly writer: RowWriter
  readonly blocks: BlockNumbers
  readonly pools: PoolNumbers
}

/** What was on a device before its trace. @throws SnapshotFault where its blocks do not fit */
export function* beginningRows({ plan, writer, blocks, pools }: RowTools, beginning: Beginning): Generator<void> {
  const known = plan.blocks
  const pending: { readonly block: number; readonly stream: number }[] = []
  for (const { segment, blocks: own } of startingBlocks(beginning, known, plan.settings)) {
    const stream = writer.stream(segment.stream)
    const pool = pools.number(segment.pool)
    writer.push(CODES.RestoreSegment, segment.device, pool, stream, segment.bytes, segment.address, segment.stack)
    writer.detail({ type: segment.isSmall ? 'small' : 'large', isExpandable: segment.isExpandable })
    for (const { known: block, bytes, requestedBytes, state } of own) {
      const isFreed = state === PENDING && known.end[block] !== NO_ID
      const id = state === ALLOCATED || isFreed ? blocks.give(block) : NO_ID
      if (isFreed) pending.push({ block, stream })
      const stack = block === NO_ID ? NO_ID : known.stack[block]
      writer.push(CODES.RestoreBlock, isFreed ? ALLOCATED : state, id, NO_ID, bytes, requestedBytes, stack)
    }
    yield
  }
  for (const { block, stream } of pending) freeBefore({ plan, writer, blocks, pools }, beginning.device, block, stream)
}

/** A block that waits for a stream when the trace begins and becomes free in it: its freeing is put at the beginning. */
function freeBefore({ plan, writer, blocks }: RowTools, device: number, block: number, stream: number): void {
  const { address, requestedBytes } = plan.blocks
  blocks.wait(device, block)
  writer.push(CODES.DeviceFree, 0, blocks.id(block), NO_ID, NOT_GIVEN, NOT_GIVEN)
  const values = { action: 'free_requested', address: address[block], bytes: requestedBytes[block], stream, ...on(device) }
  writer.tell(ANY_LAYER_OPCODES.Observe, { of: 'deviceFact', values })
}
