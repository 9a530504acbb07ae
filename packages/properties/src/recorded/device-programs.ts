/** Programs of a GPU with the sizes, streams and lifetimes of real workloads: training, inference, graphs, many streams. */
import type { Request } from '@reheap/device-memory'
import fc, { type Arbitrary } from 'fast-check'
import { DEVICE_VERSIONS, type DeviceProgram, deviceSettings } from '../device/programs.ts'
import { RECORDED_DEVICE } from './device.ts'
import { inTime, type Sized, sizedOf } from './lives.ts'

const MIB = 1024 * 1024

interface Birth extends Sized {
  readonly stream: number
  /** The stream that uses the block too; null: none does. */
  readonly sharer: number | null
}

const { streams } = RECORDED_DEVICE

/** Requests of a stream, as many of each as were measured. */
const births: Arbitrary<Birth> = fc.oneof(
  ...streams.map(({ weight, sharedPercent, parts }, stream) => ({
    weight,
    arbitrary: fc
      .tuple(sizedOf(parts), fc.nat(99), fc.nat(streams.length - 1))
      .map(([sized, chance, other]): Birth => ({ ...sized, stream, sharer: chance < sharedPercent ? other : null })),
  })),
)

function requestsOf(made: readonly Birth[]): readonly Request[] {
  const requests: Request[] = []
  inTime(made, {
    born: ({ bytes, stream, sharer }, at) => {
      requests.push({ kind: 'DeviceMalloc', block: at + 1, device: 0, stream, bytes })
      if (sharer !== null) requests.push({ kind: 'RecordStream', block: at + 1, stream: sharer })
    },
    ended: ({ sharer }, at) => {
      requests.push({ kind: 'DeviceFree', block: at + 1 })
      if (sharer !== null) requests.push({ kind: 'CompleteStreamEvents', stream: sharer })
    },
  })
  return requests
}

/** Programs with the sizes, streams and lifetimes of {@link RECORDED_DEVICE}, on devices that hold them and on such that do not. */
export const measuredDevicePrograms = (birthsMax = 80): Arbitrary<DeviceProgram> =>
  fc
    .record({
      version: fc.constantFrom(...DEVICE_VERSIONS),
      capacityMib: fc.constantFrom(128, 1024, 16_384),
      settings: deviceSettings,
      made: fc.array(births, { maxLength: birthsMax, size: 'max' }),
    })
    .map(({ version, capacityMib, settings, made }) => ({
      setting: { version },
      requests: [
        { kind: 'DeviceOpened', device: 0, capacityBytes: capacityMib * MIB, contextBytes: 0 },
        { kind: 'Configure', settings },
        ...requestsOf(made),
      ],
    }))
