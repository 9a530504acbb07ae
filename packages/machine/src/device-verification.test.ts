import { openDevices } from '@reheap/device-memory'
import type { LogEvent } from '@reheap/trace'
import { beforeAll, describe, expect, test } from 'vitest'
import {
  DEVICE_RECORDINGS,
  type DeviceRecording,
  OUT_OF_MEMORY,
  readDeviceRecording,
  rowsOf,
  verifyDevice,
} from '../test/device-recordings.ts'
import { must } from '../test/recordings.ts'
import { devicesOf, emptyMachine, machineMechanism, profileNamed, profileOfRuntime, Replay } from './index.ts'
import { systemOf } from './placement.ts'

type Observed = Extract<LogEvent, { kind: 'Observe' }>

/** The recording with its last event of a kind changed. */
function spoiled(recording: DeviceRecording, of: string, change: (values: Observed['values']) => object): [DeviceRecording, number] {
  const index = recording.events.findLastIndex((event) => event.kind === 'Observe' && event.of === of)
  const event = recording.events[index] as Observed
  const events = recording.events.with(index, { ...event, values: { ...event.values, ...change(event.values) } } as LogEvent)
  return [{ ...recording, events }, index]
}

describe('verification of a device', () => {
  test.each(DEVICE_RECORDINGS)('[M34] every address, fact, figure and text of the real allocator is given: %s', async (name) => {
    const recording = await readDeviceRecording(name)
    const report = verifyDevice(recording)
    expect(report).toMatchObject({ events: recording.events.length, unanswered: 0, mismatches: 0, first: [] })
    expect(report.observations).toBeGreaterThan(recording.events.length)
  })

  let recording: DeviceRecording
  beforeAll(async () => {
    recording = await readDeviceRecording(OUT_OF_MEMORY)
  })

  test('[M35] a spoiled address is exactly one mismatch', () => {
    const index = recording.events.findIndex((event) => event.kind === 'DeviceMalloc' && event.block === 5)
    const event = recording.events[index] as Extract<LogEvent, { kind: 'DeviceMalloc' }>
    const events = recording.events.with(index, { ...event, address: (event.address ?? 0) + 512 })
    expect(verifyDevice({ ...recording, events })).toMatchObject({
      mismatches: 1,
      first: [{ index, of: 'address', expected: (event.address ?? 0) + 512, simulated: event.address }],
    })
  })

  test.each([
    ['deviceFact', 'deviceFact', (values: Observed['values']) => ({ bytes: Number(values.bytes) + 1 })],
    ['deviceStats', 'deviceStats.ooms', (values: Observed['values']) => ({ ooms: Number(values.ooms) + 1 })],
    ['outOfMemoryMessage', 'outOfMemoryMessage.text', ({ text }: Observed['values']) => ({ text: `${text} ` })],
    ['deviceStatsFinal', 'deviceStatsFinal.segment', () => ({ segment: { current: 1, peak: 2, allocated: 3, freed: 4 } })],
  ])('[M35] a spoiled value of %s is exactly one mismatch', (of, named, change) => {
    const [changed, index] = spoiled(recording, of, change)
    expect(verifyDevice(changed)).toMatchObject({ mismatches: 1, first: [{ index, of: named }] })
  })

  test('[M35] how a log is cut into batches does not change the report', () => {
    const few = { ...recording, events: recording.events.slice(0, 1000) }
    expect(verifyDevice(few, 7)).toEqual(verifyDevice(few))
  })

  test('[M46] a log that tells no fact has its other observations compared, and one that leaves out its last fact does not pass', () => {
    const isFact = (event: LogEvent): boolean => event.kind === 'Observe' && event.of === 'deviceFact'
    const told = verifyDevice(recording)
    const silent = verifyDevice({ ...recording, events: recording.events.filter((event) => !isFact(event)) })
    expect(silent).toMatchObject({ mismatches: 0, observations: told.observations - recording.events.filter(isFact).length })
    const last = recording.events.findLastIndex(isFact)
    expect(verifyDevice({ ...recording, events: recording.events.toSpliced(last, 1) }).mismatches).toBe(1)
  })

  test('[M36] blocks that several streams give back within one request may stand in any order', async () => {
    const streams = await readDeviceRecording('pytorch-2.11-streams_tight-mss40r.jsonl.gz')
    const isFree = (event: LogEvent | undefined): boolean =>
      event?.kind === 'Observe' && event.of === 'deviceFact' && event.values.action === 'free_completed'
    const first = streams.events.findIndex((event, index) => isFree(event) && isFree(streams.events[index + 1]))
    const [a, b] = [streams.events[first] as LogEvent, streams.events[first + 1] as LogEvent]
    expect(verifyDevice({ ...streams, events: streams.events.with(first, b).with(first + 1, a) }).mismatches).toBe(0)
  })

  test('[M37] a runtime of PyTorch has the profile of its version, and rows of a device go to its memory', () => {
    const profile = must(profileOfRuntime({ name: 'pytorch', version: '2.11.0+cu128', pointerBits: 64 }))
    expect([profile.name, profile.deviceMemory.name]).toEqual(['pytorch-2.11', 'pytorch-2.11'])
    expect(must(profileNamed('pytorch-2.4')).deviceMemory.name).toBe('pytorch-2.4')
    const replay = new Replay({ recorded: profile })
    const rows = rowsOf([
      { kind: 'Malloc', domain: 'raw', block: 0, bytes: 64 },
      { kind: 'DeviceOpened', device: 1, capacityBytes: 2 ** 30, contextBytes: 0 },
      { kind: 'DeviceMalloc', block: 1, device: 1, stream: 0, bytes: 100 },
      { kind: 'Collect', generation: 0 },
    ])
    must(replay.feed(rows))
    expect(openDevices(devicesOf(replay.end())).map(({ device }) => device)).toEqual([1])
  })

  test('[M37] a request that a device cannot have been asked is rejected with its index and reason', () => {
    const profile = must(profileNamed('pytorch-2.11'))
    const draft = machineMechanism.thaw(emptyMachine(profile, systemOf('simulated')))
    expect(openDevices(devicesOf(machineMechanism.seal(draft)))).toEqual([])
    const replay = new Replay({ recorded: profile })
    expect(replay.feed(rowsOf([{ kind: 'DeviceFree', block: 7 }]))).toMatchObject({
      left: { index: 0, reason: { kind: 'BlockNotLive' } },
    })
  })
})
