import { generationalPolicy } from './generational.ts'
import { incrementalPolicy } from './incremental.ts'
import type { CollectionPolicy } from './policy.ts'

/**
 * The collector of every CPython from 3.6 to 3.15, as data.
 *
 * @source CPython `Modules/gcmodule.c` (to 3.12), `Python/gc.c` (3.13 on), `Include/internal/pycore_gc.h`
 */
export interface CollectorProfile {
  /** Runtime and version, `cpython-3.11`. */
  readonly name: string
  readonly policy: CollectionPolicy
  /** `gc.get_threshold()` at the start. */
  readonly thresholds: readonly [number, number, number]
  /** Inside the allocation that is one too many (to 3.11), or where the interpreter looks at its eval breaker next (3.12 on). */
  readonly runsAt: 'allocation' | 'evalBreaker'
  /** What raises the young count: memory asked for, or objects that become tracked. */
  readonly counts: 'allocated' | 'tracked'
  /** An object that a finalizer brought back to life saves all garbage (to 3.8; in 3.6 it counts as collected), or what it leads to (3.9 on). */
  readonly resurrection: 'savesAllCounted' | 'savesAll' | 'savesReachable'
  /** Weak references without a callback are cleared before finalizers run, or after them. */
  readonly weakReferences: 'clearedEarly' | 'clearedLate'
  /** Does a collection untrack tuples that can be in no cycle? */
  readonly untracksTuples: boolean
  /** Does a full collection untrack such dicts? */
  readonly untracksDicts: boolean
  /** Where a collection puts objects whose count is fixed. */
  readonly immortals: 'permanent' | 'untracked'
  /** From 3.12 on: does a due collection run although the collector was disabled meanwhile? 3.12.0 to 3.12.2 (python/cpython#116604). */
  readonly runsDisabled: boolean
  /** Does a due collection run inside a running one, in a Python function that this calls? 3.12; later ones forget it there. */
  readonly nests: boolean
  /** Incremental: an increment runs even if no work is owed (3.14.0), or only if some is (3.14.1 on, python/cpython#140262). */
  readonly increments: 'eager' | 'lazy'
  readonly start: CollectorStart
}

/** Figures of a collector at the moment when the log begins. */
export interface CollectorStart {
  readonly counts: readonly [number, number, number]
  /** Objects that were alive before, in generations 0 to 2 and the permanent one. They have no rows. */
  readonly objects: readonly [number, number, number, number]
  /** How many of those in the permanent one have a fixed count: unfrozen, they go back with the next full collection. */
  readonly immortals: number
  readonly longLivedTotal: number
  readonly longLivedPending: number
  /** Incremental: objects alive. */
  readonly heapSize: number
  /** Incremental: how many of those in generation 2 a pass marks at its start; null: all. The others are the first that increments visit. */
  readonly rootMarked: number | null
}

/** Nothing happened before the log. */
export const EMPTY_START: CollectorStart = {
  counts: [0, 0, 0],
  objects: [0, 0, 0, 0],
  immortals: 0,
  longLivedTotal: 0,
  longLivedPending: 0,
  heapSize: 0,
  rootMarked: null,
}

/** 3.12 begins with tuples of fixed count in the permanent generation; so many are those of 3.12.1 to 3.12.7. */
const START_3_12: CollectorStart = { ...EMPTY_START, objects: [0, 0, 0, 375], immortals: 375 }

/** Versions whose collectors differ are named to the last figure: `3.12` is 3.12.3 and later, `3.14` is 3.14.5 and later. */
export const COLLECTOR_VERSIONS = [
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
  '3.14.0',
  '3.14.1',
  '3.14.2',
  '3.14.3',
  '3.14.4',
  '3.14',
  '3.15',
] as const
/** A version as `collectorProfile` takes it. */
export type CollectorVersion = (typeof COLLECTOR_VERSIONS)[number]

/** The profile of one CPython version. */
export function collectorProfile(version: CollectorVersion): CollectorProfile {
  const [, minor = 0, patch = null] = version.split('.').map(Number)
  const isIncremental = minor === 14 && patch !== null
  return {
    name: `cpython-${version}`,
    policy: isIncremental ? incrementalPolicy : generationalPolicy,
    thresholds: isIncremental ? [2000, 10, 0] : [minor < 13 ? 700 : 2000, 10, 10],
    runsAt: minor < 12 ? 'allocation' : 'evalBreaker',
    counts: isIncremental && patch > 0 ? 'tracked' : 'allocated',
    resurrection: minor < 7 ? 'savesAllCounted' : minor < 9 ? 'savesAll' : 'savesReachable',
    weakReferences: minor < 15 ? 'clearedEarly' : 'clearedLate',
    untracksTuples: true,
    untracksDicts: minor < 14,
    immortals: minor < 14 ? 'permanent' : 'untracked',
    runsDisabled: minor === 12 && patch !== null,
    nests: minor === 12,
    increments: patch === 0 && minor === 14 ? 'eager' : 'lazy',
    start: minor === 12 ? START_3_12 : EMPTY_START,
  }
}

/** Every known profile by its name. */
export const COLLECTOR_PROFILES: ReadonlyMap<string, CollectorProfile> = new Map(
  COLLECTOR_VERSIONS.map(collectorProfile).map((profile) => [profile.name, profile]),
)
