import { describe, expect, test } from 'vitest'
import { Device, GIB, KIB, kinds, MIB } from '../test/device.ts'
import { formatMemorySummary, formatSize, memoryStats, memorySummary, outOfMemoryMessage, STATISTICS, segments } from './index.ts'

test('[D35] every figure under its own name', () => {
  const device = new Device()
  const names = Object.keys(memoryStats(device.state))
  const metrics = ['current', 'peak', 'allocated', 'freed']
  const pooled = STATISTICS.flatMap((statistic) =>
    ['all', 'small_pool', 'large_pool'].flatMap((pool) => metrics.map((metric) => `${statistic}.${pool}.${metric}`)),
  )
  const oversize = ['oversize_allocations', 'oversize_segments'].flatMap((name) => metrics.map((metric) => `${name}.${metric}`))
  const counters = ['num_alloc_retries', 'num_ooms', 'num_sync_all_streams', 'num_device_alloc', 'num_device_free', 'max_split_size']
  expect(names.sort()).toEqual([...pooled, ...oversize, ...counters].sort())
  device.configure('max_split_size_mb:64')
  device.malloc(1, 100 * MIB)
  device.malloc(2, 512)
  device.free(1)
  device.do({ kind: 'EmptyCache' })
  expect(memoryStats(device.state)).toMatchObject({
    'allocation.all.allocated': 2,
    'allocated_bytes.large_pool.peak': 100 * MIB,
    'allocated_bytes.small_pool.current': 512,
    'reserved_bytes.all.peak': 102 * MIB,
    'reserved_bytes.all.freed': 100 * MIB,
    'segment.large_pool.freed': 1,
    'inactive_split_bytes.small_pool.current': 2 * MIB - 512,
    'oversize_allocations.allocated': 1,
    'oversize_allocations.current': 0,
    'oversize_segments.freed': 1,
    num_device_alloc: 2,
    num_device_free: 1,
    // As it was when the device was opened.
    max_split_size: -1,
  })
})

test('[D36] a free changes inactive split blocks once', () => {
  const device = new Device()
  for (const block of [1, 2, 3]) device.malloc(block, 512)
  device.free(1, 3)
  // Blocks: free 512, live 512, free rest. Freeing the live one leaves one whole segment: two fewer.
  device.free(2)
  expect(memoryStats(device.state)).toMatchObject({
    'inactive_split.all.current': 0,
    'inactive_split.all.peak': 2,
    'inactive_split.all.allocated': 2,
    'inactive_split.all.freed': 2,
  })
})

test('[D37] a peak becomes what is current', () => {
  const device = new Device()
  device.malloc(1, MIB)
  device.malloc(2, MIB)
  device.free(1)
  expect(memoryStats(device.state)['allocated_bytes.all.peak']).toBe(2 * MIB)
  device.do({ kind: 'ResetPeakStats' })
  expect(memoryStats(device.state)).toMatchObject({
    'allocated_bytes.all.peak': MIB,
    'allocated_bytes.small_pool.peak': MIB,
    'allocation.all.peak': 1,
  })
})

describe('[D38] the text of the error', () => {
  test('names the limit, and what private pools keep', () => {
    const device = new Device('2.4', { capacityBytes: 100 * MIB })
    expect(outOfMemoryMessage(device.state)).toBeNull()
    device.do({ kind: 'SetMemoryFraction', fraction: 0.5 })
    device.do({ kind: 'BeginPool', pool: 1, stream: 0 })
    device.malloc(1, 10 * MIB)
    device.malloc(2, 12 * MIB)
    device.free(2)
    device.malloc(3, 60 * MIB)
    expect(outOfMemoryMessage(device.state)).toBe(
      'CUDA out of memory. Tried to allocate 60.00 MiB. GPU 0 has a total capacity of 100.00 MiB of which 78.00 MiB is free. 50.00 MiB allowed; Of the allocated memory 22.00 MiB is allocated by PyTorch, with 12.00 MiB allocated in private pools (e.g., CUDA Graphs), and 0 bytes is reserved by PyTorch but unallocated. If reserved but unallocated memory is large try setting PYTORCH_CUDA_ALLOC_CONF=expandable_segments:True to avoid fragmentation.  See documentation for Memory Management  (https://pytorch.org/docs/stable/notes/cuda.html#environment-variables)',
    )
  })
})

