import { CPYTHON_VERSIONS as ALLOCATOR_VERSIONS, type AllocatorProfile, cpythonProfile as allocatorProfile } from '@reheap/allocator'
import { COLLECTOR_VERSIONS, type CollectorProfile, type CollectorVersion, collectorProfile, EMPTY_START } from '@reheap/cycle-gc'
import { CPYTHON_VERSIONS, cpythonProfile, type RefcountProfile } from '@reheap/refcount'
import fc from 'fast-check'
import { tinyProfile } from '../allocator/profiles.ts'

/** The constants of objects, of their collector, and of what gives out their memory where something does. */
export interface HeapProfile {
  readonly name: string
  readonly allocator: AllocatorProfile
  readonly refcount: RefcountProfile
  readonly collector: CollectorProfile
}

/** Capacities so small that a few objects reach them. */
export interface TinyCapacities {
  readonly thresholds: readonly [number, number, number]
  /** Objects in each free list, and frames in theirs. */
  readonly listMax: number
  /** Deaths inside of each other before one is put aside. */
  readonly nestingMax: number
}

/** Under what a heap begins, as plain data. */
export interface HeapSetting {
  readonly version: CollectorVersion
  /** Null: those of the real interpreter. */
  readonly tiny: TinyCapacities | null
}

/** A version to the last figure, or else its minor version. */
function nearest<V extends string>(versions: readonly V[], wanted: string): V {
  const [, minor] = /^(\d+\.\d+)/.exec(wanted) ?? []
  const found = versions.find((version) => version === wanted) ?? versions.find((version) => version === minor)
  if (found === undefined) throw new RangeError(`no profile for CPython ${wanted}`)
  return found
}

/** The profile that a setting means. */
export function heapProfile({ version, tiny }: HeapSetting): HeapProfile {
  const refcount = cpythonProfile(nearest(CPYTHON_VERSIONS, version))
  const release = nearest(ALLOCATOR_VERSIONS, version)
  const collector = { ...collectorProfile(version), start: EMPTY_START }
  const name = `cpython-${version}`
  if (tiny === null) return { name, allocator: allocatorProfile(release), refcount, collector }
  const { trashcan } = refcount
  return {
    name,
    allocator: tinyProfile(4, release),
    refcount: {
      ...refcount,
      freeLists: refcount.freeLists.map((list) => ({ ...list, max: tiny.listMax })),
      framesMax: tiny.listMax,
      trashcan: { ...trashcan, nestingMax: tiny.nestingMax, resumesAt: trashcan.resumesAt === 0 ? 0 : tiny.nestingMax - 3 },
    },
    collector: { ...collector, thresholds: tiny.thresholds },
  }
}

const versions = fc.constantFrom(...COLLECTOR_VERSIONS)
const small = fc.integer({ min: 0, max: 2 })

/** Settings of every version with tiny capacities: edges are met within a few dozen requests. */
export const tinySettings: fc.Arbitrary<HeapSetting> = fc.record({
  version: versions,
  tiny: fc.record({
    thresholds: fc.tuple(fc.integer({ min: 0, max: 5 }), small, small),
    listMax: fc.integer({ min: 1, max: 2 }),
    nestingMax: fc.integer({ min: 3, max: 4 }),
  }),
})

/** Settings of the real interpreters. */
export const realSettings: fc.Arbitrary<HeapSetting> = versions.map((version) => ({ version, tiny: null }))
