/** What a device's log costs under some settings. */
import {
  type AnyState,
  type DeviceMemoryRejection,
  deviceCount,
  FACT_OPCODES,
  type FactOpcode,
  figureOf,
  memoryStats,
  openDevices,
} from '@reheap/device-memory'
import type { EventIndex, FactBatch, Rejected } from '@reheap/kernel'
import { type Either, right } from 'fp-ts/lib/Either.js'
import type { DeviceLogParts } from './device-log.ts'
import { DeviceReplay, type DeviceReplayOptions } from './device-replay.ts'

const { SegmentAllocated, SegmentUnmapped, OutOfMemoryRaised, AssertionRaised } = FACT_OPCODES

/** Of one device. Peaks are those of the whole log. @unit bytes, unless the name says otherwise */
export interface DeviceOutcome {
  readonly device: number
  readonly allocatedBytesPeak: number
  readonly activeBytesPeak: number
  readonly reservedBytesPeak: number
  readonly allocatedBytes: number
  readonly reservedBytes: number
  /** Share of the most that was reserved by which it is above the most that was allocated, 0 to 1. */
  readonly fragmentation: number
  /** Times that the cache was given back because the driver had no memory. */
  readonly retries: number
  /** Requests that were refused. */
  readonly ooms: number
  /** The first of them; null: there was none. */
  readonly firstOom: EventIndex | null
  /** Segments given and taken back, pages mapped and unmapped. */
  readonly driverCalls: number
}

/** What a log costs on all devices together. */
export interface DeviceCost {
  /** Sums of the devices' peaks. */
  readonly reservedBytesPeak: number
  readonly allocatedBytesPeak: number
  readonly allocatedBytes: number
  readonly reservedBytes: number
  readonly fragmentation: number
  readonly driverCalls: number
  readonly retries: number
  readonly ooms: number
}

/** Counts the driver's calls and refused requests. Feed it every fact batch in order. */
export class DeviceTally {
  readonly #calls: number[] = []
  readonly #firsts: number[] = []
  /** Retries and refused requests of each device before it. */
  readonly #before: readonly Readonly<Record<'retries' | 'ooms', number>>[]

  /** @param state where it begins; default the log's beginning */
  constructor(state: AnyState | null = null) {
    this.#before = state === null ? [] : Array.from({ length: deviceCount(state) }, (_, device) => refusals(state, device))
  }

  take({ code, tag, cause, length }: FactBatch<FactOpcode>): void {
    for (let fact = 0; fact < length; fact++) {
      const device = tag[fact]
      if (code[fact] >= SegmentAllocated && code[fact] <= SegmentUnmapped) this.#calls[device] = (this.#calls[device] ?? 0) + 1
      else if (code[fact] === OutOfMemoryRaised || code[fact] === AssertionRaised) this.#firsts[device] ??= cause[fact]
    }
  }

  /** What each device needed. @param state behind the last fact that was taken */
  outcomes(state: AnyState): readonly DeviceOutcome[] {
    return openDevices(state).map(({ device }) => {
      const reserved = figureOf(state, device, 'reserved_bytes')
      const allocated = figureOf(state, device, 'allocated_bytes')
      const { retries, ooms } = refusals(state, device)
      const before = this.#before[device] ?? NONE
      return {
        device,
        allocatedBytesPeak: allocated.peak,
        activeBytesPeak: figureOf(state, device, 'active_bytes').peak,
        reservedBytesPeak: reserved.peak,
        allocatedBytes: allocated.current,
        reservedBytes: reserved.current,
        fragmentation: reserved.peak === 0 ? 0 : 1 - allocated.peak / reserved.peak,
        retries: retries - before.retries,
        ooms: ooms - before.ooms,
        firstOom: this.#firsts[device] ?? null,
        driverCalls: this.#calls[device] ?? 0,
      }
    })
  }
}

const NONE = { retries: 0, ooms: 0 }

function refusals(state: AnyState, device: number): Readonly<Record<'retries' | 'ooms', number>> {
  const { num_alloc_retries: retries = 0, num_ooms: ooms = 0 } = memoryStats(state, device)
  return { retries, ooms }
}

/** Replays a log and tells what each device needed. Left: a request that cannot have happened. */
export function deviceOutcomes(
  parts: DeviceLogParts,
  options: DeviceReplayOptions,
): Either<Rejected<DeviceMemoryRejection>, readonly DeviceOutcome[]> {
  const replay = new DeviceReplay(parts, { ...options, keepsPeaks: true })
  const tally = new DeviceTally()
  const ran = replay.run(parts.rows.length, (facts) => tally.take(facts))
  return ran._tag === 'Left' ? ran : right(tally.outcomes(replay.state))
}

/** The sum over all devices. */
export function costOf(devices: readonly DeviceOutcome[]): DeviceCost {
  const sum = (figure: (device: DeviceOutcome) => number): number => devices.reduce((total, device) => total + figure(device), 0)
  const reservedBytesPeak = sum((device) => device.reservedBytesPeak)
  const allocatedBytesPeak = sum((device) => device.allocatedBytesPeak)
  return {
    reservedBytesPeak,
    allocatedBytesPeak,
    allocatedBytes: sum((device) => device.allocatedBytes),
    reservedBytes: sum((device) => device.reservedBytes),
    fragmentation: reservedBytesPeak === 0 ? 0 : 1 - allocatedBytesPeak / reservedBytesPeak,
    driverCalls: sum((device) => device.driverCalls),
    retries: sum((device) => device.retries),
    ooms: sum((device) => device.ooms),
  }
}
