import { FACT_OPCODES, figureOf, memoryStats, pytorchProfile, segments, settingsOf } from '@reheap/device-memory'
import type { LogEvent } from '@reheap/trace'
import { describe, expect, test } from 'vitest'
import { deviceLogOf, OUT_OF_MEMORY, readDeviceRecording, verifyDevice } from '../test/device-recordings.ts'
import { must } from '../test/recordings.ts'
import { DeviceReplay } from './index.ts'

const MIB = 2 ** 20
const profile = pytorchProfile('2.11')
const malloc = (block: number, bytes: number): LogEvent => ({ kind: 'DeviceMalloc', block, device: 0, stream: 0, bytes })
const fact = (action: string, address: number, bytes: number): LogEvent => ({
  kind: 'Observe',
  of: 'deviceFact',
  values: { action, address, bytes, stream: 0 },
})
const opened: LogEvent = { kind: 'DeviceOpened', device: 0, capacityBytes: 64 * MIB, contextBytes: 0 }

describe('replay of a device', () => {
  test('[M38] settings stand from the first event on, whatever the program sets', () => {
    const log = deviceLogOf([opened, { kind: 'Configure', settings: 'max_split_size_mb:64' }, malloc(1, 3 * MIB)])
    const recorded = new DeviceReplay(log.parts(), { profile })
    must(recorded.run())
    expect(settingsOf(recorded.state).maxSplitBytes).toBe(64 * MIB)
    const changed = new DeviceReplay(log.parts(), { profile, settings: 'expandable_segments:True' })
    must(changed.run())
    expect(settingsOf(changed.state)).toMatchObject({ expandableSegments: true, maxSplitBytes: Number.POSITIVE_INFINITY })
    // Expandable segments map pages of 20 MiB in the large pool, as cudaMalloc gives 20 MiB.
    expect(figureOf(changed.end(), 0, 'reserved_bytes').current).toBe(20 * MIB)
  })

  test('[M38] another capacity decides what fits, and a peak outlives a reset of the program', () => {
    const log = deviceLogOf([
      opened,
      malloc(1, 40 * MIB),
      { kind: 'DeviceFree', block: 1 },
      { kind: 'EmptyCache' },
      { kind: 'ResetPeakStats' },
    ])
    const ooms = (capacityBytes: number | undefined): number | undefined => {
      const replay = new DeviceReplay(log.parts(), { profile, capacityBytes })
      must(replay.run())
      return memoryStats(replay.end()).num_ooms
    }
    expect([ooms(undefined), ooms(30 * MIB)]).toEqual([0, 1])
    const peak = (keepsPeaks: boolean): number => {
      const replay = new DeviceReplay(log.parts(), { profile, keepsPeaks })
      must(replay.run())
      return figureOf(replay.end(), 0, 'reserved_bytes').peak
    }
    expect([peak(false), peak(true)]).toEqual([0, 40 * MIB])
  })

  test('[M39] a recorded driver answers as it did: memory that it refused is refused', () => {
    const events: LogEvent[] = [
      opened,
      malloc(1, 12 * MIB),
      fact('segment_alloc', 4096 * MIB, 12 * MIB),
      fact('alloc', 4096 * MIB, 12 * MIB),
      malloc(2, 12 * MIB),
      { kind: 'Observe', of: 'deviceFact', values: { action: 'oom', deviceFreeBytes: 5 * MIB, bytes: 12 * MIB, stream: 0 } },
    ]
    const log = deviceLogOf(events)
    const replay = new DeviceReplay(log.parts(), { profile, answers: log.answers })
    const told: number[] = []
    must(replay.run(log.length, ({ code, length }) => told.push(...code.subarray(0, length))))
    expect(segments(replay.state).map(({ address, bytes }) => [address, bytes])).toEqual([[4096 * MIB, 12 * MIB]])
    expect(told).toEqual([FACT_OPCODES.SegmentAllocated, FACT_OPCODES.BlockAllocated, FACT_OPCODES.OutOfMemoryRaised])
    expect(verifyDevice({ profile, driver: undefined, events })).toMatchObject({ observations: 3, mismatches: 0 })
  })

  test('[M71] a moment that was kept goes on as the whole replay does, with the answers that were recorded behind it', async () => {
    const { events } = await readDeviceRecording(OUT_OF_MEMORY)
    const log = deviceLogOf(events)
    const options = { profile, answers: log.answers }
    const whole = new DeviceReplay(log.parts(), options)
    must(whole.run(1000))
    const from = whole.moment()
    must(whole.run())
    const later = new DeviceReplay(log.parts(), { ...options, from })
    expect(later.at).toBe(1000)
    must(later.run())
    expect(memoryStats(later.state)).toEqual(memoryStats(whole.state))
    expect(segments(later.state)).toEqual(segments(whole.state))
    expect(memoryStats(from.state)).not.toEqual(memoryStats(whole.state))
  })

  test('[M44] the segments and blocks that a snapshot shows are compared', () => {
    const block = (address: number, bytes: number, state: string) => ({ address, bytes, state })
    const shown = (bytes: number): LogEvent => ({
      kind: 'Observe',
      of: 'deviceSegment',
      values: {
        address: 4096 * MIB,
        bytes: 20 * MIB,
        stream: 0,
        type: 'large',
        isExpandable: false,
        pool: null,
        blocks: [block(4096 * MIB, bytes, 'active_allocated'), block(4096 * MIB + bytes, 20 * MIB - bytes, 'inactive')],
      },
    })
    const events = (bytes: number, count: number): LogEvent[] => [
      opened,
      malloc(1, 3 * MIB),
      fact('segment_alloc', 4096 * MIB, 20 * MIB),
      fact('alloc', 4096 * MIB, 3 * MIB),
      shown(bytes),
      { kind: 'Observe', of: 'deviceSegments', values: { device: 0, count } },
    ]
    const mismatches = (bytes: number, count: number) => verifyDevice({ profile, driver: undefined, events: events(bytes, count) }).first
    expect(mismatches(3 * MIB, 1)).toEqual([])
    expect(mismatches(4 * MIB, 1).map(({ of }) => of)).toEqual(['deviceSegment.blocks'])
    expect(mismatches(3 * MIB, 2)).toMatchObject([{ of: 'deviceSegments.count', expected: 2, simulated: 1 }])
  })

  test('[M45] what was there before the log begins is asked for anew, block by block, where that is wanted', () => {
    const restored: LogEvent[] = [
      opened,
      { kind: 'RestoreSegment', stream: 3, address: 4096 * MIB, bytes: 60 * MIB, type: 'large', isExpandable: false },
      { kind: 'RestoreBlock', block: 7, bytes: 3 * MIB, requestedBytes: 3 * MIB - 100, state: 'active_allocated' },
      { kind: 'RestoreBlock', block: null, bytes: 50 * MIB, requestedBytes: 1, state: 'inactive' },
      { kind: 'RestoreBlock', block: null, bytes: 7 * MIB, requestedBytes: 7 * MIB, state: 'active_allocated' },
      { kind: 'DeviceFree', block: 7 },
    ]
    const ended = (rebuilds: boolean) => {
      const replay = new DeviceReplay(deviceLogOf(restored).parts(), { profile, rebuilds })
      must(replay.run())
      return segments(replay.end()).map(({ bytes, stream, blocks }) => [bytes / MIB, stream, blocks.map((block) => block.bytes / MIB)])
    }
    expect(ended(false)).toEqual([[60, 3, [53, 7]]])
    // Two requests below 10 MiB share a segment of 20 MiB.
    expect(ended(true)).toEqual([[20, 3, [3, 7, 10]]])
  })

  test('[M38] a recorded out-of-memory does not happen with more memory', async () => {
    const { events } = await readDeviceRecording(OUT_OF_MEMORY)
    const log = deviceLogOf(events)
    const ooms = (capacityBytes?: number): number => {
      const replay = new DeviceReplay(log.parts(), { profile, capacityBytes })
      must(replay.run())
      return memoryStats(replay.end()).num_ooms ?? 0
    }
    const observed = events.findLast((event) => event.kind === 'Observe' && event.of === 'deviceStats')
    expect(ooms()).toBe(observed?.kind === 'Observe' ? observed.values.ooms : Number.NaN)
    expect(ooms(64 * 1024 * MIB)).toBe(0)
  })
})
