/** What a generated program does next, in words that fit any state of it. */
import fc from 'fast-check'

/** Every kind of deed, and how often it is drawn. */
export const DEED_WEIGHTS = {
  makeList: 8,
  makeTuple: 7,
  makeDict: 6,
  makeSet: 3,
  makeInstance: 12,
  makeFloat: 2,
  makeKey: 4,
  copyList: 2,
  makeMethod: 2,
  makeFunction: 2,
  makeWeakReference: 6,
  makeMany: 6,
  dropMany: 3,
  makeChain: 3,
  makeCycle: 6,
  makeFamily: 7,
  makeTupleKnot: 2,
  hollowDict: 2,
  copyName: 4,
  deleteName: 8,
  nameNone: 4,
  append: 8,
  insertFirst: 2,
  popItem: 3,
  setItem: 6,
  deleteItem: 3,
  readItem: 4,
  clearContainer: 3,
  addToSet: 2,
  setAttribute: 8,
  deleteAttribute: 3,
  call: 3,
  collect: 4,
  setThresholds: 4,
  switchCollector: 2,
  freeze: 3,
  saveAll: 2,
  clearGarbage: 1,
  switchCallbacks: 1,
  watchCount: 6,
  watchCounts: 6,
  watchObjects: 5,
  watchStats: 2,
  watchTracked: 4,
  watchAlive: 3,
  watchFrozen: 1,
} as const
/** The name of a deed. */
export type DeedName = keyof typeof DEED_WEIGHTS

/** One deed. Its numbers are picks, each taken modulo what there is to pick from; a deed for which there is nothing is left out. */
export interface Deed {
  readonly do: DeedName
  readonly a: number
  readonly b: number
  readonly c: number
  /** Items of what is made. */
  readonly more: readonly number[]
}

/** A program: what its collector and its namespace are like, and what it does. */
export interface ObjectProgram {
  /** Index of the thresholds that it begins with. */
  readonly thresholds: number
  /**
   * The runtime's own objects are given back to the collector at some time (`gc.unfreeze`), so that the namespace is an
   * object like any other; else names are holders outside of the collector's reach.
   */
  readonly unfreezes: boolean
  readonly deeds: readonly Deed[]
}

const pick = fc.nat(999)
const deed: fc.Arbitrary<Deed> = fc
  .oneof(
    ...(Object.entries(DEED_WEIGHTS) as [DeedName, number][]).map(([name, weight]) => ({
      weight,
      arbitrary: fc.tuple(fc.constant(name), pick, pick, pick, fc.array(pick, { maxLength: 6 })),
    })),
  )
  .map(([name, a, b, c, more]) => ({ do: name, a, b, c, more }))

/** Programs of up to `deedsMax` deeds. */
export function objectPrograms(deedsMax = 60): fc.Arbitrary<ObjectProgram> {
  return fc.record({
    thresholds: fc.nat(999),
    unfreezes: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
    deeds: fc.array(deed, { minLength: 1, maxLength: deedsMax, size: 'max' }),
  })
}
