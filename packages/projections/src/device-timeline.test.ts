import { deviceMemoryReducer, deviceStats, figureOf, pytorchProfile, type Request } from '@reheap/device-memory'
import { describe, expect, test } from 'vitest'
import { DEVICE_LAYERS, DeviceTimeline } from './index.ts'

const MIB = 2 ** 20
const STATISTICS = {
  requestedBytes: 'requested_bytes',
  allocatedBytes: 'allocated_bytes',
  activeBytes: 'active_bytes',
  reservedBytes: 'reserved_bytes',
} as const

/** A program on two devices: blocks come, a third of them go. */
function program(): readonly Request[] {
  const requests: Request[] = [0, 1].map((device) => ({ kind: 'DeviceOpened', device, capacityBytes: 1024 * MIB, contextBytes: 0 }))
  for (let block = 0; block < 60; block++) {
    requests.push({ kind: 'DeviceMalloc', block, device: block % 2, stream: 0, bytes: 1000 + block * 100_000 })
    if (block % 3 === 2) requests.push({ kind: 'DeviceFree', block: block - 1 })
  }
  return [...requests, { kind: 'EmptyCache' }]
}

describe('timeline of devices', () => {
  test('[P18] of each device every event is covered once and no peak is lost', () => {
    const timeline = new DeviceTimeline(8)
    let state = deviceMemoryReducer.initial(pytorchProfile('2.11'))
    const requests = program()
    requests.forEach((request, index) => {
      const stepped = deviceMemoryReducer.step(state, request)
      if (stepped._tag === 'Left') throw new Error(stepped.left.reason.message)
      state = stepped.right.state
      timeline.enter(index, state)
    })
    expect(timeline.devices()).toEqual([0, 1])
    for (const device of [0, 1]) {
      const points = timeline.points(device, requests.length)
      expect(points.length).toBeLessThanOrEqual(8)
      expect([points[0]?.from, points.at(-1)?.to]).toEqual([0, requests.length])
      points.slice(1).forEach(({ from }, place) => {
        expect(from).toBe(points[place]?.to)
      })
      for (const layer of DEVICE_LAYERS) {
        const { peak } = figureOf(state, device, STATISTICS[layer])
        expect([layer, Math.max(...points.map(({ max }) => max[layer]))]).toEqual([layer, peak])
        expect([layer, timeline.peaks(device)[layer].value]).toEqual([layer, peak])
        expect([layer, points.at(-1)?.last[layer]]).toEqual([layer, deviceStats(state, device)[layer]])
      }
    }
  })

  test('[P27] one that begins within a log goes on from what its devices hold there', () => {
    const requests = program()
    const whole = new DeviceTimeline(128)
    const parts: DeviceTimeline[] = []
    let state = deviceMemoryReducer.initial(pytorchProfile('2.11'))
    requests.forEach((request, index) => {
      parts.push(new DeviceTimeline(128, { at: index, state }))
      const stepped = deviceMemoryReducer.step(state, request)
      if (stepped._tag === 'Left') throw new Error(stepped.left.reason.message)
      state = stepped.right.state
      for (const timeline of [whole, ...parts]) timeline.enter(index, state)
    })
    for (const [at, part] of parts.entries()) {
      for (const device of [0, 1]) {
        for (const layer of DEVICE_LAYERS) {
          const { last } = whole.curve(device, layer, requests.length)
          expect([at, [...part.curve(device, layer, requests.length).last]]).toEqual([at, [...last.subarray(at)]])
        }
      }
    }
  })
})
