/** Which settings are worth having: none is better in both, reserved memory and calls of the driver. */
import { costOf, type DeviceCost, type DeviceOutcome } from '@reheap/machine'

/** What a log cost under some settings, on all devices. */
export interface Tuned extends DeviceCost {
  readonly settings: string
}

export const tunedOf = (settings: string, devices: readonly DeviceOutcome[]): Tuned => ({ settings, ...costOf(devices) })

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
