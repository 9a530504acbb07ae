export {
  ACTION_FACTS,
  type Action,
  ALL_DEVICES,
  BeginPool,
  CompleteStreamEvents,
  Configure,
  CopyMemory,
  DeviceFree,
  DeviceMalloc,
  DeviceOpened,
  DIRECTIONS,
  Direction,
  EmptyCache,
  EndPool,
  FACT_OPCODES,
  type Fact,
  type FactOpcode,
  RecordStream,
  REFUSED,
  ReleasePool,
  REQUEST_OPCODES,
  Request,
  type RequestOpcode,
  ResetPeakStats,
  SetMemoryFraction,
} from './events.ts'
export { DEVICE_HARDWARE, type DeviceHardware, type HostLink } from './device-hardware.ts'
export { type Driver, FIRST_FIT, type FirstFit, simulatedDriver } from './driver.ts'
export { type AnyState, type DeviceStats, deviceStats, figureOf, memoryStats } from './memory-stats.ts'
export { formatSize, outOfMemoryMessage } from './out-of-memory.ts'
export { DEVICE_MEMORY_PROFILES, type DeviceMemoryProfile, pytorchProfile } from './profile.ts'
export { type DeviceMemoryOptions, deviceMemoryMechanism, deviceMemoryReducer, emptyDeviceMemory } from './reducer.ts'
export { type DeviceMemoryRejection, REJECTIONS, type RejectionKind } from './rejected.ts'
export { changeSettings, defaultSettings, parseSettings, type Settings } from './settings.ts'
export type { DeviceMemoryState } from './state.ts'
export { type Figure, STATISTICS, type Statistic } from './statistics.ts'
export { deviceMemoryWording } from './wording.ts'
