/**
 * What differs between the versions of CPython above the allocator, as data.
 *
 * @source CPython `Objects/*object.c`, `Include/cpython/object.h` (trashcan), `Include/internal/pycore_freelist_state.h` (3.14 on)
 */
import type { Layout } from './layout.ts'

/** Freed objects of one type that are kept for the next ones. */
export interface FreeList {
  readonly layout: Layout
  /** Tuples have a list for each number of items, from the one to the other. */
  readonly itemsMin?: number
  readonly itemsMax?: number
  /** Objects in each list. */
  readonly max: number
  /** Freed objects go there and none is ever taken: tuples of 20 items in 3.11 and the first of 3.12. */
  readonly isNeverTaken?: true
  /** A full collection leaves it as it is: the one slice, up to 3.13. */
  readonly isNeverEmptied?: true
}

/** Deep chains of deaths are cut: from a nesting on, what dies is put aside until the deaths around it have ended. */
export interface Trashcan {
  readonly layouts: readonly Layout[]
  /** Deaths inside of each other before one is put aside. */
  readonly nestingMax: number
  /** What was put aside dies when so few deaths are left around. */
  readonly resumesAt: number
}

/** What differs between versions in the life of objects, as data. */
export interface RefcountProfile {
  /** Runtime and version, `cpython-3.11`. */
  readonly name: string
  readonly pointerBits: 32 | 64
  /** `sys.getrefcount` of an immortal object; null where there are none. */
  readonly immortalCount: number | null
  /** Does a call borrow the local variables that it is given as arguments? `sys.getrefcount` of one is then 1 less. */
  readonly borrowsLocals: boolean
  readonly freeLists: readonly FreeList[]
  readonly trashcan: Trashcan
  /** Containers that are tracked only once they hold something that could be part of a cycle. */
  readonly trackedWhenNeeded: readonly Layout[]
  /** Does an instance get a dict with its first attribute? */
  readonly instanceDicts: boolean
  /** Does a call make a frame, which its code keeps for the next call, or a free list if the code keeps one already? */
  readonly callsMakeFrames: boolean
  /** Does the collector close the generators that it finds to be garbage, before it clears anything? */
  readonly closesGenerators: boolean
  /** Does a function that ends drop its local variables from the last to the first? */
  readonly leavesBackwards: boolean
  /** Frames in the free list. */
  readonly framesMax: number
  /** So many weak references with callbacks are first gathered in a tuple when their object dies. */
  readonly callbacksGathered: number
  /** Is it known in which order the evaluation stack took what it holds? Incremental collectors mark from there. */
  readonly keepsStack: boolean
  /** Bytes of a dict. */
  readonly dictBytes: number
  /** Bytes of a tuple without items, and of each item. */
  readonly tupleBytes: { readonly empty: number; readonly item: number }
}

/** The first versions of 3.12 are named to the last figure; `3.12` is a later one, seen at 3.12.7. */
export const CPYTHON_VERSIONS = [
  '3.6',
  '3.7',
  '3.8',
  '3.9',
  '3.10',
  '3.11',
  '3.12.0',
  '3.12.1',
  '3.12.2',
  '3.12',
  '3.13',
  '3.14',
  '3.15',
] as const
/** A version as `cpythonProfile` takes it: `3.13`. */
export type CpythonVersion = (typeof CPYTHON_VERSIONS)[number]

/** More deaths inside of each other than there can be objects. */
const UNLIMITED = 2 ** 30
/** A log tells so many items exactly. */
const ITEMS_MAX = 200

const TRASHCAN_LAYOUTS: readonly Layout[] = ['list', 'tuple', 'dict', 'set', 'instance', 'slots', 'builtinMethod', 'frame']

