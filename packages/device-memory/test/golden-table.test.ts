import { describe, expect, test } from 'vitest'
import { memoryStats } from '../src/index.ts'
import { Device, MIB } from './device.ts'

/**
 * Measured with PyTorch 2.12 on a card of 16,304 MiB, in MiB: the table of pytorch/pytorch#193400. The 64 MiB that live from the
 * beginning, and cycle 115, are of ROCm/legacy-rocm-build#6603, from the same program. What others hold of the card was not told;
 * the figures of cycle 115 are those of any amount from 224 to 304 MiB.
 */
const BOTH = 'max_split_size_mb:128,expandable_segments:True'
const MEASURED = [
  { cycle: 0, allocated: 66, reserved: 220 },
  { cycle: 20, allocated: 106, reserved: 2_980 },
  { cycle: 40, allocated: 146, reserved: 5_760 },
  { cycle: 60, allocated: 186, reserved: 8_520 },
  { cycle: 80, allocated: 226, reserved: 11_300 },
  { cycle: 100, allocated: 266, reserved: 14_060 },
]
const CARD = 16_304 * MIB
const OTHERS = 256 * MIB

interface Program {
  readonly cycles: number
  readonly others?: number
  /** Whether each cycle leaves a block of 2 MiB behind. */
  readonly isFenced?: boolean
}

/** Each cycle asks for 91 and 45.5 MiB, then for 2 MiB that stay, and gives the two large blocks back. */
function run(settings: string, { cycles, others = OTHERS, isFenced = true }: Program) {
  const device = new Device('2.12', { capacityBytes: CARD - others })
  device.configure(settings)
  device.malloc(0, 64 * MIB)
  for (let cycle = 0; cycle <= cycles; cycle++) {
    const [a, b, fence] = [3 * cycle + 1, 3 * cycle + 2, 3 * cycle + 3]
    device.malloc(a, 91 * MIB)
    device.malloc(b, 45.5 * MIB)
    if (isFenced) device.malloc(fence, 2 * MIB)
    device.free(a, b)
  }
  const stats = memoryStats(device.state)
  const mib = (name: string): number => (stats[name] ?? Number.NaN) / MIB
  return {
    allocated: mib('allocated_bytes.all.current'),
    reserved: mib('reserved_bytes.all.current'),
    peak: mib('reserved_bytes.all.peak'),
    retries: stats.num_alloc_retries,
    ooms: stats.num_ooms,
  }
}

describe('[D62] with a split size, expandable segments grow behind every block that stays (pytorch/pytorch#193400)', () => {
  test.each(MEASURED)('after cycle $cycle $reserved MiB are reserved', ({ cycle, allocated, reserved }) => {
    expect(run(BOTH, { cycles: cycle })).toEqual({ allocated, reserved, peak: reserved, retries: 0, ooms: 0 })
  })

  test.each([224, 256, 304])('with %d MiB held by others the card is full in cycle 115', (others) => {
    expect(run(BOTH, { cycles: 115, others: others * MIB })).toEqual({ allocated: 296, reserved: 2_680, peak: 16_000, retries: 1, ooms: 0 })
  })

  test.each(['max_split_size_mb:128', 'expandable_segments:True', ''])('"%s" keeps it below 500 MiB', (settings) => {
    expect(run(settings, { cycles: 120 })).toMatchObject({ allocated: 306, retries: 0, ooms: 0 })
    expect(run(settings, { cycles: 120 }).peak).toBeLessThan(500)
  })

  test('so does the program that keeps no block', () => {
    expect(run(BOTH, { cycles: 120, isFenced: false }).peak).toBeLessThan(500)
  })
})
