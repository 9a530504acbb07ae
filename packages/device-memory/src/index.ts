export { copyNanoseconds, DEVICE_HARDWARE, type DeviceHardware, type HostLink } from './device-hardware.ts'
export { type Driver, FIRST_FIT, type FirstFit, simulatedDriver } from './driver.ts'
export {
  ACTION_FACTS,
  type Action,
  ALL_DEVICES,
  BeginPool,
  BLOCK_STATES,
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
  REFUSED,
  REQUEST_OPCODES,
  RecordStream,
  ReleasePool,
  Request,
  type RequestOpcode,
  ResetPeakStats,
  RestoreBlock,
  RestoreSegment,
  SEGMENT_TYPES,
  SetMemoryFraction,
} from './events.ts'
export { checkCheap, checkFull, type Violation } from './invariants.ts'
export { type AnyState, type DeviceStats, deviceStats, figureOf, memoryStats, readUsage } from './memory-stats.ts'
export { formatMemorySummary, memorySummary } from './memory-summary.ts'
export { formatSize, outOfMemoryMessage } from './out-of-memory.ts'
export { DEVICE_MEMORY_PROFILES, type DeviceMemoryProfile, pytorchProfile } from './profile.ts'
export {
  type BlockView,
  blockOf,
  type CopyTotal,
  copyTotals,
  deviceCount,
  driverOf,
  type Fragmentation,
  fragmentation,
  isOpen,
  openDevices,
  type Reservation,
  reservations,
  type SegmentView,
  segments,
  settingsFault,
  settingsOf,
} from './queries.ts'
export { type DriverAnswer, type RecordedDriver, recordedDriver } from './recorded-driver.ts'
export { type DeviceMemoryOptions, deviceMemoryMechanism, deviceMemoryReducer, emptyDeviceMemory } from './reducer.ts'
export { type DeviceMemoryRejection, REJECTIONS, type RejectionKind } from './rejected.ts'
export { roundedRequest } from './rounding.ts'
export { type SegmentRow, segmentRows } from './segment-rows.ts'
export { changeSettings, defaultSettings, parseSettings, type Settings } from './settings.ts'
export type { DeviceMemoryState } from './state.ts'
export { type Figure, STATISTICS, type Statistic } from './statistics.ts'
export { deviceMemoryWording } from './wording.ts'
