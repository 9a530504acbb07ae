/** Values of an `allocatorStats` observation, and the line of `sys._debugmallocstats()` that each is read from. */
const FIGURES = {
  arenasAllocatedTotal: /^# arenas allocated total *=\s*([\d,]+)$/m,
  arenasReclaimed: /^# arenas reclaimed *=\s*([\d,]+)$/m,
  arenasHighwater: /^# arenas highwater mark *=\s*([\d,]+)$/m,
  arenas: /^# arenas allocated current *=\s*([\d,]+)$/m,
  bytesInAllocatedBlocks: /^# bytes in allocated blocks *=\s*([\d,]+)$/m,
  bytesInAvailableBlocks: /^# bytes in available blocks *=\s*([\d,]+)$/m,
  unusedPools: /^(\d+) unused pools \* \d+ bytes/m,
  bytesInPoolHeaders: /^# bytes lost to pool headers *=\s*([\d,]+)$/m,
  bytesLostToQuantization: /^# bytes lost to quantization *=\s*([\d,]+)$/m,
  bytesLostToArenaAlignment: /^# bytes lost to arena alignment *=\s*([\d,]+)$/m,
} as const

export type MallocStats = Record<keyof typeof FIGURES, number>

/** pymalloc's figures out of what `sys._debugmallocstats()` prints; null if one of them is missing. */
export function parseMallocStats(text: string): MallocStats | null {
  const figures = Object.entries(FIGURES).map(
    ([name, line]) => [name, Number(line.exec(text)?.[1]?.replaceAll(',', '') ?? Number.NaN)] as const,
  )
  return figures.some(([, value]) => Number.isNaN(value)) ? null : (Object.fromEntries(figures) as MallocStats)
}
