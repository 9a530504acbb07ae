/** What a what-if changes of the collector, whatever the program itself sets. */
import type { MachineProfile } from './profile.ts'

/** A setting that is left out is the program's own. */
export interface CollectorSettings {
  readonly threshold0?: number | undefined
  readonly threshold1?: number | undefined
  readonly threshold2?: number | undefined
  /** Does the collector run by itself? */
  readonly isEnabled?: boolean | undefined
  /** Event before which all objects are frozen. */
  readonly freezeAt?: number | undefined
}

/** A collector that is left as the log sets it. */
export const NO_SETTINGS: CollectorSettings = {}

/** Is the collector told anything that the log does not say? */
export const hasSettings = (settings: CollectorSettings): boolean => Object.values(settings).some((value) => value !== undefined)

/** The profile with the thresholds that the settings start with. */
export function underSettings(profile: MachineProfile, settings: CollectorSettings): MachineProfile {
  const [first, second, third] = profile.collector.thresholds
  const { threshold0 = first, threshold1 = second, threshold2 = third } = settings
  return { ...profile, collector: { ...profile.collector, thresholds: [threshold0, threshold1, threshold2] } }
}
