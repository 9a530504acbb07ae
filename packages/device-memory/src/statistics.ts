/**
 * Columns of figures, kept so that a request touches few of them: what follows from others is not kept.
 *
 * @keeps allocated = current + freed; all = small pool + large pool, but for the peak
 */

/** Statistics that are kept for all memory, the small and the large pool, in the order in which they lie. */
export const STATISTICS = [
  'allocation',
  'segment',
  'active',
  'inactive_split',
  'allocated_bytes',
  'reserved_bytes',
  'active_bytes',
  'inactive_split_bytes',
  'requested_bytes',
] as const
/** One of the {@link STATISTICS}. */
export type Statistic = (typeof STATISTICS)[number]

/** Places of one statistic: current and peak of all, then current, peak and freed of each pool. */
export const STATISTIC_STRIDE = 8
export const SMALL_POOL = 2
export const LARGE_POOL = 5
const PEAK = 1
const FREED = 2

const place = (statistic: Statistic): number => STATISTICS.indexOf(statistic) * STATISTIC_STRIDE
export const ALLOCATION = place('allocation')
export const SEGMENT = place('segment')
export const ACTIVE = place('active')
export const INACTIVE_SPLIT = place('inactive_split')
export const ALLOCATED_BYTES = place('allocated_bytes')
export const RESERVED_BYTES = place('reserved_bytes')
export const ACTIVE_BYTES = place('active_bytes')
export const INACTIVE_SPLIT_BYTES = place('inactive_split_bytes')
export const REQUESTED_BYTES = place('requested_bytes')

/** Current, peak and freed of blocks and segments as large as `max_split_size`. */
export const OVERSIZE_ALLOCATIONS = STATISTICS.length * STATISTIC_STRIDE
export const OVERSIZE_SEGMENTS = OVERSIZE_ALLOCATIONS + 3
export const NUM_ALLOC_RETRIES = OVERSIZE_SEGMENTS + 3
export const NUM_OOMS = NUM_ALLOC_RETRIES + 1
export const NUM_SYNC_ALL_STREAMS = NUM_ALLOC_RETRIES + 2
export const NUM_DEVICE_ALLOC = NUM_ALLOC_RETRIES + 3
export const NUM_DEVICE_FREE = NUM_ALLOC_RETRIES + 4
/** `max_split_size` when the device was opened; -1: none. */
export const MAX_SPLIT_SIZE = NUM_ALLOC_RETRIES + 5
/** Places of one device. */
export const DEVICE_STRIDE = NUM_ALLOC_RETRIES + 6

/** @param at place of the statistic, the device's own among it @param pool {@link SMALL_POOL} or {@link LARGE_POOL} */
export function increase(figures: Float64Array, at: number, pool: number, amount: number): void {
  const all = figures[at] + amount
  figures[at] = all
  if (all > figures[at + PEAK]) figures[at + PEAK] = all
  const own = figures[at + pool] + amount
  figures[at + pool] = own
  if (own > figures[at + pool + PEAK]) figures[at + pool + PEAK] = own
}

export function decrease(figures: Float64Array, at: number, pool: number, amount: number): void {
  figures[at] -= amount
  figures[at + pool] -= amount
  figures[at + pool + FREED] += amount
}

/** A net change: an increase or a decrease, nothing if it is 0. */
export function change(figures: Float64Array, at: number, pool: number, amount: number): void {
  if (amount > 0) increase(figures, at, pool, amount)
  else if (amount < 0) decrease(figures, at, pool, -amount)
}

/** One more of a figure that is not kept by pool. */
export function increaseOversize(figures: Float64Array, at: number): void {
  const current = figures[at] + 1
  figures[at] = current
  if (current > figures[at + PEAK]) figures[at + PEAK] = current
}

export function decreaseOversize(figures: Float64Array, at: number): void {
  figures[at]--
  figures[at + FREED]++
}

/** Every peak is what is current. */
export function resetPeaks(figures: Float64Array, device: number): void {
  const from = device * DEVICE_STRIDE
  for (let at = from; at < from + OVERSIZE_ALLOCATIONS; at += STATISTIC_STRIDE) {
    figures[at + PEAK] = figures[at]
    figures[at + SMALL_POOL + PEAK] = figures[at + SMALL_POOL]
    figures[at + LARGE_POOL + PEAK] = figures[at + LARGE_POOL]
  }
  figures[from + OVERSIZE_ALLOCATIONS + PEAK] = figures[from + OVERSIZE_ALLOCATIONS]
  figures[from + OVERSIZE_SEGMENTS + PEAK] = figures[from + OVERSIZE_SEGMENTS]
}

/** A statistic as `torch.cuda.memory_stats` gives it. */
export interface Figure {
  readonly current: number
  readonly peak: number
  readonly allocated: number
  readonly freed: number
}

/** One statistic of one pool. */
export function poolFigure(figures: Float64Array, at: number): Figure {
  const [current = 0, peak = 0, freed = 0] = figures.subarray(at, at + 3)
  return { current, peak, allocated: current + freed, freed }
}

/** One statistic of all memory. */
export function wholeFigure(figures: Float64Array, at: number): Figure {
  const freed = figures[at + SMALL_POOL + FREED] + figures[at + LARGE_POOL + FREED]
  return { current: figures[at], peak: figures[at + PEAK], allocated: figures[at] + freed, freed }
}