function freeListsOf(minor: number, isEarly: boolean): readonly FreeList[] {
  const leaksTwenty = minor === 11 || (minor === 12 && isEarly)
  const lists: FreeList[] = [
    { layout: 'float', max: 100 },
    { layout: 'list', max: 80 },
    { layout: 'dict', max: 80 },
    { layout: 'tuple', itemsMin: 1, itemsMax: leaksTwenty || minor <= 10 ? 19 : 20, max: 2000 },
  ]
  if (leaksTwenty) lists.push({ layout: 'tuple', itemsMin: 20, itemsMax: 20, max: 2000, isNeverTaken: true })
  if (minor <= 8) lists.push({ layout: 'method', max: 256 }, { layout: 'builtinMethod', max: 256 })
  if (minor < 14) lists.push({ layout: 'slice', max: 1, isNeverEmptied: true })
  if (minor >= 14) {
    lists.push({ layout: 'method', max: 20 }, { layout: 'builtinMethod', max: 16 })
    lists.push(
      { layout: 'listIterator', max: 10 },
      { layout: 'tupleIterator', max: 10 },
      { layout: 'slice', max: 1 },
      { layout: 'cMethod', max: 16 },
    )
  }
  return lists
}

/** 64 bits of 3.14 on: no interpreter was at hand, from the sources (`_Py_IMMORTAL_INITIAL_REFCNT`); the others were asked. */
function immortalCountOf(minor: number, pointerBits: 32 | 64): number | null {
  if (minor < 12) return null
  if (minor < 14) return pointerBits === 64 ? 0xffff_ffff : 0x3fff_ffff
  return pointerBits === 64 ? 0xc000_0000 : 0x7000_0000
}

function trashcanOf(minor: number): Trashcan {
  if (minor <= 12) return { layouts: TRASHCAN_LAYOUTS, nestingMax: 50, resumesAt: 0 }
  if (minor === 13) return { layouts: TRASHCAN_LAYOUTS, nestingMax: 9948, resumesAt: 9897 }
  return { layouts: TRASHCAN_LAYOUTS, nestingMax: UNLIMITED, resumesAt: UNLIMITED }
}

/** The profile of one CPython version, as most builds of it are. */
export function cpythonProfile(version: CpythonVersion, pointerBits: 32 | 64 = 64): RefcountProfile {
  const [, minor = 0, patch = null] = version.split('.').map(Number)
  const word = pointerBits / 8
  return {
    name: pointerBits === 64 ? `cpython-${version}` : `cpython-${version}-32`,
    pointerBits,
    immortalCount: immortalCountOf(minor, pointerBits),
    borrowsLocals: minor >= 14,
    freeLists: freeListsOf(minor, patch !== null),
    trashcan: trashcanOf(minor),
    trackedWhenNeeded: minor >= 14 ? ['tuple'] : ['dict'],
    instanceDicts: minor <= 10,
    callsMakeFrames: minor <= 10,
    closesGenerators: minor >= 7,
    leavesBackwards: minor >= 14,
    framesMax: 200,
    callbacksGathered: minor >= 13 ? 1 : 2,
    keepsStack: minor === 14,
    dictBytes: 8 * word,
    tupleBytes: { empty: (minor >= 14 ? 6 : 5) * word, item: word },
  }
}

/** Every known profile by its name: `cpython-3.11`, `cpython-3.11-32`. */
export const REFCOUNT_PROFILES: ReadonlyMap<string, RefcountProfile> = new Map(
  CPYTHON_VERSIONS.flatMap((version) => [cpythonProfile(version, 64), cpythonProfile(version, 32)]).map((profile) => [
    profile.name,
    profile,
  ]),
)

/** A frame and the death that it puts an end to must fit between what is left and what is too deep. */
const NESTING_LEAST = 3

/** What is wrong with a profile of one's own, or null. */
export function profileFault({ trashcan, freeLists, framesMax }: RefcountProfile): string | null {
  if (trashcan.nestingMax < NESTING_LEAST) return `trashcan.nestingMax must be at least ${NESTING_LEAST}, got ${trashcan.nestingMax}`
  if (trashcan.resumesAt < 0) return `trashcan.resumesAt must not be negative, got ${trashcan.resumesAt}`
  if (trashcan.resumesAt > trashcan.nestingMax - NESTING_LEAST && trashcan.nestingMax < UNLIMITED)
    return `trashcan.resumesAt must be ${NESTING_LEAST} below nestingMax ${trashcan.nestingMax}, got ${trashcan.resumesAt}`
  if (framesMax < 0) return `framesMax must not be negative, got ${framesMax}`
  const list = freeLists.find(({ max, itemsMax = 0 }) => max < 0 || itemsMax > ITEMS_MAX)
  return list === undefined ? null : `the free list of ${list.layout} keeps ${list.max} objects of at most ${list.itemsMax ?? 0} items`
}
