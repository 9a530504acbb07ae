/** Replays the requests of a device's log, as they were or under other settings. */
import {
  type DeviceMemoryProfile,
  type DeviceMemoryRejection,
  type DeviceMemoryState,
  deviceMemoryMechanism,
  driverOf,
  emptyDeviceMemory,
  type FactOpcode,
  FIRST_FIT,
  type FirstFit,
  openDevices,
  parseSettings,
  REQUEST_OPCODES,
  type RecordedDriver,
  type RequestOpcode,
  recordedDriver,
  simulatedDriver,
} from '@reheap/device-memory'
import {
  ANY_LAYER_OPCODES,
  type Batch,
  type Draft,
  Emit,
  EventColumns,
  explainRow,
  type FactBatch,
  NO_ID,
  type Rejected,
  type Sealed,
} from '@reheap/kernel'
import { type Either, left, right } from 'fp-ts/lib/Either.js'
import type { DeviceLogParts, RecordedAnswer } from './device-log.ts'
import { rebuilt } from './rebuilt-rows.ts'

const { DeviceOpened, Configure, ResetPeakStats, RestoreSegment } = REQUEST_OPCODES

/** What a what-if changes of a device's log. */
export interface DeviceChange {
  /** Stands from the first event on, whatever the program sets. */
  readonly settings?: string | undefined
  /** Of every device. @unit bytes */
  readonly capacityBytes?: number | undefined
}

/** How a device's log is replayed. */
export interface DeviceReplayOptions extends DeviceChange {
  readonly profile: DeviceMemoryProfile
  /** Constants of the simulated driver. */
  readonly driver?: FirstFit | undefined
  /** What the real driver was seen to answer: it answers so again. Without them a simulated driver does. */
  readonly answers?: readonly RecordedAnswer[] | undefined
  /** Is what was there before the log begins asked for anew, block by block, so that the settings shape it too? */
  readonly rebuilds?: boolean | undefined
  /** Peaks are those of the whole log, whatever the program resets. */
  readonly keepsPeaks?: boolean | undefined
  /** A state of the same log under the same options: the replay goes on behind it. Default: the beginning. */
  readonly from?: DeviceMoment | undefined
}

/** A state of a device's log, and the first row that it does not hold. */
export interface DeviceMoment {
  readonly state: Sealed<DeviceMemoryState>
  readonly at: number
}

/** Takes the facts of some rows; they are overwritten afterwards. */
export type OnDeviceFacts = (facts: FactBatch<FactOpcode>, state: Draft<DeviceMemoryState>) => void

/** Rows whose facts are told at once. */
const ROWS_AT_ONCE = 4096

/** A replay under way. */
export class DeviceReplay {
  readonly #batch: Batch<RequestOpcode> & { detail(row: number): string | null }
  #draft: Draft<DeviceMemoryState>
  readonly #emit = new Emit<FactOpcode>()
  /** Where nobody takes facts. */
  readonly #muted = new Emit<FactOpcode>({ muted: true })
  /** Null: a simulated driver answers. */
  #recorded: RecordedDriver | null
  readonly #answers: readonly RecordedAnswer[]
  #answer = 0
  /** First row that was not replayed. */
  at = 0

