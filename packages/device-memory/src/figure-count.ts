/** Figures counted anew from the blocks, beside those that are kept. */
import { isFree, isSplit } from './block.ts'
import { isSmallPool } from './pool.ts'
import { ALLOCATED, type DeviceMemoryState, NONE, UNMAPPED } from './state.ts'
import { DEVICE_STRIDE, LARGE_POOL, SMALL_POOL, STATISTIC_STRIDE, STATISTICS, type Statistic } from './statistics.ts'

/** Every current figure is what the blocks say. */
export function figureFault(s: DeviceMemoryState): string | null {
  const counted = s.figures.map(() => 0)
  for (let block = 0; block < s.blockRows; block++) {
    if (s.blockList[block] === NONE) continue
    const pool = s.listPool[s.blockList[block]]
    const own = isSmallPool(pool) ? SMALL_POOL : LARGE_POOL
    const add = (statistic: Statistic, amount: number): void => {
      const at = s.poolDevice[pool] * DEVICE_STRIDE + STATISTICS.indexOf(statistic) * STATISTIC_STRIDE
      counted[at] = (counted[at] ?? 0) + amount
      counted[at + own] = (counted[at + own] ?? 0) + amount
    }
    countBlock(s, block, add)
  }
  for (let device = 0; device < s.devices; device++) {
    for (const [place, statistic] of STATISTICS.entries()) {
      for (const part of [0, SMALL_POOL, LARGE_POOL]) {
        const at = device * DEVICE_STRIDE + place * STATISTIC_STRIDE + part
        if (counted[at] !== s.figures[at])
          return `device ${device}: ${statistic} (part ${part}) ${s.figures[at]}, blocks say ${counted[at]}`
      }
    }
  }
  return null
}

function countBlock(s: DeviceMemoryState, block: number, add: (statistic: Statistic, amount: number) => void): void {
  const size = s.blockSize[block]
  const isExpandable = s.blockSegment[block] !== NONE
  if ((s.blockFlags[block] & UNMAPPED) === 0) add('reserved_bytes', size)
  if (!isExpandable && s.blockPrev[block] === NONE) add('segment', 1)
  if ((s.blockFlags[block] & ALLOCATED) !== 0) {
    add('allocation', 1)
    add('allocated_bytes', size)
  }
  if (!isFree(s, block)) {
    add('active', 1)
    add('active_bytes', size)
    add('requested_bytes', s.blockRequested[block])
  } else if (!isExpandable && isSplit(s, block)) {
    add('inactive_split', 1)
    add('inactive_split_bytes', size)
  }
}
