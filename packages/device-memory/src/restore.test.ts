import { type Batch, Emit, EventColumns } from '@reheap/kernel'
import { describe, expect, test } from 'vitest'
import { Device, kinds, MIB } from '../test/device.ts'
import { fixturePaths, readRecording } from '../test/recording.ts'
import {
  checkFull,
  deviceMemoryMechanism,
  deviceMemoryReducer,
  deviceMemoryWording,
  deviceStats,
  emptyDeviceMemory,
  openDevices,
  type Request,
  type RequestOpcode,
  type SegmentView,
  segments,
  settingsOf,
  simulatedDriver,
} from './index.ts'

/** Requests that put segments back. */
const restoring = (views: readonly SegmentView[]): readonly Request[] =>
  views.flatMap(({ blocks, device, stream, address, bytes, type, isExpandable, pool }): Request[] => [
    { kind: 'RestoreSegment', device, stream, address, bytes, type, isExpandable, pool },
    ...blocks.map(({ block, bytes, requestedBytes, state }): Request => ({ kind: 'RestoreBlock', block, bytes, requestedBytes, state })),
  ])

function rowsOf(requests: readonly Request[]): Batch<RequestOpcode> {
  const rows = new EventColumns(requests.length)
  for (const request of requests) deviceMemoryWording.write(request, rows)
  return rows as Batch<RequestOpcode>
}

