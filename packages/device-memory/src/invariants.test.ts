import type { Sealed } from '@reheap/kernel'
import { describe, expect, test } from 'vitest'
import { Device, MIB } from '../test/device.ts'
import { checkCheap, checkFull } from './index.ts'
import { type DeviceMemoryState, keeper, UNMAPPED } from './state.ts'

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

const set = (column: { [row: number]: number }, row: number, value: number): void => {
  column[row] = value
}

describe('[D57] a broken invariant is named', () => {
  test('a sound state has none', () => {
    expect([checkCheap(broken(() => {})), checkFull(broken(() => {}))]).toMatchObject([{ _tag: 'Right' }, { _tag: 'Right' }])
  })

  const faults: readonly (readonly [invariant: string, message: string, damage: (s: DeviceMemoryState) => void])[] = [
    ['order', 'capacity', (s) => set(s.deviceCapacity, 0, 1)],
    ['sums', 'small', (s) => set(s.figures, 0, 1)],
    ['sums', 'peak', (s) => set(s.figures, 1, 0)],
    ['tiling', 'does not begin', (s) => set(s.blockSize, 1, 1024)],
    ['tiling', 'has 0 bytes', (s) => set(s.blockSize, 1, 0)],
    ['tiling', 'links back', (s) => set(s.blockPrev, s.blockNext.find((next) => next >= 0) as number, 77)],
    ['tiling', 'two lists', (s) => set(s.blockList, 1, s.blockList[s.blockRows - 1] as number)],
    ['overlap', 'overlap', (s) => set(s.blockAddress, s.blockRows - 1, s.blockAddress[0] as number)],
    ['tiling', 'not merged', (s) => set(s.blockFlags, s.blockId.indexOf(3), 0)],
    ['lists', 'do not ascend by stream', (s) => set(s.listStream, s.blockList[1] as number, -2)],
    ['lists', 'not cached in it', (s) => set(s.blockFlags, s.blockPrev[s.blockId.indexOf(3)] as number, UNMAPPED)],
    ['lists', 'listed false', (s) => set(s.runCount, 0, (s.runCount[0] as number) - 1)],
    ['events', 'queued', (s) => s.eventCount++],
    [
      'events',
      'are done',
      (s) =>
        set(
          s.streamDone,
          s.streamHead.findIndex((event) => event >= 0),
          5,
        ),
    ],
    [
      'events',
      'counted',
      (s) =>
        set(
          s.streamEvents,
          s.streamHead.findIndex((event) => event >= 0),
          0,
        ),
    ],
    ['events', 'waits for', (s) => set(s.blockEvents, 0, 1)],
    ['figures', '', (s) => set(s.blockRequested, 1, 1)],
  ]
  test.each(faults)('%s: %s', (invariant, message, damage) => {
    const found = checkFull(broken(damage))
    expect(found).toMatchObject({ _tag: 'Left', left: { invariant } })
    expect(found).toHaveProperty('left.message', expect.stringContaining(message))
  })
})
