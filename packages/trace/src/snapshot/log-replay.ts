import {
  type DeviceMemoryState,
  type DriverAnswer,
  deviceMemoryMechanism,
  driverOf,
  emptyDeviceMemory,
  type FactOpcode,
  pytorchProfile,
  type RecordedDriver,
  type RequestOpcode,
  recordedDriver,
  simulatedDriver,
} from '@reheap/device-memory'
import { type Batch, type Draft, Emit, type EventBatch, EventColumns, explainRow, type FactBatch } from '@reheap/kernel'
import type { LogHeader } from '../header.ts'
import { SnapshotFault } from './snapshot-fault.ts'

/** Actions that a driver answers with. */
const DRIVER_ACTIONS = /^(segment_(alloc|free|map|unmap)|oom)$/

/** What was seen just after a request. */
export interface SeenFact {
  readonly action: string
  readonly device?: number
  readonly address?: number
  readonly deviceFreeBytes?: number
  readonly bytes: number
  readonly stream: number
  readonly time: number
  readonly stack: number
}

/** The allocator under the requests of a log, one by one: on the log's simulated driver, or on one that answers as was seen. */
export class LogReplay {
  readonly state: Draft<DeviceMemoryState>
  readonly #recorded: RecordedDriver | null
  readonly #emit = new Emit<FactOpcode>()
  readonly #request = new EventColumns(1)

  constructor({ runtime, driver }: LogHeader) {
    const answers = driver === undefined ? recordedDriver() : simulatedDriver(driver)
    this.state = deviceMemoryMechanism.thaw(emptyDeviceMemory(pytorchProfile(runtime.version), { driver: answers }))
    this.#recorded = driver === undefined ? (driverOf(this.state) as RecordedDriver) : null
  }

  /** Keeps a request until it is known what was seen after it: its batch may be gone then. */
  hold(batch: EventBatch, row: number): void {
    const request = this.#request
    request.firstIndex = batch.firstIndex + row
    request.push(batch.code[row], batch.tag[row], batch.id[row], batch.other[row], batch.size[row], batch.address[row])
    const detail = batch.detail(row)
    if (detail !== null) request.setDetail(0, detail)
  }

  /** The request that is kept; it has no row where there is none. */
  get request(): EventColumns {
    return this.#request
  }

  /** Serves the request that is kept. @throws SnapshotFault if it cannot have happened */
  serve(seen: readonly SeenFact[]): FactBatch {
    const request = this.#request
    if (this.#recorded !== null)
      for (const { action, device = 0, address, deviceFreeBytes, bytes } of seen)
        if (DRIVER_ACTIONS.test(action))
          this.#recorded.offer({ action, device, address: address ?? deviceFreeBytes, bytes } as DriverAnswer)
    this.#emit.clear()
    const batch = request as Batch<RequestOpcode>
    if (deviceMemoryMechanism.applyBatch(this.state, batch, 0, 1, this.#emit) >= 0) {
      const { message } = explainRow(deviceMemoryMechanism, this.#emit.reason, batch, 0)
      throw new SnapshotFault(`event ${request.firstIndex}`, message, 'correct the log: this cannot have happened')
    }
    this.#recorded?.settle()
    return this.#emit.facts
  }
}
