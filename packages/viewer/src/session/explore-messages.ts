/** What the page asks about one object, one collection, one request or one block, and what it is answered. */
import type { Frame, LayerFigures, RequestStep } from '@reheap/machine'
import type { CollectionSteps, HeldBy, LeakReport, ListedObject, Neighbourhood } from '@reheap/projections'

/** Live objects of one type, and how many there were at another event. */
export interface TypeGrowth {
  readonly name: string
  readonly count: number
  readonly bytes: number
  readonly countBefore: number
  readonly bytesBefore: number
  /** Objects among them that nothing leads to and that a collection will find. */
  readonly late: number
}

/** Types at the cursor, and why what is alive is alive. */
export interface TypesAnswer {
  readonly types: readonly TypeGrowth[]
  readonly by: LeakReport['by']
}

/** What became of an object of a region in a search. */
export const FATES = ['held from outside', 'reached from a held one', 'unreachable'] as const

/** An object of a region, as a collection found it. */
export interface SearchedObject {
  readonly object: number | null
  readonly type: string
  readonly count: number
  /** References that are left when those from inside the region are subtracted. */
  readonly held: number
  /** Place in {@link FATES}. */
  readonly fate: number
}

/** A collection step by step, with its objects named. */
export interface CollectionAnswer extends Omit<CollectionSteps, 'search' | 'secondLook' | 'died'> {
  /** Null: an increment that only marked. */
  readonly search: readonly SearchedObject[] | null
  readonly secondLook: readonly SearchedObject[] | null
  readonly died: readonly { readonly object: number | null; readonly type: string }[]
}

/** One request down through all layers, and all layers just after it. */
export interface DescentAnswer {
  readonly index: number
  readonly steps: readonly RequestStep[]
  /** Null: a device's log. */
  readonly pyramid: LayerFigures | null
  readonly devices: readonly {
    readonly device: number
    readonly capacityBytes: number
    readonly requestedBytes: number
    readonly allocatedBytes: number
    readonly reservedBytes: number
  }[]
}

export interface ExploreRequests {
  descent: { readonly index: number }
  frames: { readonly index: number }
  line: { readonly from: number; readonly direction: 1 | -1 }
  types: { readonly at: number; readonly since: number }
  objects: { readonly at: number; readonly type: string | null; readonly heldBy: HeldBy | null }
  object: { readonly at: number; readonly object: number }
  collection: { readonly index: number }
}
export interface ExploreAnswers {
  descent: DescentAnswer | null
  frames: readonly Frame[]
  line: number | null
  types: TypesAnswer
  objects: readonly ListedObject[]
  object: Neighbourhood | null
  collection: readonly CollectionAnswer[]
}
