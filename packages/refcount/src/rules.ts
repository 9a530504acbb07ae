/** What follows from a profile, by the number of a layout: what the loop looks up at every event. */
import { BACKWARDS, LAYOUT, LAYOUTS, NEVER_CLEARED, WITHOUT_HEADER } from './layout.ts'
import type { RefcountProfile } from './profile.ts'
import { FLAGS } from './state.ts'

/** When the collector is told of an object. */
export const TRACKED = { never: 0, atBirth: 1, whenNeeded: 2 } as const

/** No free list takes the object. */
export const NO_LIST = 0
/** Lists of tuples stand behind those of the other layouts, by number of items. */
const TUPLE_LISTS = LAYOUTS.length
const LISTS = 256

export interface Rules {
  /** {@link FLAGS} that an object is born with. @shape [layouts] */
  readonly flags: Uint8Array
  /** @shape [layouts] */
  readonly tracked: Uint8Array
  /** 1: its deaths count for the trashcan. @shape [layouts] */
  readonly trashcan: Uint8Array
  /** 1: a collection clears it. @shape [layouts] */
  readonly cleared: Uint8Array
  /** Objects that a free list keeps; 0: there is no such list. @shape [lists] */
  readonly listMax: Int32Array
  /** 1: it hands them out again. @shape [lists] */
  readonly listGives: Uint8Array
  /** 1: a full collection empties it. @shape [lists] */
  readonly listEmpties: Uint8Array
  readonly nestingMax: number
  readonly resumesAt: number
  /** Layout of instances with a dict of their own, or -1. */
  readonly dictOwner: number
}

export function rulesOf(profile: RefcountProfile): Rules {
  const { trashcan } = profile
  return {
    flags: Uint8Array.from(LAYOUTS, (layout) => {
      const gc = WITHOUT_HEADER.includes(layout) ? 0 : FLAGS.gc
      const backwards = BACKWARDS.includes(layout) ? FLAGS.visitsBackwards : 0
      const closed = layout === 'generator' && profile.closesGenerators ? FLAGS.finalizer : 0
      return gc | backwards | closed | (layout === 'tuple' ? FLAGS.tuple : 0) | (layout === 'dict' ? FLAGS.dict : 0)
    }),
    tracked: Uint8Array.from(LAYOUTS, (layout) => {
      if (WITHOUT_HEADER.includes(layout)) return TRACKED.never
      return profile.trackedWhenNeeded.includes(layout) ? TRACKED.whenNeeded : TRACKED.atBirth
    }),
    trashcan: Uint8Array.from(LAYOUTS, (layout) => (trashcan.layouts.includes(layout) ? 1 : 0)),
    // A generator that no finalizer closes is cleared through its frame.
    cleared: Uint8Array.from(LAYOUTS, (layout) => {
      const isThroughFrame = layout === 'generator' && !profile.closesGenerators
      return NEVER_CLEARED.includes(layout) && !isThroughFrame ? 0 : 1
    }),
    ...listsOf(profile),
    nestingMax: trashcan.nestingMax,
    resumesAt: trashcan.resumesAt,
    dictOwner: profile.instanceDicts ? LAYOUT.instance : -1,
  }
}

function listsOf({ freeLists }: RefcountProfile): Pick<Rules, 'listMax' | 'listGives' | 'listEmpties'> {
  const listMax = new Int32Array(LISTS)
  const listGives = new Uint8Array(LISTS)
  const listEmpties = new Uint8Array(LISTS)
  for (const { layout, itemsMin = 0, itemsMax = 0, max, isNeverTaken, isNeverEmptied } of freeLists) {
    for (let items = itemsMin; items <= itemsMax; items++) {
      const list = layout === 'tuple' ? TUPLE_LISTS + items : LAYOUT[layout]
      listMax[list] = max
      listGives[list] = isNeverTaken === true ? 0 : 1
      listEmpties[list] = isNeverEmptied === true ? 0 : 1
    }
  }
  return { listMax, listGives, listEmpties }
}

/** Free list of an object, {@link NO_LIST} if there is none. */
export function listOf(rules: Rules, layout: number, items: number): number {
  const list = layout !== LAYOUT.tuple ? layout : items > 0 && items < LISTS - TUPLE_LISTS ? TUPLE_LISTS + items : NO_LIST
  return rules.listMax[list] > 0 ? list : NO_LIST
}

/** Layout and number of items whose freed objects a list keeps. */
export function keptIn(list: number): { readonly layout: number; readonly items: number } {
  return list > TUPLE_LISTS ? { layout: LAYOUT.tuple, items: list - TUPLE_LISTS } : { layout: list, items: 0 }
}