describe('[D61] what was there before the log begins', () => {
  test.each(['train-default', 'infer-exp', 'edges-mss40r', 'rand_mixed-rp4'])(
    '%s goes on from its middle as from its beginning',
    (name) => {
      const { rows, profile, driver } = readRecording(fixturePaths().find((path) => path.includes(name)) as string)
      const middle = rows.length >> 1
      const whole = deviceMemoryMechanism.thaw(emptyDeviceMemory(profile, { driver: simulatedDriver(driver) }))
      const emit = new Emit<never>()
      expect(deviceMemoryMechanism.applyBatch(whole, rows as Batch<RequestOpcode>, 0, middle, emit as never)).toBe(-1)
      const before = deviceMemoryMechanism.seal(whole)
      const [opened] = openDevices(before)
      const restored = deviceMemoryReducer.fold(
        emptyDeviceMemory(profile, { driver: simulatedDriver(driver) }),
        rowsOf([
          { kind: 'DeviceOpened', device: 0, capacityBytes: opened?.capacityBytes ?? 0, contextBytes: rows.address[0] ?? 0 },
          { kind: 'Configure', settings: settingsOf(before).text },
          ...restoring(segments(before)),
        ]),
      )
      if (restored._tag === 'Left') throw new Error(restored.left.reason.message)
      const { state } = restored.right
      expect(checkFull(state)).toMatchObject({ _tag: 'Right' })
      expect(segments(state)).toEqual(segments(before))
      const { allocRetries, ooms, deviceAllocs, ...bytes } = deviceStats(before)
      expect(deviceStats(state)).toMatchObject(bytes)
      const rest = [before, state].map((from) => {
        const draft = deviceMemoryMechanism.thaw(from)
        const facts = new Emit<never>()
        expect(deviceMemoryMechanism.applyBatch(draft, rows as Batch<RequestOpcode>, middle, rows.length, facts as never)).toBe(-1)
        const { address, code, size, length } = facts.facts
        return [
          length,
          [...code.subarray(0, length)],
          [...address.subarray(0, length)],
          [...size.subarray(0, length)],
          segments(deviceMemoryMechanism.seal(draft)),
        ]
      })
      expect(rest[1]).toEqual(rest[0])
    },
  )

  test('several ranges of one segment, a pending block, a private pool', () => {
    const device = new Device()
    const base = 0x6000_0000_0000
    const range = (address: number): Request => ({
      kind: 'RestoreSegment',
      stream: 0,
      address,
      bytes: 20 * MIB,
      type: 'large',
      isExpandable: true,
    })
    device.do(range(base))
    device.do({ kind: 'RestoreBlock', block: 1, bytes: 20 * MIB, requestedBytes: 20 * MIB, state: 'active_allocated' })
    device.do(range(base + 60 * MIB))
    device.do({ kind: 'RestoreBlock', block: null, bytes: 5 * MIB, requestedBytes: 3, state: 'active_pending_free' })
    device.do({ kind: 'RestoreBlock', block: null, bytes: 15 * MIB, requestedBytes: 3, state: 'inactive' })
    device.do({ kind: 'RestoreSegment', stream: 0, address: 4096 * MIB, bytes: 2 * MIB, type: 'small', isExpandable: false, pool: 9 })
    device.do({ kind: 'RestoreBlock', block: 2, bytes: 2 * MIB, requestedBytes: MIB, state: 'active_allocated' })
    expect(checkFull(device.state)).toMatchObject({ _tag: 'Right' })
    expect(segments(device.state).map(({ address, pool, blocks }) => [address, pool, blocks.length])).toEqual([
      [4096 * MIB, 9, 1],
      [base, null, 1],
      [base + 60 * MIB, null, 2],
    ])
    device.configure('expandable_segments:True')
    expect(device.malloc(3, 40 * MIB)).toBe(base + 20 * MIB)
    device.do({ kind: 'CompleteStreamEvents', stream: null })
    expect(kinds(device.do({ kind: 'DeviceMalloc', block: 4, device: 0, stream: 0, bytes: 20 * MIB }))).toEqual([
      'FreeCompleted',
      'BlockAllocated',
    ])
  })

  test('ranges of an expandable segment come in any order, and fill it up to its end', () => {
    const device = new Device()
    const base = 0x6000_0000_0000
    // Its space is the capacity and an eighth of it.
    const spaceMib = (1024 * 9) / 8
    const restored = (at: number, mib: number): void => {
      device.do({ kind: 'RestoreSegment', stream: 0, address: base + at * MIB, bytes: mib * MIB, type: 'small', isExpandable: true })
      device.do({ kind: 'RestoreBlock', block: at, bytes: mib * MIB, requestedBytes: 1, state: 'active_allocated' })
    }
    for (const at of [0, 4, 2, spaceMib - 2, 8]) restored(at, 2)
    expect(checkFull(device.state)).toMatchObject({ _tag: 'Right' })
    expect(segments(device.state).map(({ address, bytes }) => [(address - base) / MIB, bytes / MIB])).toEqual([
      [0, 6],
      [8, 2],
      [spaceMib - 2, 2],
    ])
    expect(() => restored(spaceMib, 2)).toThrow('SegmentOverlaps')
    expect(() => restored(2, 2)).toThrow('SegmentOverlaps')
    expect(() => restored(11, 2)).toThrow('SegmentOverlaps')
  })

  test('what cannot be is refused', () => {
    const device = new Device()
    const block: Request = { kind: 'RestoreBlock', block: 1, bytes: 512, requestedBytes: 1, state: 'active_allocated' }
    expect(() => device.do(block)).toThrow('NoSegmentToRestore')
    device.do({ kind: 'RestoreSegment', stream: 0, address: 4096, bytes: 512, type: 'small', isExpandable: false })
    expect(() => device.do({ ...block, bytes: 0.5 } as Request)).toThrow('InvalidBytes')
    expect(() => device.do({ ...block, requestedBytes: -1 } as Request)).toThrow('InvalidBytes')
    device.do(block)
    expect(() => device.do(block)).toThrow('BlockAlreadyLive')
    expect(() => device.do({ ...block, block: 2 } as Request)).toThrow('NoSegmentToRestore')
    expect(() => device.do({ kind: 'RestoreSegment', stream: 0, address: 0, bytes: 3, type: 'small', isExpandable: true })).toThrow(
      'SegmentOverlaps',
    )
    expect(() => device.do({ kind: 'RestoreSegment', stream: 0, address: 0, bytes: 0, type: 'small', isExpandable: false })).toThrow(
      'InvalidBytes',
    )
  })
})
