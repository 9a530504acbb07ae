import { describe, expect, test } from 'vitest'
import { EventContext, Id, Whole } from './codec.ts'
import { ANY_LAYER_OPCODES, OPCODE_RANGES } from './opcodes.ts'
import { formatAddress, formatBytes, formatChange, formatCount, formatCounted, formatDuration, formatShare } from './units.ts'

describe('the contract between the layers', () => {
  test('[K10] opcode ranges do not overlap and fit into one byte', () => {
    const ranges = Object.values(OPCODE_RANGES).sort((a, b) => a.from - b.from)
    let next = 1
    for (const { from, to } of ranges) {
      expect(from).toBeGreaterThanOrEqual(next)
      expect(to).toBeGreaterThanOrEqual(from)
      next = to + 1
    }
    expect(next).toBeLessThanOrEqual(256)
    const { from, to } = OPCODE_RANGES.anyLayer
    for (const code of Object.values(ANY_LAYER_OPCODES)) expect(code >= from && code <= to).toBe(true)
  })

  test.each([
    [Id, [0, 1, 4294967294], [-1, 0.5, 4294967295, '1', null, Number.NaN]],
    [Whole, [0, Number.MAX_SAFE_INTEGER], [-1, 0.5, 2 ** 53, '1', null, Number.POSITIVE_INFINITY]],
    [EventContext, [{}, { thread: 65535, heap: 0, time: 5, stack: 3 }], [{ thread: 65536 }, { heap: -1 }, { time: 'now' }]],
  ])('[K11] %s accepts its range and nothing else', (codec, accepted: readonly unknown[], refused: readonly unknown[]) => {
    for (const value of accepted) expect(codec.decode(value)._tag).toBe('Right')
    for (const value of refused) expect(codec.decode(value)._tag).toBe('Left')
  })

  test('[K12] sizes, counts, changes, shares, durations and addresses for people', () => {
    expect([0, 512, 1536, 1572864, 300 * 2 ** 20, -2048].map(formatBytes)).toEqual([
      '0 B',
      '512 B',
      '1.50 KiB',
      '1.50 MiB',
      '300.0 MiB',
      '-2.00 KiB',
    ])
    expect([0, 999, 1000, 1234567].map(formatCount)).toEqual(['0', '999', '1,000', '1,234,567'])
    expect([0, 1, 2000].map((each) => formatCounted(each, 'arena'))).toEqual(['0 arenas', '1 arena', '2,000 arenas'])
    expect([0, 1536, -1536].map((each) => formatChange(each, formatBytes))).toEqual(['same', '+1.50 KiB', '-1.50 KiB'])
    expect([0, 0.2578, 1].map(formatShare)).toEqual(['0.0 %', '25.8 %', '100.0 %'])
    expect([400, 24_700, 1_234_567, 2e9].map(formatDuration)).toEqual(['0.400 us', '24.7 us', '1.23 ms', '2.00 s'])
    expect([0x7f0000000000, Number.NaN].map(formatAddress)).toEqual(['0x7f0000000000', '?'])
  })
})
