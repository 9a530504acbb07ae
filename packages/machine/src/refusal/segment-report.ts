/** What a segment holds, block by block: why it is not given back. */
import { type AnyState, type BlockView, type SegmentView, segments } from '@reheap/device-memory'
import type { LiveBlock } from '@reheap/projections'

/** A block of a segment with its origin. */
export interface ToldBlock extends BlockView {
  /** Event that asked for it; null: it is free, or was there before the log begins. */
  readonly born: number | null
  /** Who asked for it; null: it is free. */
  readonly owner: string | null
}

/** A segment with what is known of its blocks. */
export interface SegmentReport extends Omit<SegmentView, 'blocks'> {
  readonly blocks: readonly ToldBlock[]
}

/** The segment that holds an address; null: none does. @param device undefined: any @param live every live block @param owner who asked for one */
export function segmentReport(
  state: AnyState,
  { address, device }: { readonly address: number; readonly device?: number | undefined },
  live: readonly LiveBlock[],
  owner: (block: LiveBlock) => string,
): SegmentReport | null {
  const segment = segments(state).find(
    (each) => (device === undefined || each.device === device) && each.address <= address && address < each.address + each.bytes,
  )
  if (segment === undefined) return null
  const byAddress = new Map(live.flatMap((block) => (block.device === segment.device ? [[block.address, block] as const] : [])))
  const blocks = segment.blocks.map((block) => {
    const found = byAddress.get(block.address)
    return { ...block, born: found?.born ?? null, owner: found === undefined ? null : owner(found) }
  })
  return { ...segment, blocks }
}
