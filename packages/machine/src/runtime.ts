import { type CollectorStart, EMPTY_START } from '@reheap/cycle-gc'
import { DEVICE_MEMORY_PROFILES, type DeviceMemoryProfile, pytorchProfile } from '@reheap/device-memory'
import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { cpythonProfile, MACHINE_PROFILES, type MachineProfile, machineProfile } from './profile.ts'

/** The runtime that a log was recorded from, as its header says. */
export interface Runtime {
  readonly name: string
  readonly version: string
  readonly pointerBits: 32 | 64
  /** Alignment of pymalloc's blocks, where the recorder saw it: some builds of 3.6 and 3.7 differ. */
  readonly alignmentBytes?: number
}

const knownProfiles = (): string => [...MACHINE_PROFILES.keys(), ...DEVICE_MEMORY_PROFILES.keys()].join(', ')

/** PyTorch beside a CPython that its log says nothing of. */
const besidePython = (deviceMemory: DeviceMemoryProfile): MachineProfile => ({
  ...cpythonProfile('3.13'),
  name: deviceMemory.name,
  deviceMemory,
})

/** Runtime of a device's log. */
export const DEVICE_RUNTIME = 'pytorch'

/** The profile of a name as `--profile` takes it. Left: what is known. */
export function profileNamed(name: string): Either<string, MachineProfile> {
  const deviceMemory = DEVICE_MEMORY_PROFILES.get(name)
  const profile = deviceMemory === undefined ? machineProfile(name) : besidePython(deviceMemory)
  return profile === undefined ? left(`no profile is called "${name}"; known are ${knownProfiles()}`) : right(profile)
}

/** The profile of the runtime that a log was recorded from. Left: which runtime has none. */
export function profileOfRuntime(runtime: Runtime): Either<string, MachineProfile> {
  if (runtime.name === DEVICE_RUNTIME) return right(besidePython(pytorchProfile(runtime.version)))
  const version = /^3\.\d+(\.\d+)?/.exec(runtime.version)?.[0]
  if (runtime.name !== 'cpython' || version === undefined)
    return left(`no profile for the runtime ${runtime.name} ${runtime.version}; choose one with --profile: ${knownProfiles()}`)
  const build = runtime.pointerBits === 32 ? '-32' : runtime.alignmentBytes === 8 ? '-align8' : ''
  const profile = machineProfile(`cpython-${version}${build}`)
  if (profile !== undefined) return right(profile)
  return left(
    `no profile for ${runtime.name} ${runtime.version} (${runtime.pointerBits}-bit); choose one with --profile: ${knownProfiles()}`,
  )
}

/** How a collector stood when a log begins, as its header says. */
export interface LoggedStart {
  /** As `gc.get_count()`. @shape [3] */
  readonly counts: readonly number[]
  /** Objects without an event, in generations 0 to 2 and the permanent one. @shape [4] */
  readonly objects: readonly number[]
  readonly immortals?: number | undefined
  readonly longLivedTotal?: number | undefined
  readonly longLivedPending?: number | undefined
  readonly heapSize?: number | undefined
  readonly rootMarked?: number | undefined
}

/** The profile with a collector that stood as a log's header says when the log begins; without it the profile's own. */
export function startingFrom(profile: MachineProfile, logged: LoggedStart | undefined): MachineProfile {
  if (logged === undefined) return profile
  const [count0 = 0, count1 = 0, count2 = 0] = logged.counts
  const [young = 0, middle = 0, old = 0, permanent = 0] = logged.objects
  const start: CollectorStart = {
    counts: [count0, count1, count2],
    objects: [young, middle, old, permanent],
    immortals: logged.immortals ?? EMPTY_START.immortals,
    longLivedTotal: logged.longLivedTotal ?? EMPTY_START.longLivedTotal,
    longLivedPending: logged.longLivedPending ?? EMPTY_START.longLivedPending,
    heapSize: logged.heapSize ?? EMPTY_START.heapSize,
    rootMarked: logged.rootMarked ?? EMPTY_START.rootMarked,
  }
  return { ...profile, collector: { ...profile.collector, start } }
}
