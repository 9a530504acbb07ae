import type { Sealed } from '@reheap/kernel'
import { describe, expect, test } from 'vitest'
import { Device, MIB } from '../test/device.ts'
import { checkCheap, checkFull } from './index.ts'
import { type DeviceMemoryState, keeper } from './state.ts'

/** A state with a segment of three blocks, one of them free, and a pending block. */
function broken(damage: (s: DeviceMemoryState) => void): Sealed<DeviceMemoryState> {
  const device = new Device()
  for (const block of [1, 2, 3]) device.malloc(block, 512)
  device.malloc(4, 20 * MIB)
  device.do({ kind: 'RecordStream', block: 4, stream: 1 })
  device.free(2, 4)
  const copy = keeper.read(device.state).clone()
  damage(copy)
  return keeper.sealed(copy, 0)
}

describe('[D57] a broken invariant is named', () => {
  test('a sound state has none', () => {
    expect([checkCheap(broken(() => {})), checkFull(broken(() => {}))]).toMatchObject([{ _tag: 'Right' }, { _tag: 'Right' }])
  })

  test.each<readonly [string, (s: DeviceMemoryState) => void]>([
    [
      'order',
      (s) => {
        s.deviceCapacity[0] = 1
      },
    ],
    [
      'sums',
      (s) => {
        s.figures[0]++
      },
    ],
    [
      'tiling',
      (s) => {
        s.blockSize[1] = 1024
      },
    ],
    [
      'overlap',
      (s) => {
        s.blockAddress[s.blockRows - 1] = s.blockAddress[0]
      },
    ],
    [
      'lists',
      (s) => {
        s.runCount[0]--
      },
    ],
    [
      'events',
      (s) => {
        s.eventCount++
      },
    ],
    [
      'figures',
      (s) => {
        s.blockRequested[1] = 1
      },
    ],
  ])('%s', (invariant, damage) => {
    expect(checkFull(broken(damage))).toMatchObject({ _tag: 'Left', left: { invariant } })
  })
})
