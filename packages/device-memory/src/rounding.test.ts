import { expect, test } from 'vitest'
import { Device, GIB, KIB, MIB } from '../test/device.ts'
import { segments } from './index.ts'

/** Bytes of the block that serves a request. */
function blockBytes(bytes: number, settings = ''): number {
  const device = new Device('2.11', { capacityBytes: 512 * GIB })
  device.configure(settings)
  device.malloc(1, bytes)
  return segments(device.state)[0]?.blocks[0]?.bytes ?? 0
}

test('[D1] blocks are multiples of 512 bytes, of 512 at least', () => {
  expect([1, 511, 512, 513, 1024, 1025].map((bytes) => blockBytes(bytes))).toEqual([512, 512, 512, 1024, 1024, 1536])
})

test('[D2] divisions: the example of the source, 1200 bytes with 4 divisions, is 1280 where it is large enough', () => {
  // 4 steps between 1 MiB and 2 MiB are 256 KiB wide.
  const divided = (bytes: number) => blockBytes(bytes, 'roundup_power2_divisions:4')
  expect(divided(1200 * KIB)).toBe(1280 * KIB)
  expect(divided(1280 * KIB)).toBe(1280 * KIB)
  expect(divided(1024 * KIB)).toBe(1024 * KIB)
  // Not above 512 * 4 bytes: rounded to 512.
  expect(divided(1200)).toBe(1536)
  expect(divided(2048)).toBe(2048)
  expect(divided(2049)).toBe(2560)
})

test('[D3] each power of two has its own divisions; the ends of the table reach on', () => {
  const settings = 'roundup_power2_divisions:[1:8,2:4,>:2]'
  expect(blockBytes(600 * KIB, settings)).toBe(640 * KIB)
  expect(blockBytes(1100 * KIB, settings)).toBe(1152 * KIB)
  expect(blockBytes(2100 * KIB, settings)).toBe(2560 * KIB)
  expect(blockBytes(5 * MIB, settings)).toBe(6 * MIB)
  expect(blockBytes(33 * GIB, settings)).toBe(48 * GIB)
  expect(blockBytes(65 * GIB, settings)).toBe(96 * GIB)
})

test('[D5] segments of 2 MiB, of 20 MiB, and multiples of 2 MiB', () => {
  const segmentBytes = (bytes: number): number | undefined => {
    const device = new Device()
    device.malloc(1, bytes)
    return segments(device.state)[0]?.bytes
  }
  expect([1, MIB, MIB + 1, 10 * MIB - 512, 10 * MIB, 10 * MIB + 1, 12 * MIB].map(segmentBytes)).toEqual(
    [2, 2, 20, 20, 10, 12, 12].map((mib) => mib * MIB),
  )
})
