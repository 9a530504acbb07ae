import { formatCount, type Sealed } from '@reheap/kernel'
import { type AllocatorStats, allocatorStats, type SizeClassStats, sizeClassStats } from './queries.ts'
import { type AllocatorState, keeper } from './state.ts'

/** The radix tree over arena addresses. @unit bytes of a node; counts of nodes that exist */
export interface ArenaMapStats {
  readonly rootBytes: number
  /** Null for one flat table, as in 32-bit builds. */
  readonly levels: { readonly mids: number; readonly midBytes: number; readonly bots: number; readonly botBytes: number } | null
}

/** Everything that pymalloc's part of `sys._debugmallocstats()` shows. */
export interface MallocStats {
  readonly smallRequestBytes: number
  readonly classCount: number
  /** Size classes with a pool in use, ascending. */
  readonly classes: readonly Pick<SizeClassStats, 'sizeClass' | 'blockBytes' | 'pools' | 'usedBlocks' | 'availableBlocks'>[]
  readonly arenaBytes: number
  readonly poolBytes: number
  readonly stats: AllocatorStats
  /** Null before 3.10. */
  readonly arenaMap: ArenaMapStats | null
}

/** The figures of `sys._debugmallocstats()`, class by class and in sum. */
export function mallocStats(state: Sealed<AllocatorState>): MallocStats {
  const s = keeper.read(state)
  const { smallRequestBytes, arenaBytes, poolBytes } = s.profile
  return {
    smallRequestBytes,
    classCount: s.geometry.classCount,
    classes: sizeClassStats(state),
    arenaBytes,
    poolBytes,
    stats: allocatorStats(state),
    arenaMap: arenaMapStats(s),
  }
}

function arenaMapStats(s: AllocatorState): ArenaMapStats | null {
  const { arenaMap } = s.profile
  if (arenaMap === null) return null
  const { rootBytes, levels } = arenaMap
  if (levels === null) return { rootBytes, levels }
  const { midBytes, botBytes } = levels
  return { rootBytes, levels: { mids: s.arenaMapMids.length, midBytes, bots: s.arenaMapBots.length, botBytes } }
}

/** pymalloc's part of what `sys._debugmallocstats()` prints, for a state. */
export const mallocStatsText = (state: Sealed<AllocatorState>): string => formatMallocStats(mallocStats(state))

/**
 * Figures in the layout of `sys._debugmallocstats()`.
 *
 * @source `pymalloc_print_stats`, `printone` of CPython's obmalloc.c
 */
export function formatMallocStats({ smallRequestBytes, classCount, classes, arenaBytes, poolBytes, stats, arenaMap }: MallocStats): string {
  const total =
    stats.bytesInAllocatedBlocks +
    stats.bytesInAvailableBlocks +
    stats.unusedPools * poolBytes +
    stats.bytesInPoolHeaders +
    stats.bytesLostToQuantization +
    stats.bytesLostToArenaAlignment
  return [
    `Small block threshold = ${smallRequestBytes}, in ${classCount} size classes.`,
    '',
    'class   size   num pools   blocks in use  avail blocks',
    '-----   ----   ---------   -------------  ------------',
    ...classes.map(classLine),
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
    ...arenaMapLines(arenaMap),
    '',
  ].join('\n')
}

/** `label = value`: the label padded to 35 columns, the value right-aligned in 21. */
const line = (label: string, value: number): string => `${label.padEnd(35)}=${formatCount(value).padStart(21)}`

const right = (width: number, value: number): string => value.toString().padStart(width)

const classLine = ({ sizeClass, blockBytes, pools, usedBlocks, availableBlocks }: MallocStats['classes'][number]): string =>
  `${right(5, sizeClass)} ${right(6, blockBytes)} ${right(11, pools)} ${right(15, usedBlocks)} ${right(13, availableBlocks)}`

function arenaMapLines(arenaMap: ArenaMapStats | null): readonly string[] {
  if (arenaMap === null) return []
  const { rootBytes, levels } = arenaMap
  const root = line('# bytes lost to arena map root', rootBytes)
  if (levels === null) return ['', 'arena map counts', root]
  const { mids, midBytes, bots, botBytes } = levels
  return [
    '',
    'arena map counts',
    line('# arena map mid nodes', mids),
    line('# arena map bot nodes', bots),
    '',
    root,
    line('# bytes lost to arena map mid', midBytes * mids),
    line('# bytes lost to arena map bot', botBytes * bots),
    line('Total', rootBytes + midBytes * mids + botBytes * bots),
  ]
}
