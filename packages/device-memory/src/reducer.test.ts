import { type Batch, Emit, EventColumns, NO_ID } from '@reheap/kernel'
import { describe, expect, test } from 'vitest'
import { Device, kinds, MIB } from '../test/device.ts'
import { fixturePaths, readRecording } from '../test/recording.ts'
import {
  DEVICE_MEMORY_PROFILES,
  deviceMemoryMechanism,
  deviceMemoryReducer,
  deviceMemoryWording,
  deviceStats,
  emptyDeviceMemory,
  memoryStats,
  pytorchProfile,
  REJECTIONS,
  type Request,
  Request as RequestCodec,
  type RequestOpcode,
  segments,
} from './index.ts'

const malloc = (block: number, bytes: number, device = 0): Request => ({ kind: 'DeviceMalloc', block, device, stream: 0, bytes })

/** Why a request is rejected; null: it is not. */
function rejection(device: Device, request: Request): string | null {
  const answer = deviceMemoryReducer.step(device.state, request)
  return answer._tag === 'Left' ? answer.left.reason.kind : null
}

describe('[D53] rejections', () => {
  test('of several the first of the list is reported', () => {
    const device = new Device()
    device.malloc(1, 512)
    expect(rejection(device, malloc(1, 0, 7))).toBe('UnknownDevice')
    expect(rejection(device, malloc(1, 0))).toBe('InvalidBytes')
    expect(rejection(device, malloc(1, 0.5))).toBe('InvalidBytes')
    expect(rejection(device, malloc(1, 512))).toBe('BlockAlreadyLive')
    expect(rejection(device, { kind: 'DeviceOpened', device: 0, capacityBytes: -1, contextBytes: 0 })).toBe('DeviceAlreadyOpened')
    expect(rejection(device, { kind: 'DeviceOpened', device: 1, capacityBytes: -1, contextBytes: 0 })).toBe('InvalidBytes')
    expect(rejection(device, { kind: 'SetMemoryFraction', fraction: 2 })).toBe('InvalidFraction')
    expect(rejection(device, { kind: 'RecordStream', block: 9, stream: 1 })).toBe('BlockNotLive')
    expect(rejection(device, { kind: 'CompleteStreamEvents', device: 9, stream: null })).toBe('UnknownDevice')
    expect(rejection(device, { kind: 'ResetPeakStats', device: 9 })).toBe('UnknownDevice')
    expect(rejection(device, { kind: 'CopyMemory', device: 9, direction: 'hostToDevice', bytes: 1, pinned: true })).toBe('UnknownDevice')
  })

  const elsewhere: readonly Request[] = [
    { kind: 'DeviceOpened', device: 255, capacityBytes: 1, contextBytes: 0 },
    { kind: 'SetMemoryFraction', device: 9, fraction: 0.5 },
    { kind: 'BeginPool', device: 9, pool: 1, stream: null },
    { kind: 'EndPool', device: 9, pool: 1 },
    { kind: 'ReleasePool', device: 9, pool: 1 },
    { kind: 'RestoreSegment', device: 9, stream: 0, address: 2 ** 40, bytes: 2 * MIB, type: 'small', isExpandable: false },
  ]
  test.each(elsewhere)('a device that was not opened: $kind', (request) => expect(rejection(new Device(), request)).toBe('UnknownDevice'))

  const shapeless: readonly Request[] = [
    { kind: 'CopyMemory', direction: 'hostToDevice', bytes: -1, pinned: true },
    { kind: 'RestoreSegment', stream: 0, address: 2 ** 40, bytes: 0, type: 'small', isExpandable: false },
  ]
  test.each(shapeless)('bytes that are none: $kind', (request) => expect(rejection(new Device(), request)).toBe('InvalidBytes'))

  test('each is told in words, and rows without what they need are refused', () => {
    for (const [place, kind] of REJECTIONS.entries()) {
      const { message, ...rest } = deviceMemoryMechanism.explain(place + 1, 97, 5, 0, 7, 0, 3)
      expect(rest).toEqual({ kind })
      expect(message.length).toBeGreaterThan(10)
    }
    const rows = new EventColumns(1)
    rows.push(103, 0, NO_ID, 0, 0, 0)
    const { state } = new Device()
    expect(deviceMemoryReducer.fold(state, rows as Batch<RequestOpcode>)).toMatchObject({
      left: { index: 0, reason: { kind: 'MissingSettings' } },
    })
    rows.code[0] = 108
    rows.tag[0] = 9
    expect(deviceMemoryReducer.fold(state, rows as Batch<RequestOpcode>)).toMatchObject({ left: { reason: { kind: 'InvalidDirection' } } })
  })
})

test('[D55] an old state never changes', () => {
  const device = new Device()
  device.configure('expandable_segments:True')
  for (let block = 0; block < 100; block++) device.malloc(block, 700 * (block + 1), block % 3)
  device.do({ kind: 'RecordStream', block: 5, stream: 7 })
  const before = device.state
  const seen = JSON.stringify([segments(before), memoryStats(before)])
  for (let block = 0; block < 100; block += 2) device.free(block)
  device.free(5)
  device.do({ kind: 'BeginPool', pool: 1, stream: null })
  for (let block = 100; block < 200; block++) device.malloc(block, 5 * MIB)
  expect(JSON.stringify([segments(before), memoryStats(before)])).toBe(seen)
})

