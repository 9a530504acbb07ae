/** One runtime's constants of every layer, as data. */
import { ALLOCATOR_PROFILES, type AllocatorProfile } from '@reheap/allocator'
import { COLLECTOR_PROFILES, type CollectorProfile, type CollectorVersion } from '@reheap/cycle-gc'
import { type DeviceMemoryProfile, pytorchProfile } from '@reheap/device-memory'
import { HOST_MEMORY_PROFILES, type HostMemoryProfile } from '@reheap/host-memory'
import { REFCOUNT_PROFILES, type RefcountProfile } from '@reheap/refcount'

/** The profiles of all layers of one runtime, under one name. */
export interface MachineProfile {
  /** Runtime and version, and where there are several the build: `cpython-3.11`, `cpython-3.14.2`, `cpython-3.11-32`. */
  readonly name: string
  readonly allocator: AllocatorProfile
  readonly refcount: RefcountProfile
  readonly collector: CollectorProfile
  /** That of a device's log; of a log of CPython, which says of no PyTorch, the newest that recordings have shown right. */
  readonly deviceMemory: DeviceMemoryProfile
  /** The system below: constants of its pages and of its C library. */
  readonly hostMemory: HostMemoryProfile
  /** End of the first arena of a simulated system, where neither log nor host tells it; default: as on Linux. */
  readonly mapTop?: number
  /** What a collection takes for each object that it visits: an estimate, measured on one machine. @unit nanoseconds */
  readonly nanosecondsPerVisit: number
}

/** Of this version are the recordings of the real device allocator. */
const RECORDED = pytorchProfile('2.11')

/** `cpython-3.14.2-32`: runtime, minor version, last figure, build. */
const NAME = /^cpython-(3\.\d+)(\.\d+\w*)?(-[\w-]+)?$/

/**
 * By minor version: the median of three runs of scripts/collector/pause.py (instances in a random graph and lists in a chain,
 * alive and as garbage, 200,000 of each) on one x86-64 machine, which varies by a third from run to run. 3.6 has the figure
 * of 3.7, and 3.14 and later that of 3.13: no native interpreter of these was at hand.
 */
const NANOSECONDS_PER_VISIT: Readonly<Record<string, number>> = {
  '3.6': 110,
  '3.7': 110,
  '3.8': 73,
  '3.9': 88,
  '3.10': 76,
  '3.11': 73,
  '3.12': 94,
  '3.13': 88,
  '3.14': 88,
  '3.15': 88,
}

function part<P>(profiles: ReadonlyMap<string, P>, names: readonly string[]): P {
  const name = names.find((candidate) => profiles.has(candidate))
  if (name === undefined) throw new Error(`no profile is called ${names.join(' or ')}`)
  return profiles.get(name) as P
}

/** The profile of a build whose collector is that of `version`: a minor version, or one to the last figure. */
function profileOf(minor: string, version: string, build: string): MachineProfile {
  const is32 = build === '-32'
  return {
    name: `cpython-${version}${build}`,
    allocator: part(ALLOCATOR_PROFILES, [`cpython-${minor}${build}`]),
    refcount: part(REFCOUNT_PROFILES, [`cpython-${version}${is32 ? '-32' : ''}`, `cpython-${minor}${is32 ? '-32' : ''}`]),
    collector: part(COLLECTOR_PROFILES, [`cpython-${version}`]),
    deviceMemory: RECORDED,
    hostMemory: part(HOST_MEMORY_PROFILES, ['linux-x86_64']),
    nanosecondsPerVisit: NANOSECONDS_PER_VISIT[minor] ?? Number.NaN,
  }
}

function allProfiles(): readonly MachineProfile[] {
  const profiles: MachineProfile[] = []
  for (const allocatorName of ALLOCATOR_PROFILES.keys()) {
    const [, minor = '', , build = ''] = NAME.exec(allocatorName) ?? []
    for (const collectorName of COLLECTOR_PROFILES.keys()) {
      const [, collectorMinor, patch = ''] = NAME.exec(collectorName) ?? []
      if (collectorMinor === minor) profiles.push(profileOf(minor, `${minor}${patch}`, build))
    }
  }
  return profiles
}

/** Every known profile by its name. Versions of 3.14 whose collectors differ are named to the last figure; `3.14` is 3.14.5 and later. */
export const MACHINE_PROFILES: ReadonlyMap<string, MachineProfile> = new Map(allProfiles().map((profile) => [profile.name, profile]))

/** The profile of a name, where a last figure that makes no difference may stand: `cpython-3.11.7`. */
export function machineProfile(name: string): MachineProfile | undefined {
  const [, minor, , build = ''] = NAME.exec(name) ?? []
  return MACHINE_PROFILES.get(name) ?? MACHINE_PROFILES.get(`cpython-${minor}${build}`)
}

/** The profile of one CPython version, as most builds of it are. */
export const cpythonProfile = (version: CollectorVersion, pointerBits: 32 | 64 = 64): MachineProfile =>
  profileOf(/^3\.\d+/.exec(version)?.[0] ?? version, version, pointerBits === 32 ? '-32' : '')