test('[D39] two digits, a half to the even one', () => {
  expect([0, 1024, 1025, 1152, 1664, MIB, MIB + 1, GIB, GIB + 1, 2048 * GIB].map(formatSize)).toEqual([
    '0 bytes',
    '1024 bytes',
    '1.00 KiB',
    '1.12 KiB',
    '1.62 KiB',
    '1024.00 KiB',
    '1.00 MiB',
    '1024.00 MiB',
    '1.00 GiB',
    '2048.00 GiB',
  ])
})

describe('[D40] the table of torch.cuda.memory_summary', () => {
  test('as a real one printed it for one segment of the small pool', () => {
    const device = new Device()
    // 23 blocks in all, at most seven at a time, one left: 11776 bytes, 3584, 512.
    for (let block = 0; block < 7; block++) device.malloc(block, 512)
    for (let block = 0; block < 7; block++) device.free(block)
    for (let block = 7; block < 22; block++) {
      device.malloc(block, 512)
      device.free(block)
    }
    device.malloc(22, 512)
    const lines = memorySummary(device.state).split('\n')
    expect(lines.slice(0, 10)).toEqual([
      '|===========================================================================|',
      '|                  PyTorch CUDA memory summary, device ID 0                 |',
      '|---------------------------------------------------------------------------|',
      '|            CUDA OOMs: 0            |        cudaMalloc retries: 0         |',
      '|===========================================================================|',
      '|        Metric         | Cur Usage  | Peak Usage | Tot Alloc  | Tot Freed  |',
      '|---------------------------------------------------------------------------|',
      '| Allocated memory      |    512 B   |   3584 B   |  11776 B   |  11264 B   |',
      '|       from large pool |      0 B   |      0 B   |      0 B   |      0 B   |',
      '|       from small pool |    512 B   |   3584 B   |  11776 B   |  11264 B   |',
    ])
    expect(lines.at(-2)).toBe('|===========================================================================|')
    expect(lines).toHaveLength(2 * 2 + 4 + 9 * 4 + 2 * 2)
  })

  test('rows as a real one printed them for larger figures', () => {
    const figures = { current: 184648 * KIB, peak: 192833 * KIB, allocated: 258378 * KIB, freed: 73729 * KIB }
    const small = { current: 72 * KIB, peak: 1060 * KIB, allocated: 4170 * KIB, freed: 4097 * KIB }
    const stats = Object.fromEntries([
      ...Object.entries(figures).map(([metric, value]) => [`allocated_bytes.all.${metric}`, value]),
      ...Object.entries(small).map(([metric, value]) => [`allocated_bytes.small_pool.${metric}`, value]),
      ...Object.entries({ current: 235520 * KIB, peak: 235520 * KIB, allocated: 235520 * KIB, freed: 0 }).map(([metric, value]) => [
        `reserved_bytes.all.${metric}`,
        value,
      ]),
      ...Object.entries({ current: 21, peak: 23, allocated: 42, freed: 21 }).map(([metric, value]) => [`allocation.all.${metric}`, value]),
    ])
    const text = formatMemorySummary({ ...stats, num_ooms: 1, num_alloc_retries: 1 })
    expect(text).toContain('|            CUDA OOMs: 1            |        cudaMalloc retries: 1         |')
    expect(text).toContain('| Allocated memory      | 184648 KiB | 192833 KiB | 258378 KiB |  73729 KiB |')
    expect(text).toContain('|       from small pool |     72 KiB |   1060 KiB |   4170 KiB |   4097 KiB |')
    expect(text).toContain('| GPU reserved memory   | 235520 KiB | 235520 KiB | 235520 KiB |      0 B   |')
    expect(text).toContain('| Allocations           |      21    |      23    |      42    |      21    |')
  })
})

test('[D58] segments of a snapshot: mapped ranges, states, pools', () => {
  const device = new Device()
  device.configure('expandable_segments:True')
  for (const block of [1, 2, 3]) device.malloc(block, 20 * MIB)
  device.free(2)
  device.do({ kind: 'EmptyCache' })
  device.configure('expandable_segments:False')
  device.malloc(4, 512, 3)
  expect(segments(device.state)).toMatchObject([
    { address: 0x6000_0000_0000, bytes: 20 * MIB, isExpandable: true, blocks: [{ block: 1, state: 'active_allocated' }] },
    { address: 0x6000_0000_0000 + 40 * MIB, bytes: 20 * MIB, isExpandable: true, blocks: [{ block: 3 }] },
    {
      address: 0x7f00_0000_0000,
      bytes: 2 * MIB,
      type: 'small',
      stream: 3,
      pool: null,
      blocks: [{ block: 4 }, { block: null, state: 'inactive' }],
    },
  ])
  expect(kinds(device.free(1))).toEqual(['FreeRequested', 'FreeCompleted'])
})
