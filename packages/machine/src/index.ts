export {
  emptyMachine,
  heapOf,
  heapsOf,
  type MachineRejection,
  type MachineState,
  machineAllocatedBlocks,
  machineMechanism,
} from './machine.ts'
export type { Mismatch, Observation } from './observation.ts'
export type { Placement } from './placement.ts'
export { Replay, type ReplayOptions } from './replay.ts'
export { profileNamed, profileOfRuntime, type Runtime } from './runtime.ts'
export { type MachineUsage, machineUsage } from './usage.ts'
export { Verification, type VerifyReport } from './verification.ts'
