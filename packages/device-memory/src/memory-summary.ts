/** The table of `torch.cuda.memory_summary`. @source `torch/cuda/memory.py` */
import { type AnyState, memoryStats } from './memory-stats.ts'

const WIDTH = 75
const LINE = '-'.repeat(WIDTH)
const DOUBLE_LINE = '='.repeat(WIDTH)

/** A unit goes on to the next where the value that chooses it is this large. */
const SIZE_LIMIT = 768 * 1024
const COUNT_LIMIT = 750 * 1000

/** Prints a value in the unit that suits another one. */
type Format = (value: number, chooser: number) => string

const scaled = (value: number, chooser: number, units: readonly string[], step: number, limit: number): readonly [number, string] => {
  let unit = 0
  let shown = value
  for (let left = chooser; left >= limit && unit < units.length - 1; left /= step) {
    unit++
    shown = Math.floor(shown / step)
  }
  return [shown, units[unit] ?? '']
}

const formatSize: Format = (value, chooser) => {
  const [shown, unit] = scaled(value, chooser, ['B  ', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'], 1024, SIZE_LIMIT)
  return `${String(shown).padStart(6)} ${unit}`
}

const formatCount: Format = (value, chooser) => {
  const [shown, unit] = scaled(value, chooser, [' ', 'K', 'M'], 1000, COUNT_LIMIT)
  return `${String(shown).padStart(7)} ${unit} `
}

const POOLED: readonly (readonly [statistic: string, name: string, Format])[] = [
  ['allocated_bytes', 'Allocated memory', formatSize],
  ['active_bytes', 'Active memory', formatSize],
  ['requested_bytes', 'Requested memory', formatSize],
  ['reserved_bytes', 'GPU reserved memory', formatSize],
  ['inactive_split_bytes', 'Non-releasable memory', formatSize],
  ['allocation', 'Allocations', formatCount],
  ['active', 'Active allocs', formatCount],
  ['segment', 'GPU reserved segments', formatCount],
  ['inactive_split', 'Non-releasable allocs', formatCount],
]
const WHOLE: typeof POOLED = [
  ['oversize_allocations', 'Oversize allocations', formatCount],
  ['oversize_segments', 'Oversize GPU segments', formatCount],
]
const POOLS = [
  ['large_pool', '      from large pool'],
  ['small_pool', '      from small pool'],
] as const
const METRICS = ['current', 'peak', 'allocated', 'freed'] as const

/** @param abbreviated without the rows of each pool */
export const memorySummary = (state: AnyState, device = 0, abbreviated = false): string =>
  formatMemorySummary(memoryStats(state, device), device, abbreviated)

/** The table of figures under the names of `torch.cuda.memory_stats`. */
export function formatMemorySummary(stats: Readonly<Record<string, number>>, device = 0, abbreviated = false): string {
  const row = (name: string, statistic: string, chooser: string, format: Format): string => {
    const cells = METRICS.map((metric) => format(stats[`${statistic}.${metric}`] ?? 0, stats[`${chooser}.${metric}`] ?? 0))
    return ` ${name.padEnd(21)} | ${cells.join(' | ')} `
  }
  const lines = [
    DOUBLE_LINE,
    ` ${' '.repeat(16)} PyTorch CUDA memory summary, device ID ${String(device).padEnd(17)} `,
    LINE,
    `  ${' '.repeat(9)} CUDA OOMs: ${String(stats.num_ooms).padEnd(12)} | ${' '.repeat(6)} cudaMalloc retries: ${String(stats.num_alloc_retries).padEnd(8)}  `,
    DOUBLE_LINE,
    '        Metric         | Cur Usage  | Peak Usage | Tot Alloc  | Tot Freed  ',
  ]
  for (const [statistic, name, format] of POOLED) {
    const whole = `${statistic}.all`
    lines.push(LINE, row(name, whole, whole, format))
    if (!abbreviated) for (const [pool, title] of POOLS) lines.push(row(title, `${statistic}.${pool}`, whole, format))
  }
  for (const [statistic, name, format] of WHOLE) lines.push(LINE, row(name, statistic, statistic, format))
  return `${[...lines, DOUBLE_LINE].map((line) => `|${line}|`).join('\n')}\n`
}
