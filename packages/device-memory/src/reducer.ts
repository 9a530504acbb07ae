import { EventColumns, foldOf, type Mechanism, type Reducer, type Sealed, stepOf } from '@reheap/kernel'
import { applyRows, useSettings } from './apply.ts'
import { DEVICE_HARDWARE, type DeviceHardware } from './device-hardware.ts'
import { type Driver, simulatedDriver } from './driver.ts'
import type { Fact, FactOpcode, Request, RequestOpcode } from './events.ts'
import type { DeviceMemoryProfile } from './profile.ts'
import { type DeviceMemoryRejection, explain } from './rejected.ts'
import { defaultSettings, type Settings } from './settings.ts'
import { DeviceMemoryState, keeper } from './state.ts'
import { deviceMemoryWording } from './wording.ts'

/** The caching allocator as a mechanism: the loop over a batch. */
export const deviceMemoryMechanism: Mechanism<DeviceMemoryState, RequestOpcode, FactOpcode, DeviceMemoryRejection> = {
  thaw: keeper.thaw,
  applyBatch: (draft, batch, from, to, emit) => {
    const rejected = applyRows(keeper.own(draft), batch, from, to, emit)
    keeper.advance(draft, (rejected < 0 ? to : rejected) - from)
    return rejected
  },
  seal: keeper.seal,
  explain: (reason, code, id = 0, other = 0, size = 0, address = 0, tag = 0) => explain(reason, code, id, other, size, address, tag),
}

/** What an allocator may be given beside its version. */
export interface DeviceMemoryOptions {
  /** Answers for the layer below; by default a simulated driver. */
  readonly driver?: Driver
  /** For the price of copies; by default an A100. */
  readonly hardware?: DeviceHardware
  /** As the environment variable set them when the program began. */
  readonly settings?: Settings
}

/** An allocator that has served nothing yet and whose devices are not opened. */
export function emptyDeviceMemory(profile: DeviceMemoryProfile, options: DeviceMemoryOptions = {}): Sealed<DeviceMemoryState> {
  const { driver = simulatedDriver(), settings = defaultSettings(profile) } = options
  const hardware = options.hardware ?? (DEVICE_HARDWARE.get('A100-80GB') as DeviceHardware)
  const state = new DeviceMemoryState(profile, hardware, driver.clone(), settings)
  useSettings(state, settings)
  return keeper.sealed(state, 0)
}

type DeviceMemoryReducer = Reducer<DeviceMemoryState, RequestOpcode, FactOpcode, DeviceMemoryRejection, DeviceMemoryProfile, Request, Fact>

const fold = foldOf(deviceMemoryMechanism)

/** The caching allocator as a pure function of state and requests. */
export const deviceMemoryReducer: DeviceMemoryReducer = {
  initial: (profile) => emptyDeviceMemory(profile),
  fold,
  // A request may have a detail, which plain columns do not hold.
  step: stepOf(fold, deviceMemoryWording, () => new EventColumns(1)),
}
