import { segments } from '@reheap/device-memory'
import { describe, expect, test } from 'vitest'
import { DEVICE_RECORDINGS, deviceLogOf, readDeviceRecording } from '../../test/device-recordings.ts'
import { must } from '../../test/recordings.ts'
import { STRETCHES } from '../../test/stretches.ts'
import { type DeviceMoment, DeviceReplay, DeviceSummarizer, deviceStretch } from '../index.ts'

describe.each(DEVICE_RECORDINGS)('part of %s', async (name) => {
  const { profile, driver, events } = await readDeviceRecording(name)
  const log = deviceLogOf(events)
  const { answers } = log
  const options = { profile, driver, answers: driver === undefined && answers.length > 0 ? answers : undefined }
  const part = (from: number, to: number, moment?: DeviceMoment, of = log) => {
    const summarizer = new DeviceSummarizer('log', of, { ...options, from: moment })
    must(summarizer.run(from))
    const before = summarizer.begin()
    must(summarizer.run(to))
    const after = summarizer.summary()
    return { before, after, told: deviceStretch(before, after) }
  }
  const upTo = (to: number) => {
    const summarizer = new DeviceSummarizer('log', deviceLogOf(events.slice(0, to)), options)
    must(summarizer.run())
    return summarizer.summary()
  }

  test.each(STRETCHES)('[M100] from %f to %f: moments, peaks and counts', (start, end) => {
    const [from, to] = [Math.round(start * events.length), Math.round(end * events.length)]
    const { before, after, told } = part(from, to)
    const [first, second] = [upTo(from), upTo(to)]
    expect([before.owners, before.segments]).toEqual([first.owners, first.segments])
    expect([after.owners, after.segments]).toEqual([second.owners, second.segments])
    expect([before.events, after.events, told.between.events]).toEqual([from, to, to - from])
    for (const device of after.devices) {
      const [atStart, untilStart, untilEnd] = [before, first, second].map(({ devices }) =>
        devices.find((each) => each.device === device.device),
      )
      expect(device).toMatchObject({ allocatedBytes: untilEnd?.allocatedBytes, reservedBytes: untilEnd?.reservedBytes })
      for (const figure of ['retries', 'ooms', 'driverCalls'] as const) {
        expect(atStart?.[figure] ?? 0).toBe(0)
        expect(device[figure]).toBe((untilEnd?.[figure] ?? 0) - (untilStart?.[figure] ?? 0))
      }
      for (const [peak, current] of [
        ['allocatedBytesPeak', 'allocatedBytes'],
        ['reservedBytesPeak', 'reservedBytes'],
      ] as const) {
        expect(atStart?.[peak] ?? 0).toBe(untilStart?.[current] ?? 0)
        expect(Math.max(device[peak], untilStart?.[peak] ?? 0)).toBe(untilEnd?.[peak])
        expect(device[peak]).toBeGreaterThanOrEqual(Math.max(device[current], atStart?.[current] ?? 0))
      }
      expect(device.firstOom === null || (device.firstOom >= from && device.firstOom < to)).toBe(true)
      expect(device.firstOom === null).toBe(device.ooms === 0)
    }
  })

  test.each(STRETCHES)('[M100] from %f to %f: what is asked for, less what is given back, is the change', (start, end) => {
    const [from, to] = [Math.round(start * events.length), Math.round(end * events.length)]
    const { allocated, freed } = part(from, to).told.between
    const replay = new DeviceReplay(log.parts(), options)
    const held = (at: number): readonly [blocks: number, bytes: number] => {
      must(replay.run(at))
      const live = segments(replay.state).flatMap(({ blocks }) => blocks.filter(({ state }) => state === 'active_allocated'))
      return [live.length, live.reduce((all, { requestedBytes }) => all + requestedBytes, 0)]
    }
    const [blocksBefore, bytesBefore] = held(from)
    const [blocks, bytes] = held(to)
    expect([allocated.blocks - freed.blocks, allocated.bytes - freed.bytes]).toEqual([blocks - blocksBefore, bytes - bytesBefore])
  })

  test('[M100] a replay that goes on from a moment tells the same, and no peak of before', () => {
    const [from, to] = [Math.round(events.length * 0.6), Math.round(events.length * 0.63)]
    const whole = new DeviceReplay(log.parts(), options)
    must(whole.run(from))
    expect(part(from, to, whole.moment()).told).toEqual(part(from, to).told)
  })

  test('[M100] a program that resets its peaks does not reset these', () => {
    const [from, reset, to] = [0.2, 0.5, 0.6].map((share) => Math.round(events.length * share)) as [number, number, number]
    const devices = [...new Set(events.flatMap((event) => (event.kind === 'DeviceOpened' ? [event.device] : [])))]
    const resets = devices.map((device) => ({ kind: 'ResetPeakStats', device }) as const)
    const other = deviceLogOf([...events.slice(0, reset), ...resets, ...events.slice(reset)])
    expect(part(from, to + resets.length, undefined, other).after.cost).toEqual(part(from, to).after.cost)
  })
})
