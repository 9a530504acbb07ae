import type { MachineProfile } from './profile.ts'

/** Capacities other than those of the runtime, as a log's header says: made programs meet every edge of small ones. */
export interface LoggedCapacities {
  readonly alignmentBytes?: number | undefined
  readonly smallRequestBytes?: number | undefined
  readonly poolHeaderBytes?: number | undefined
  readonly poolBytes?: number | undefined
  readonly arenaBytes?: number | undefined
  /** Where a simulated system maps the first arena, downwards to 0, below which it refuses. */
  readonly mapTop?: number | undefined
  /** Of the collector's generations. @shape [3] */
  readonly thresholds?: readonly number[] | undefined
  /** Objects in each free list, and frames in theirs. */
  readonly freeListMax?: number | undefined
  /** Deaths inside of each other before one is put aside. */
  readonly nestingMax?: number | undefined
}

/** The profile with the capacities that a log's header gives; without them the profile's own. */
export function withCapacities(profile: MachineProfile, logged: LoggedCapacities | undefined): MachineProfile {
  if (logged === undefined) return profile
  const { mapTop, thresholds, freeListMax, nestingMax, ...pools } = logged
  const { allocator, refcount, collector } = profile
  const [young = 0, middle = 0, old = 0] = thresholds ?? collector.thresholds
  const { trashcan } = refcount
  return {
    ...profile,
    ...(mapTop === undefined ? {} : { mapTop }),
    allocator: { ...allocator, ...pools } as MachineProfile['allocator'],
    refcount: {
      ...refcount,
      ...(freeListMax === undefined
        ? {}
        : { freeLists: refcount.freeLists.map((list) => ({ ...list, max: freeListMax })), framesMax: freeListMax }),
      ...(nestingMax === undefined
        ? {}
        : { trashcan: { ...trashcan, nestingMax, resumesAt: trashcan.resumesAt === 0 ? 0 : nestingMax - 3 } }),
    },
    collector: { ...collector, thresholds: [young, middle, old] },
  }
}
