/** Replays a device's log and compares every address, fact, figure and text in it. */
import {
  type DeviceMemoryProfile,
  type DeviceMemoryRejection,
  type DeviceMemoryState,
  deviceMemoryMechanism,
  driverOf,
  emptyDeviceMemory,
  type FactOpcode,
  type FirstFit,
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
  type EventBatch,
  EventColumns,
  type EventIndex,
  explainRow,
  OPCODE_RANGES,
  type Rejected,
} from '@reheap/kernel'
import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { driverAnswer } from './device-log.ts'
import { addressOf, type DeviceValue, deviceFacts, deviceValues, sortedFrees } from './device-values.ts'
import type { Observation } from './observation.ts'

const { Observe } = ANY_LAYER_OPCODES
const { Configure, DeviceMalloc, RestoreSegment } = REQUEST_OPCODES
const { from: FIRST, to: LAST } = OPCODE_RANGES.deviceMemory
/** A report names so many mismatches; all are counted. */
const MISMATCHES_NAMED = 20

/** A recorded value that the replay does not give; null: one side has nothing here. */
export interface DeviceMismatch {
  readonly index: EventIndex
  /** `address`, `deviceFact`, `deviceStats.ooms`, `outOfMemoryMessage.text` ... */
  readonly of: string
  readonly expected: DeviceValue
  readonly simulated: DeviceValue
}

/** What a verification of a device's log found. */
export interface DeviceVerifyReport {
  readonly events: number
  readonly observations: number
  /** Observed values that nothing here answers. */
  readonly unanswered: number
  readonly mismatches: number
  readonly first: readonly DeviceMismatch[]
}

interface Seen extends Observation {
  readonly index: EventIndex
}

/** A verification under way: feed it the log's batches in order, then ask for the report. */
export class DeviceVerification {
  readonly #emit = new Emit<FactOpcode>()
  readonly #draft: Draft<DeviceMemoryState>
  /** Null: a simulated driver answers. */
  readonly #recorded: RecordedDriver | null
  /** The last request: it is replayed when all that stands behind it is known. */
  #request = new EventColumns(1)
  #seen: Seen[] = []
  /** Has the log told a fact yet? One that tells none, written by hand, leaves them open; from the first on all are compared. */
  #tellsFacts = false
  readonly #first: DeviceMismatch[] = []
  #mismatches = 0
  #observations = 0
  #unanswered = 0
  #events = 0

  /** @param driver constants of the simulated driver that the log was recorded on; undefined: it holds what a real one answered */
  constructor(profile: DeviceMemoryProfile, driver?: FirstFit | undefined) {
    const answers = driver === undefined ? recordedDriver() : simulatedDriver(driver)
    this.#draft = deviceMemoryMechanism.thaw(emptyDeviceMemory(profile, { driver: answers }))
    this.#recorded = driver === undefined ? (driverOf(this.#draft) as RecordedDriver) : null
  }

  /** Replays one batch. Left: a request that cannot have happened. */
  feed(batch: EventBatch): Either<Rejected<DeviceMemoryRejection>, void> {
    for (let row = 0; row < batch.length; row++) {
      const code = batch.code[row]
      if (code === Observe) {
        const observation = JSON.parse(batch.detail(row) ?? '{}') as Observation
        this.#seen.push({ ...observation, index: batch.firstIndex + row })
      } else if (code >= FIRST && code <= LAST) {
        const settled = this.#settle()
        if (settled._tag === 'Left') return settled
        this.#hold(batch, row)
      }
    }
    this.#events += batch.length
    return right(undefined)
  }

  /** Replays the last request. Left: it cannot have happened. */
  report(): Either<Rejected<DeviceMemoryRejection>, DeviceVerifyReport> {
    const settled = this.#settle()
    if (settled._tag === 'Left') return settled
    return right({
      events: this.#events,
      observations: this.#observations,
      unanswered: this.#unanswered,
      mismatches: this.#mismatches,
      first: this.#first,
    })
  }

