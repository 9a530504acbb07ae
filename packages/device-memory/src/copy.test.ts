import { expect, test } from 'vitest'
import { Device, GIB } from '../test/device.ts'
import { copyNanoseconds, copyTotals, DEVICE_HARDWARE, type DeviceHardware } from './index.ts'

const a100 = DEVICE_HARDWARE.get('A100-80GB') as DeviceHardware

test('[D49] a copy takes the latency and its bytes by the rate', () => {
  const { latency, bandwidth, pinnedShare, pageableShare } = a100.hostLink
  const nanoseconds = (share: number) => Math.round(latency + (GIB / (bandwidth * share)) * 1e9)
  expect(copyNanoseconds(a100, 0, 0, true)).toBe(latency)
  expect(copyNanoseconds(a100, 0, GIB, true)).toBe(nanoseconds(pinnedShare))
  expect(copyNanoseconds(a100, 1, GIB, false)).toBe(nanoseconds(pageableShare))
  // On the device every byte is read and written: 2 GiB at 2039 GB/s are about a millisecond.
  expect(copyNanoseconds(a100, 2, GIB, false) / 1e6).toBeCloseTo(1.06, 2)
})

test('[D49] copies are counted by direction and kind', () => {
  const device = new Device('2.11', { hardware: a100 })
  const copy = (pinned: boolean) => device.do({ kind: 'CopyMemory', direction: 'hostToDevice', bytes: GIB, pinned })
  expect(copy(true)).toEqual([
    {
      kind: 'MemoryCopied',
      device: 0,
      direction: 'hostToDevice',
      pinned: true,
      bytes: GIB,
      nanoseconds: copyNanoseconds(a100, 0, GIB, true),
    },
  ])
  copy(false)
  copy(false)
  expect(copyTotals(device.state)).toEqual([
    { direction: 'hostToDevice', pinned: false, copies: 2, bytes: 2 * GIB, nanoseconds: 2 * copyNanoseconds(a100, 0, GIB, false) },
    { direction: 'hostToDevice', pinned: true, copies: 1, bytes: GIB, nanoseconds: copyNanoseconds(a100, 0, GIB, true) },
  ])
})

test('[D49] devices by name: memory, its kind and its rate, from the data sheets', () => {
  const shown = [...DEVICE_HARDWARE.values()].map(({ name, capacityBytes, memoryType, memoryBandwidth }) => [
    name,
    capacityBytes / GIB,
    memoryType,
    memoryBandwidth / 1e9,
  ])
  expect(shown).toEqual(
    expect.arrayContaining([
      ['A100-40GB', 40, 'HBM2', 1555],
      ['A100-80GB', 80, 'HBM2e', 2039],
      ['H100-80GB', 80, 'HBM3', 3350],
      ['H200', 141, 'HBM3e', 4800],
      ['RTX 3090', 24, 'GDDR6X', 936],
      ['RTX 4090', 24, 'GDDR6X', 1008],
    ]),
  )
})
