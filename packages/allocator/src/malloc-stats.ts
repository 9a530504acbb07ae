import { formatCount, type Sealed } from '@reheap/kernel'
import { allocatorStats, sizeClassStats } from './queries.ts'
import { type AllocatorState, keeper } from './state.ts'

/** `label = value`: the label padded to 35 columns, the value right-aligned in 21. */
const line = (label: string, value: number): string => `${label.padEnd(35)}=${formatCount(value).padStart(21)}`

const right = (width: number, value: number): string => value.toString().padStart(width)

/**
 * The allocator's part of what `sys._debugmallocstats()` prints, in its own layout.
 *
 * @source `pymalloc_print_stats`, `printone` of CPython's obmalloc.c
 */
export function mallocStatsText(state: Sealed<AllocatorState>): string {
  const s = keeper.read(state)
  const { smallRequestBytes, arenaBytes, poolBytes } = s.profile
  const stats = allocatorStats(state)
  const classes = sizeClassStats(state).map(
    (row) =>
      `${right(5, row.sizeClass)} ${right(6, row.blockBytes)} ${right(11, row.pools)} ${right(15, row.usedBlocks)} ${right(13, row.availableBlocks)}`,
  )
  const total =
    stats.bytesInAllocatedBlocks +
    stats.bytesInAvailableBlocks +
    stats.unusedPools * poolBytes +
    stats.bytesInPoolHeaders +
    stats.bytesLostToQuantization +
    stats.bytesLostToArenaAlignment
  return [
    `Small block threshold = ${smallRequestBytes}, in ${s.geometry.classCount} size classes.`,
    '',
    'class   size   num pools   blocks in use  avail blocks',
    '-----   ----   ---------   -------------  ------------',
    ...classes,
    '',
    line('# arenas allocated total', stats.arenasAllocatedTotal),
    line('# arenas reclaimed', stats.arenasReclaimed),
    line('# arenas highwater mark', stats.arenasHighwater),
    line('# arenas allocated current', stats.arenas),
    line(`${stats.arenas} arenas * ${arenaBytes} bytes/arena`, stats.arenas * arenaBytes),
    '',
    line('# bytes in allocated blocks', stats.bytesInAllocatedBlocks),
    line('# bytes in available blocks', stats.bytesInAvailableBlocks),
    line(`${stats.unusedPools} unused pools * ${poolBytes} bytes`, stats.unusedPools * poolBytes),
    line('# bytes lost to pool headers', stats.bytesInPoolHeaders),
    line('# bytes lost to quantization', stats.bytesLostToQuantization),
    line('# bytes lost to arena alignment', stats.bytesLostToArenaAlignment),
    line('Total', total),
    ...arenaMapLines(s),
    '',
  ].join('\n')
}

function arenaMapLines(s: AllocatorState): readonly string[] {
  const { arenaMap } = s.profile
  if (arenaMap === null) return []
  const root = line('# bytes lost to arena map root', arenaMap.rootBytes)
  if (arenaMap.levels === null) return ['', 'arena map counts', root]
  const { midBytes, botBytes } = arenaMap.levels
  const mids = s.arenaMapMids.length
  const bots = s.arenaMapBots.length
  return [
    '',
    'arena map counts',
    line('# arena map mid nodes', mids),
    line('# arena map bot nodes', bots),
    '',
    root,
    line('# bytes lost to arena map mid', midBytes * mids),
    line('# bytes lost to arena map bot', botBytes * bots),
    line('Total', arenaMap.rootBytes + midBytes * mids + botBytes * bots),
  ]
}
