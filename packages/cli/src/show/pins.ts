import type { PinnedArena } from '@reheap/allocator'
import { formatAddress, formatBytes, formatCount } from '@reheap/kernel'
import { counted, table } from './table.ts'

/** Blocks of one arena that are listed. */
const BLOCKS_LISTED = 20

/** What keeps each arena mapped, the emptiest first; of the first `listed` also the blocks. */
export function pinLines(arenas: readonly PinnedArena[], listed: number): readonly string[] {
  if (arenas.length === 0) return ['no arena is mapped']
  const emptiest = [...arenas].sort((a, b) => a.liveBytes - b.liveBytes)
  const rows = emptiest.map(({ address, pools, freePools, liveBytes, blocks }) => [
    formatAddress(address),
    String(pools),
    String(freePools),
    formatCount(blocks.length),
    formatBytes(liveBytes),
  ])
  return [
    `${counted(arenas.length, 'arena')}, by the live blocks that keep them mapped:`,
    ...table([{ title: 'arena' }, { title: 'pools' }, { title: 'free' }, { title: 'live blocks' }, { title: 'live bytes' }], rows),
    ...emptiest.slice(0, listed).flatMap(blockLines),
  ]
}

function blockLines({ address, blocks, liveBytes }: PinnedArena): readonly string[] {
  const rows = blocks.slice(0, BLOCKS_LISTED).map((block) => [String(block.block), formatAddress(block.address), formatCount(block.bytes)])
  const rest = blocks.length - rows.length
  const share = blocks.length === 0 ? 'nothing lives in it' : `${counted(blocks.length, 'block')}, ${formatBytes(liveBytes)}`
  return [
    '',
    `arena ${formatAddress(address)}: ${share}`,
    ...(rows.length === 0 ? [] : table([{ title: 'block' }, { title: 'address' }, { title: 'bytes' }], rows)),
    ...(rest === 0 ? [] : [`... and ${formatCount(rest)} more`]),
  ]
}
