/** Which settings are worth having: none is better in both, reserved memory and calls of the driver. */
import type { DeviceOutcome } from '@reheap/machine'

/** What a log cost under some settings, on all devices. */
export interface Tuned {
  readonly settings: string
  /** Sum of the devices' peaks. */
  readonly reservedBytesPeak: number
  readonly allocatedBytesPeak: number
  readonly fragmentation: number
  readonly driverCalls: number
  readonly retries: number
  readonly ooms: number
}

export function tunedOf(settings: string, devices: readonly DeviceOutcome[]): Tuned {
  const sum = (figure: (device: DeviceOutcome) => number): number => devices.reduce((total, device) => total + figure(device), 0)
  const reservedBytesPeak = sum((device) => device.reservedBytesPeak)
  const allocatedBytesPeak = sum((device) => device.allocatedBytesPeak)
  return {
    settings,
    reservedBytesPeak,
    allocatedBytesPeak,
    fragmentation: reservedBytesPeak === 0 ? 0 : 1 - allocatedBytesPeak / reservedBytesPeak,
    driverCalls: sum((device) => device.driverCalls),
    retries: sum((device) => device.retries),
    ooms: sum((device) => device.ooms),
  }
}

/** Settings with the fewest refused requests of which none other needs both less memory and fewer calls; the least memory first. */
export function frontierOf(tuned: readonly Tuned[]): readonly Tuned[] {
  const ooms = Math.min(...tuned.map((each) => each.ooms))
  const sorted = tuned
    .filter((each) => each.ooms === ooms)
    .sort(
      (a, b) =>
        a.reservedBytesPeak - b.reservedBytesPeak ||
        a.driverCalls - b.driverCalls ||
        a.settings.length - b.settings.length ||
        (a.settings < b.settings ? -1 : 1),
    )
  let calls = Number.POSITIVE_INFINITY
  return sorted.filter((each) => {
    if (each.driverCalls >= calls) return false
    calls = each.driverCalls
    return true
  })
}