describe('[D56] rows and tagged values', () => {
  const requests: readonly Request[] = [
    { kind: 'DeviceOpened', device: 0, capacityBytes: 100, contextBytes: 10 },
    { kind: 'DeviceMalloc', block: 1, device: 0, stream: 3, bytes: 5, address: null },
    { kind: 'CompleteStreamEvents', stream: null },
    { kind: 'Configure', settings: 'a:"b"' },
    { kind: 'BeginPool', pool: 1, stream: null, device: 2 },
    { kind: 'CopyMemory', direction: 'deviceToHost', bytes: 3, pinned: true, device: 1 },
  ]

  test('requests as rows', () => {
    const rows = new EventColumns(8)
    for (const request of requests) deviceMemoryWording.write(request, rows)
    const shown = Array.from({ length: rows.length }, (_, row) => [
      rows.code[row],
      rows.tag[row],
      rows.id[row],
      rows.other[row],
      rows.size[row],
      rows.address[row],
    ])
    expect(shown).toEqual([
      [96, 0, NO_ID, 0, 100, 10],
      [97, 0, 1, 3, 5, -1],
      [100, 255, NO_ID, NO_ID, 0, Number.NaN],
      [103, 0, NO_ID, 0, 0, Number.NaN],
      [105, 2, 1, NO_ID, 0, Number.NaN],
      [108, 1, NO_ID, 1, 3, 1],
    ])
    expect(rows.detail(3)).toBe('{"settings":"a:\\"b\\""}')
  })

  test('the codec takes them and refuses others', () => {
    for (const request of requests) expect(RequestCodec.is(request)).toBe(true)
    expect(RequestCodec.is({ kind: 'SetMemoryFraction', fraction: 2 })).toBe(false)
    expect(RequestCodec.is({ kind: 'DeviceMalloc', block: 1, device: 255, stream: 0, bytes: 1 })).toBe(false)
  })
})

test('[D59] devices are apart; the cache is emptied and settings hold on all', () => {
  const device = new Device()
  device.do({ kind: 'DeviceOpened', device: 2, capacityBytes: 50 * MIB, contextBytes: 0 })
  device.malloc(1, 20 * MIB, 0, 0)
  device.malloc(2, 30 * MIB, 0, 2)
  expect(device.malloc(3, 30 * MIB, 0, 2)).toBeNull()
  expect([deviceStats(device.state, 0), deviceStats(device.state, 2)]).toMatchObject([
    { reservedBytes: 20 * MIB, ooms: 0 },
    { reservedBytes: 30 * MIB, ooms: 1 },
  ])
  device.free(1, 2)
  expect(kinds(device.do({ kind: 'EmptyCache' }))).toEqual(['SegmentFreed 20', 'SegmentFreed 30'])
  device.malloc(4, 512, 0, 2)
  device.do({ kind: 'RecordStream', block: 4, stream: 1 })
  device.free(4)
  device.do({ kind: 'CompleteStreamEvents', stream: 1, device: 0 })
  expect(device.do(malloc(5, 512, 2)).map(({ kind }) => kind)).toEqual(['BlockAllocated'])
  device.do({ kind: 'CompleteStreamEvents', stream: 1 })
  expect(device.do(malloc(6, 512, 2)).map(({ kind }) => kind)).toEqual(['FreeCompleted', 'BlockAllocated'])
})

test('[D60] other rows advance the clock, and a muted replay ends in the same state', () => {
  const { rows, profile } = readRecording(fixturePaths()[0] as string)
  const replay = (muted: boolean) => {
    const draft = deviceMemoryMechanism.thaw(emptyDeviceMemory(profile))
    const emit = new Emit<never>({ muted })
    expect(deviceMemoryMechanism.applyBatch(draft, rows as Batch<RequestOpcode>, 0, rows.length, emit as never)).toBe(-1)
    const state = deviceMemoryMechanism.seal(draft)
    return [state.at, emit.facts.length > 0, segments(state), memoryStats(state)]
  }
  const [at, , ...rest] = replay(true)
  expect(at).toBe(rows.length)
  expect(replay(false)).toEqual([at, true, ...rest])
})

test('[D50] a version follows the nearest profile', () => {
  expect(
    ['nightly', '1.13', '2.0.1', '2.4.0', '2.5.1', '2.11.0+cu128', '2.12', '2.13.0', '3.0'].map((version) => pytorchProfile(version).name),
  ).toEqual(['2.11', '2.4', '2.4', '2.4', '2.11', '2.11', '2.12', '2.13', '2.13'].map((version) => `pytorch-${version}`))
  expect([...DEVICE_MEMORY_PROFILES.keys()]).toEqual(['pytorch-2.4', 'pytorch-2.11', 'pytorch-2.12', 'pytorch-2.13'])
})
