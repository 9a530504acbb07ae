/** What a monitor sees of a log of GPUs: every device that is open. */
import { type DeviceMemoryState, deviceStats, openDevices } from '@reheap/device-memory'
import type { Draft, EventBatch } from '@reheap/kernel'
import type { DeviceReplay } from '@reheap/machine'
import { left, right } from 'fp-ts/lib/Either.js'
import { deviceRejection } from '../device/device-input.ts'
import type { Result } from '../outcome.ts'
import type { DeviceReading, Reading } from './reading.ts'
import type { Played } from './replay-readings.ts'

export class PlayedDevice implements Played {
  readonly #name: string
  readonly #replay: DeviceReplay

  /** @param name of the log @param replay of the whole log, from its beginning */
  constructor(name: string, replay: DeviceReplay) {
    this.#name = name
    this.#replay = replay
  }

  /** The replay has the log already. */
  begin(): void {}

  /** A batch only says how far to go. */
  feed({ firstIndex, length }: EventBatch): Result<void> {
    const ran = this.#replay.run(firstIndex + length)
    return ran._tag === 'Left' ? left(deviceRejection(this.#name, ran.left)) : right(undefined)
  }

  reading(): Omit<Reading, 'event' | 'seconds'> {
    return { system: null, processes: [], layers: [], devices: devicesOf(this.#replay.state) }
  }
}

/** Every device that is open. */
export function devicesOf(state: Draft<DeviceMemoryState>): readonly DeviceReading[] {
  return openDevices(state).map(({ device, capacityBytes }) => {
    const { reservedBytes, allocatedBytes } = deviceStats(state, device)
    return { device, total: capacityBytes, reserved: reservedBytes, allocated: allocatedBytes }
  })
}
