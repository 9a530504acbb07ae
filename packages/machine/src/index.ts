export { DeviceLog, type DeviceLogParts, type Frame, type RecordedAnswer } from './device-log.ts'
export { type DeviceOutcome, deviceOutcomes } from './device-outcome.ts'
export { type DeviceChange, type DeviceMoment, DeviceReplay, type DeviceReplayOptions, type OnDeviceFacts } from './device-replay.ts'
export type { DeviceValue } from './device-values.ts'
export { type DeviceMismatch, DeviceVerification, type DeviceVerifyReport } from './device-verification.ts'
export type { GarbageListener, GarbageSpan } from './garbage-watch.ts'
export type { HostReport } from './host-check.ts'
export { type HostError, TOLERANCE_BYTES, TOLERANCE_SHARE } from './host-errors.ts'
export type { HostListener } from './host-link.ts'
export {
  collectorOf,
  devicesOf,
  emptyMachine,
  heapOf,
  heapsOf,
  hostOf,
  type MachineOptions,
  type MachineRejection,
  machineAllocatedBlocks,
  machineMechanism,
  objectsOf,
  passedOver,
} from './machine.ts'
export type { MachineState } from './machine-draft.ts'
export type { Mismatch } from './mismatch.ts'
export type { Observation } from './observation.ts'
export type { Placement } from './placement.ts'
export { cpythonProfile, MACHINE_PROFILES, type MachineProfile, machineProfile } from './profile.ts'
export { Replay, type ReplayOptions } from './replay.ts'
export { DEVICE_RUNTIME, type LoggedStart, profileNamed, profileOfRuntime, type Runtime, startingFrom } from './runtime.ts'
export { type CollectorSettings, hasSettings, NO_SETTINGS } from './settings.ts'
export { type MachineUsage, machineUsage } from './usage.ts'
export { Verification, type VerifyReport } from './verification.ts'
