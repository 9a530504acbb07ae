export type { GarbageListener, GarbageSpan } from './garbage-watch.ts'
export {
  collectorOf,
  emptyMachine,
  heapOf,
  heapsOf,
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
export { type LoggedStart, profileNamed, profileOfRuntime, type Runtime, startingFrom } from './runtime.ts'
export { type CollectorSettings, hasSettings, NO_SETTINGS } from './settings.ts'
export { type MachineUsage, machineUsage } from './usage.ts'
export { Verification, type VerifyReport } from './verification.ts'