  /** A batch is gone when the next one is asked for: the row is copied. */
  #hold(batch: EventBatch, row: number): void {
    const request = this.#request
    const code = batch.code[row]
    request.clear()
    request.firstIndex = batch.firstIndex + row
    request.push(code, batch.tag[row], batch.id[row], batch.other[row], batch.size[row], batch.address[row])
    const detail = code === Configure || code === RestoreSegment ? batch.detail(row) : null
    if (detail !== null) request.setDetail(0, detail)
  }

  #settle(): Either<Rejected<DeviceMemoryRejection>, void> {
    const request = this.#request
    const seen = this.#seen
    this.#seen = []
    this.#emit.clear()
    if (request.length > 0) {
      for (const { of, values } of this.#recorded === null ? [] : seen) {
        const answer = of === 'deviceFact' ? driverAnswer(values) : null
        if (answer !== null) this.#recorded?.offer(answer)
      }
      const batch = request as Batch<RequestOpcode>
      if (deviceMemoryMechanism.applyBatch(this.#draft, batch, 0, 1, this.#emit) >= 0)
        return left({ index: request.firstIndex, reason: explainRow(deviceMemoryMechanism, this.#emit.reason, batch, 0) })
      this.#recorded?.settle()
      if (request.code[0] === DeviceMalloc && !Number.isNaN(request.address[0]))
        this.#check(request.firstIndex, 'address', request.address[0], addressOf(this.#emit.facts))
    }
    this.#compareFacts(seen)
    for (const observation of seen) if (observation.of !== 'deviceFact') this.#compareValues(observation)
    request.clear()
    return right(undefined)
  }

  /** Blocks that several streams give back within one request come in the order of a hash table: they are compared sorted. */
  #compareFacts(seen: readonly Seen[]): void {
    const observed = seen.filter(({ of }) => of === 'deviceFact')
    this.#tellsFacts ||= observed.length > 0
    if (!this.#tellsFacts) return
    const device = (values: Observation['values']): Observation['values'] => ({ device: 0, ...values })
    const expected = sortedFrees(observed.map(({ values }) => device(values)))
    const simulated = sortedFrees(deviceFacts(this.#emit.facts))
    for (let place = 0; place < Math.max(expected.length, simulated.length); place++) {
      const index = observed[place]?.index ?? observed.at(-1)?.index ?? this.#request.firstIndex
      this.#check(index, 'deviceFact', expected[place] ?? null, simulated[place] ?? null)
    }
  }

  #compareValues({ index, of, values }: Seen): void {
    const simulated = deviceValues(this.#draft, of, values)
    for (const [name, expected] of Object.entries(values)) {
      if (simulated === null || !Object.hasOwn(simulated, name)) {
        if (name !== 'device') this.#unanswered++
      } else this.#check(index, `${of}.${name}`, expected as DeviceValue, simulated[name] ?? null)
    }
  }

  #check(index: EventIndex, of: string, expected: DeviceValue, simulated: DeviceValue): void {
    this.#observations++
    if (isSame(expected, simulated)) return
    this.#mismatches++
    if (this.#first.length < MISMATCHES_NAMED) this.#first.push({ index, of, expected, simulated })
  }
}

/** Are they one value? What a recording does not name is not compared. */
function isSame(expected: DeviceValue, simulated: DeviceValue): boolean {
  if (typeof expected !== 'object' || typeof simulated !== 'object' || expected === null || simulated === null)
    return expected === simulated
  const [wanted, given] = [expected, simulated] as unknown as Readonly<Record<string, DeviceValue>>[]
  if (Array.isArray(expected) && Object.keys(expected).length !== Object.keys(simulated).length) return false
  return Object.keys(expected).every((name) => isSame(wanted?.[name] ?? null, given?.[name] ?? null))
}
