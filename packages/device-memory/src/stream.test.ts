import { expect, test } from 'vitest'
import { Device, kinds, MIB } from '../test/device.ts'
import { deviceStats, segments } from './index.ts'

test('[D12] events are looked at by a request for memory, and not while a pool is begun', () => {
  const device = new Device()
  device.malloc(1, 512)
  device.do({ kind: 'RecordStream', block: 1, stream: 1 })
  expect(kinds(device.free(1))).toEqual(['FreeRequested'])
  device.do({ kind: 'CompleteStreamEvents', stream: 1 })
  device.do({ kind: 'BeginPool', pool: 1, stream: 3 })
  expect(kinds(device.do({ kind: 'DeviceMalloc', block: 2, device: 0, stream: 0, bytes: 512 }))).toEqual(['BlockAllocated'])
  device.do({ kind: 'EndPool', pool: 1 })
  expect(kinds(device.do({ kind: 'DeviceMalloc', block: 3, device: 0, stream: 0, bytes: 512 }))).toEqual([
    'FreeCompleted',
    'BlockAllocated',
  ])
})

test('[D12] a free while a pool is begun waits for no use that the graph made', () => {
  const device = new Device()
  device.malloc(1, 512)
  device.do({ kind: 'BeginPool', pool: 1, stream: 3 })
  device.do({ kind: 'RecordStream', block: 1, stream: 1 })
  expect(kinds(device.free(1))).toEqual(['FreeRequested'])
  device.do({ kind: 'EndPool', pool: 1 })
  expect(kinds(device.do({ kind: 'DeviceMalloc', block: 3, device: 0, stream: 0, bytes: 512 }))).toEqual([
    'FreeCompleted',
    'BlockAllocated',
  ])
})

test('[D20] a use on its own stream is none', () => {
  const device = new Device()
  device.malloc(1, 512, 2)
  device.do({ kind: 'RecordStream', block: 1, stream: 2 })
  expect(kinds(device.free(1))).toEqual(['FreeRequested', 'FreeCompleted'])
})

test('[D21] a block waits for every stream, and is active until then', () => {
  const device = new Device()
  device.malloc(1, MIB)
  for (const stream of [1, 2]) device.do({ kind: 'RecordStream', block: 1, stream })
  device.free(1)
  expect(deviceStats(device.state)).toMatchObject({ allocatedBytes: 0, activeBytes: MIB, requestedBytes: MIB })
  expect(segments(device.state)[0]?.blocks[0]?.state).toBe('active_pending_free')
  device.do({ kind: 'CompleteStreamEvents', stream: 1 })
  device.malloc(2, 512)
  expect(deviceStats(device.state)).toMatchObject({ allocatedBytes: 512, activeBytes: MIB + 512 })
  device.do({ kind: 'CompleteStreamEvents', stream: 2 })
  device.malloc(3, 512)
  expect(deviceStats(device.state)).toMatchObject({ allocatedBytes: 1024, activeBytes: 1024 })
})

test('[D22] only events that were recorded by then are done', () => {
  const device = new Device()
  for (const block of [1, 2]) {
    device.malloc(block, 512)
    device.do({ kind: 'RecordStream', block, stream: 1 })
  }
  device.free(1)
  device.do({ kind: 'CompleteStreamEvents', stream: 1 })
  device.free(2)
  expect(kinds(device.do({ kind: 'DeviceMalloc', block: 3, device: 0, stream: 0, bytes: 512 }))).toEqual([
    'FreeCompleted',
    'BlockAllocated',
  ])
  device.do({ kind: 'CompleteStreamEvents', stream: null })
  expect(kinds(device.do({ kind: 'DeviceMalloc', block: 4, device: 0, stream: 0, bytes: 512 }))).toEqual([
    'FreeCompleted',
    'BlockAllocated',
  ])
})