  /** @throws where the settings are not understood: ask `parseSettings` before */
  constructor({ rows, details }: DeviceLogParts, options: DeviceReplayOptions) {
    const { profile, driver = FIRST_FIT, answers, settings, from } = options
    const texts = new Map(details)
    this.#answers = answers ?? []
    this.#batch = { ...changed(rows, options), detail: (row) => texts.get(row) ?? null }
    const parsed = settings === undefined ? null : parseSettings(settings, profile)
    if (parsed?._tag === 'Left') throw new Error(parsed.left)
    this.#draft = deviceMemoryMechanism.thaw(
      from?.state ??
        emptyDeviceMemory(profile, {
          driver: answers === undefined ? simulatedDriver(driver) : recordedDriver(),
          ...(parsed === null ? {} : { settings: parsed.right }),
        }),
    )
    this.at = from?.at ?? 0
    while ((this.#answers[this.#answer]?.index ?? this.at) < this.at) this.#answer++
    this.#recorded = answers === undefined ? null : (driverOf(this.#draft) as RecordedDriver)
  }

  /** The state as it is now, to be asked and not kept. */
  get state(): Draft<DeviceMemoryState> {
    return this.#draft
  }

  /** Replays the rows before row `to`. Left: a request that cannot have happened. */
  run(to: number = this.#batch.length, onFacts?: OnDeviceFacts): Either<Rejected<DeviceMemoryRejection>, void> {
    const emit = onFacts === undefined ? this.#muted : this.#emit
    while (this.at < to) {
      const end = this.#recorded === null ? Math.min(to, this.at + ROWS_AT_ONCE) : this.#nextEnd(to)
      emit.clear()
      const row = deviceMemoryMechanism.applyBatch(this.#draft, this.#batch, this.at, end, emit)
      if (row >= 0) return left({ index: row, reason: explainRow(deviceMemoryMechanism, emit.reason, this.#batch, row) })
      this.at = end
      onFacts?.(emit.facts, this.#draft)
    }
    return right(undefined)
  }

  /** Offers the driver what it answered to the next request. @returns the row behind that request, or `to` */
  #nextEnd(to: number): number {
    const next = this.#answers[this.#answer]
    if (next === undefined || next.index >= to) return to
    if (next.index > this.at) return next.index
    this.#recorded?.settle()
    while (this.#answers[this.#answer]?.index === next.index) {
      this.#recorded?.offer((this.#answers[this.#answer] as RecordedAnswer).answer)
      this.#answer++
    }
    return next.index + 1
  }

  /** Peaks are those from here on, as after `torch.cuda.reset_peak_memory_stats()` on every device. */
  resetPeaks(): void {
    const rows = new EventColumns(1) as EventColumns & Batch<RequestOpcode>
    for (const { device } of openDevices(this.#draft)) rows.push(ResetPeakStats, device, NO_ID, NO_ID, 0, 0)
    deviceMemoryMechanism.applyBatch(this.#draft, rows, 0, rows.length, this.#muted)
  }

  /** The state as it is now, to be kept; the replay goes on with a copy. */
  moment(): DeviceMoment {
    const state = deviceMemoryMechanism.seal(this.#draft)
    this.#draft = deviceMemoryMechanism.thaw(state)
    if (this.#recorded !== null) this.#recorded = driverOf(this.#draft) as RecordedDriver
    return { state, at: this.at }
  }

  /** Ends the replay. */
  end(): Sealed<DeviceMemoryState> {
    return deviceMemoryMechanism.seal(this.#draft)
  }
}

/** The rows as the changes make them: a row of no layer does nothing. */
function changed(rows: DeviceLogParts['rows'], options: DeviceReplayOptions): Batch<RequestOpcode> {
  const { settings, capacityBytes, keepsPeaks = false, rebuilds = false } = options
  const batch = { ...rows, firstIndex: 0 } as Batch<RequestOpcode>
  if (rebuilds && rows.code.includes(RestoreSegment)) return changed(rebuilt(rows), { ...options, rebuilds: false })
  const setsNothing = settings !== undefined
  if (!setsNothing && !keepsPeaks && capacityBytes === undefined) return batch
  const code = rows.code.slice(0, rows.length)
  const size = capacityBytes === undefined ? rows.size : rows.size.slice(0, rows.length)
  for (let row = 0; row < rows.length; row++) {
    if (setsNothing && code[row] === Configure) code[row] = ANY_LAYER_OPCODES.Mark
    else if (keepsPeaks && code[row] === ResetPeakStats) code[row] = ANY_LAYER_OPCODES.Mark
    else if (capacityBytes !== undefined && code[row] === DeviceOpened) size[row] = capacityBytes
  }
  return { ...batch, code, size }
}
