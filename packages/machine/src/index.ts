export { type BlockOwner, BlockOwners } from './block-owner.ts'
export { type LoggedCapacities, withCapacities } from './capacities.ts'
export { deviceRequestSteps } from './descent/device-steps.ts'
export { type LayerFigures, layerFigures } from './descent/layer-figures.ts'
export { type RequestStep, requestSteps, type SeenRequest, type ToldFact } from './descent/steps.ts'
export { DeviceLog, type DeviceLogParts, type RecordedAnswer } from './device-log.ts'
export { costOf, type DeviceCost, type DeviceOutcome, deviceOutcomes } from './device-outcome.ts'
export { behindDevices, isOfDevice } from './device-pieces.ts'
export { type DeviceChange, type DeviceMoment, DeviceReplay, type DeviceReplayOptions, type OnDeviceFacts } from './device-replay.ts'
export type { DeviceValue } from './device-values.ts'
export { type DeviceMismatch, DeviceVerification, type DeviceVerifyReport } from './device-verification.ts'
export type { AskedBy } from './difference/askers.ts'
export type { Changed } from './difference/changed.ts'
export { type DeviceDifference, type DeviceStretch, deviceDifference, deviceStretch } from './difference/device-difference.ts'
export { DeviceSummarizer, type DeviceSummary } from './difference/device-summary.ts'
export { type HeapDifference, type HeapStretch, heapDifference, heapStretch } from './difference/heap-difference.ts'
export { type HeapCost, HeapSummarizer, type HeapSummary } from './difference/heap-summary.ts'
export { LogParting, type Side } from './difference/log-parting.ts'
export { frameText, type OwnerGroup, ownerGroups, ownerOf, ownFrame } from './difference/owners.ts'
export type { Turnover } from './difference/turnover.ts'
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
  listenToSearches,
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
export { type RefusalReport, refusalReport } from './refusal/refusal-report.ts'
export { type Refusal, Refusals, refusalsOf } from './refusal/refusals.ts'
export { type Remedies, remediesOf, type Trial, trialOf } from './refusal/remedies.ts'
export { type SegmentReport, segmentReport, type ToldBlock } from './refusal/segment-report.ts'
export { Replay, type ReplayOptions } from './replay.ts'
export { DEVICE_RUNTIME, type LoggedStart, profileNamed, profileOfRuntime, type Runtime, startingFrom } from './runtime.ts'
export { type CollectorSettings, hasSettings, NO_SETTINGS } from './settings.ts'
export type { Frame } from './stacks.ts'
export { type MachineUsage, machineUsage } from './usage.ts'
export { Verification, type VerifyReport } from './verification.ts'
export { bytesOf } from './what-if/byte-size.ts'
export { type ComparedFigures, type Difference, withDifferences } from './what-if/compared-figures.ts'
export { DEVICE_KEYS, type DeviceVariation, deviceVariations, valuesOf, variationText } from './what-if/device-variation.ts'
export { type DeviceParting, DeviceWhatIf, type DeviceWhatIfRow } from './what-if/device-what-if.ts'
export { type Foreseen, Foresight } from './what-if/foresight.ts'
export type { Parting } from './what-if/parting.ts'
export {
  type CollectorFigures,
  type HostReplay,
  Variant,
  type VariantFigures,
  type VariantHost,
} from './what-if/variant.ts'
export { KNOWN_KEYS, type Variation, variationsOf } from './what-if/variation.ts'
export { WhatIf, type WhatIfOptions, type WhatIfRejected, type WhatIfRow } from './what-if/what-if.ts'
