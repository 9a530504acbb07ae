import {
  checkCheap,
  checkFull,
  type DeviceMemoryState,
  deviceMemoryMechanism,
  deviceMemoryReducer,
  deviceMemoryWording,
  emptyDeviceMemory,
  type Fact,
  figureOf,
  memoryStats,
  pytorchProfile,
  Request,
  STATISTICS,
  segments,
} from '@reheap/device-memory'
import { EventColumns, type Sealed } from '@reheap/kernel'
import type { Arbitrary } from 'fast-check'
import fc from 'fast-check'
import { isLeft } from 'fp-ts/lib/Either.js'
import type { Subject } from '../subject.ts'
import { NaiveDeviceMemory } from './naive-device.ts'
import { DeviceLedger, type DeviceProgram, type DeviceSetting, devicePrograms } from './programs.ts'

/** What {@link Subject} is for the memory of a device. */
export type DeviceSubject = Subject<DeviceMemoryState, DeviceSetting, Request, Fact>

const ledgerOf = ({ requests }: DeviceProgram): DeviceLedger => {
  const ledger = new DeviceLedger()
  for (const request of requests) ledger.note(request)
  return ledger
}

/** Blocks and bytes that the program has, by facts. */
function flow(facts: readonly Fact[]): { readonly blocks: number; readonly segmentBytes: number } {
  let blocks = 0
  let segmentBytes = 0
  for (const fact of facts) {
    if (fact.kind === 'BlockAllocated') blocks++
    else if (fact.kind === 'FreeRequested') blocks--
    else if (fact.kind === 'SegmentAllocated' || fact.kind === 'SegmentMapped') segmentBytes += fact.bytes
    else if (fact.kind === 'SegmentFreed' || fact.kind === 'SegmentUnmapped') segmentBytes -= fact.bytes
  }
  return { blocks, segmentBytes }
}

/** Of a device that was not opened there are no figures. */
const current = (state: Sealed<DeviceMemoryState>, statistic: 'allocation' | 'reserved_bytes'): number =>
  state.at === 0 ? 0 : figureOf(state, 0, statistic).current

/** Requests that cannot have happened after a program, and a few that can. */
const impossibleRequests = (program: DeviceProgram): Arbitrary<Request> => {
  const [live = 90_001] = ledgerOf(program).live
  const block = fc.constantFrom(90_000, live)
  return fc.oneof(
    fc.record({ kind: fc.constant('DeviceFree' as const), block }),
    fc.record({ kind: fc.constant('RecordStream' as const), block, stream: fc.nat(3) }),
    fc.record({
      kind: fc.constant('DeviceMalloc' as const),
      block,
      device: fc.nat(1),
      stream: fc.nat(3),
      bytes: fc.constantFrom(-1, 0, 512),
    }),
    fc.record({ kind: fc.constant('SetMemoryFraction' as const), fraction: fc.constantFrom(-0.1, 0.5, 1.1) }),
    fc.constant<Request>({ kind: 'EmptyCache' }),
  )
}

/** The figures of a device that its naive model gives too. */
export function modelledFigures(state: Sealed<DeviceMemoryState>): unknown {
  if (state.at === 0) return null
  const stats = memoryStats(state)
  return {
    current: Object.fromEntries(STATISTICS.map((statistic) => [statistic, figureOf(state, 0, statistic).current])),
    counters: [stats.num_alloc_retries, stats.num_ooms, stats.num_sync_all_streams, stats.num_device_alloc, stats.num_device_free],
  }
}

/** The memory of one device, ready for the laws but for the one that reads rows back. @param programs small devices of several versions if not given */
export function deviceSubject(programs: Arbitrary<DeviceProgram> = devicePrograms()): DeviceSubject {
  return {
    name: 'device-memory',
    reducer: deviceMemoryReducer as unknown as DeviceSubject['reducer'],
    mechanism: deviceMemoryMechanism as DeviceSubject['mechanism'],
    wording: deviceMemoryWording as unknown as DeviceSubject['wording'],
    newRows: () => new EventColumns() as unknown as ReturnType<NonNullable<DeviceSubject['newRows']>>,
    initial: ({ version }) => emptyDeviceMemory(pytorchProfile(version)),
    programs,
    impossible: impossibleRequests,
    drain: (program) => ledgerOf(program).ending(),
    probe: () => [],
    figures: (state) =>
      state.at === 0
        ? null
        : {
            stats: memoryStats(state),
            segments: segments(state),
            current: STATISTICS.map((statistic) => figureOf(state, 0, statistic)),
          },
    check: (state) => {
      const cheap = checkCheap(state)
      return isLeft(cheap) ? cheap : checkFull(state)
    },
    model: ({ version }) => new NaiveDeviceMemory(pytorchProfile(version)),
    kindOf: (reason) => (reason as { readonly kind: string }).kind,
    flow,
    held: (state) => ({ blocks: current(state, 'allocation'), segmentBytes: current(state, 'reserved_bytes') }),
    leftover: (_, state) => (segments(state).length === 0 ? null : `${segments(state).length} segments remain`),
    requestAt: () => {
      throw new Error('rows of a device are read by @reheap/trace')
    },
    decode: (value) => Request.decode(value),
    logOf: ({ setting, requests }) => [
      JSON.stringify({ reheap: 1, runtime: { name: 'pytorch', version: setting.version }, command: 'a generated program' }),
      ...requests.map((request) => JSON.stringify(request)),
    ],
    programOf: ([header = '{}', ...lines]) => ({
      setting: { version: (JSON.parse(header) as { readonly runtime: DeviceSetting }).runtime.version },
      requests: lines.map((line) => JSON.parse(line) as Request),
    }),
  }
}
