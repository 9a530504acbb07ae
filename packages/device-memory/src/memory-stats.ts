/** Figures as `torch.cuda.memory_stats` gives them, under its own names. */
import type { Draft, Sealed } from '@reheap/kernel'
import { columnsOf, type DeviceMemoryState } from './state.ts'
import {
  ACTIVE_BYTES,
  ALLOCATED_BYTES,
  DEVICE_STRIDE,
  type Figure,
  INACTIVE_SPLIT_BYTES,
  LARGE_POOL,
  MAX_SPLIT_SIZE,
  NUM_ALLOC_RETRIES,
  NUM_DEVICE_ALLOC,
  NUM_DEVICE_FREE,
  NUM_OOMS,
  NUM_SYNC_ALL_STREAMS,
  OVERSIZE_ALLOCATIONS,
  OVERSIZE_SEGMENTS,
  poolFigure,
  REQUESTED_BYTES,
  RESERVED_BYTES,
  SEGMENT,
  SMALL_POOL,
  STATISTIC_STRIDE,
  STATISTICS,
  type Statistic,
  wholeFigure,
} from './statistics.ts'

/** A state, sealed or in the making. */
export type AnyState = Sealed<DeviceMemoryState> | Draft<DeviceMemoryState>

/** A statistic of all memory. */
export function figureOf(state: AnyState, device: number, statistic: Statistic): Figure {
  const at = device * DEVICE_STRIDE + STATISTICS.indexOf(statistic) * STATISTIC_STRIDE
  return wholeFigure(columnsOf(state).figures, at)
}

/** Every figure of `torch.cuda.memory_stats(device)`: `allocated_bytes.all.current`, `num_ooms` ... */
export function memoryStats(state: AnyState, device = 0): Readonly<Record<string, number>> {
  const { figures } = columnsOf(state)
  const base = device * DEVICE_STRIDE
  const stats: Record<string, number> = {}
  const add = (name: string, { current, peak, allocated, freed }: Figure): void => {
    Object.entries({ current, peak, allocated, freed }).forEach(([metric, value]) => {
      stats[`${name}.${metric}`] = value
    })
  }
  STATISTICS.forEach((statistic, place) => {
    const at = base + place * STATISTIC_STRIDE
    add(`${statistic}.all`, wholeFigure(figures, at))
    add(`${statistic}.small_pool`, poolFigure(figures, at + SMALL_POOL))
    add(`${statistic}.large_pool`, poolFigure(figures, at + LARGE_POOL))
  })
  add('oversize_allocations', poolFigure(figures, base + OVERSIZE_ALLOCATIONS))
  add('oversize_segments', poolFigure(figures, base + OVERSIZE_SEGMENTS))
  return {
    ...stats,
    num_alloc_retries: figures[base + NUM_ALLOC_RETRIES],
    num_ooms: figures[base + NUM_OOMS],
    num_sync_all_streams: figures[base + NUM_SYNC_ALL_STREAMS],
    num_device_alloc: figures[base + NUM_DEVICE_ALLOC],
    num_device_free: figures[base + NUM_DEVICE_FREE],
    max_split_size: figures[base + MAX_SPLIT_SIZE],
  }
}

/** What an `Observe` line of a log calls `deviceStats`. */
export interface DeviceStats {
  readonly allocatedBytes: number
  readonly reservedBytes: number
  readonly activeBytes: number
  readonly inactiveSplitBytes: number
  readonly segments: number
  readonly requestedBytes: number
  readonly allocRetries: number
  readonly ooms: number
  readonly deviceAllocs: number
}

/** Every statistic of a device, by its name in `torch.cuda.memory_stats`. @source `getDeviceStats` */
export function deviceStats(state: AnyState, device = 0): DeviceStats {
  const { figures } = columnsOf(state)
  const base = device * DEVICE_STRIDE
  return {
    allocatedBytes: figures[base + ALLOCATED_BYTES],
    reservedBytes: figures[base + RESERVED_BYTES],
    activeBytes: figures[base + ACTIVE_BYTES],
    inactiveSplitBytes: figures[base + INACTIVE_SPLIT_BYTES],
    segments: figures[base + SEGMENT],
    requestedBytes: figures[base + REQUESTED_BYTES],
    allocRetries: figures[base + NUM_ALLOC_RETRIES],
    ooms: figures[base + NUM_OOMS],
    deviceAllocs: figures[base + NUM_DEVICE_ALLOC],
  }
}

/**
 * The figures that a timeline follows, without making anything of them.
 *
 * @param into takes bytes asked for, in live blocks, in these and in blocks that other streams still use, held
 */
export function readUsage(state: AnyState, device: number, into: Float64Array): void {
  const { figures } = columnsOf(state)
  const base = device * DEVICE_STRIDE
  into[0] = figures[base + REQUESTED_BYTES]
  into[1] = figures[base + ALLOCATED_BYTES]
  into[2] = figures[base + ACTIVE_BYTES]
  into[3] = figures[base + RESERVED_BYTES]
}
