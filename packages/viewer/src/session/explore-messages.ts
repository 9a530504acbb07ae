/** What the page asks about one object, one collection, one request or one block, and what it is answered. */
import type { DeviceStretch, Frame, HeapStretch, LayerFigures, RequestStep } from '@reheap/machine'
import type { CollectionSteps, HeldBy, LeakReport, ListedObject, Neighbourhood } from '@reheap/projections'
import type { Compared } from './beside-messages.ts'
import type { DeviceAnswers, DeviceRequests } from './device-messages.ts'
import type { SearchAnswer } from './search-messages.ts'

/** What a part of the log changed, as `reheap diff --since --until --json` prints it. */
export type AreaAnswer = Compared & { readonly difference: HeapStretch | DeviceStretch }

/** Live objects of one type, and how many there were at another event. */
export interface TypeGrowth {
  /** Null: what the runtime makes for itself. */
  readonly type: number | null
  readonly name: string
  readonly count: number
  readonly bytes: number
  readonly countBefore: number
  readonly bytesBefore: number
}

/** Types at the cursor. */
export interface TypesAnswer {
  readonly at: number
  readonly types: readonly TypeGrowth[]
}

/** Why what is alive is alive. */
export interface ReasonsAnswer {
  readonly at: number
  readonly by: LeakReport['by']
  /** Objects that nothing leads to and that a collection will find, by the id of their type. */
  readonly late: ReadonlyMap<number | null, number>
  /** As `reheap leaks` tells it. */
  readonly verdict: string
  /** Why what is late has not been freed. */
  readonly why: readonly string[]
}

/** Objects of a type, or of a reason, the first ones by their ids. */
export interface ObjectsAnswer {
  readonly at: number
  /** All that there are. */
  readonly total: number
  readonly listed: readonly ListedObject[]
}

/** An object with what is around it, and who made it. */
export interface ObjectAnswer {
  readonly at: number
  /** Null: it is not live. */
  readonly near: Neighbourhood | null
  /** Null: it was there before the log begins. */
  readonly born: { readonly index: number; readonly own: Frame | null } | null
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

/** What the memory was when a run of a line of the program was done. */
export interface LineMoment {
  /** Events until then. */
  readonly at: number
  /** `sys.getallocatedblocks()`. */
  readonly allocatedBlocks: number
  /** `gc.get_count()`. @shape [generations] */
  readonly counts: readonly number[]
}

/** What pools are told apart by. */
export type Facet = 'type' | 'thread' | 'age'

/** Instead of a thread or a type: no object of the log, made before the log begins, and no live block at all. */
export const NO_OBJECT = -1
export const BEFORE_LOG = -2
export const EMPTY = -3

/** For each pool of the map, in its order: what most of its live blocks have in common, or how old they are. */
export interface PoolFacets {
  readonly at: number
  readonly by: Facet
  readonly types: readonly string[]
  /** Thread, place in `types`, `NO_OBJECT` or `BEFORE_LOG`; `EMPTY` of a pool without live blocks. @shape [pools]; none by age */
  readonly column: Int32Array
  /** Mean of the events that made them; NaN: none is known. @shape [pools] by age; else none */
  readonly born: Float64Array
}

/** A live block with its origin. */
export interface MappedBlock {
  readonly block: number
  readonly address: number
  readonly bytes: number
  readonly born: number | null
  readonly thread: number | null
  /** What it was made for; null: no object of the log. */
  readonly object: number | null
  readonly type: string | null
  readonly frames: readonly string[]
}

/** A pool's blocks, and what keeps its arena mapped. */
export interface PoolAnswer {
  readonly blocks: readonly MappedBlock[]
  readonly arena: {
    readonly address: number
    readonly pools: number
    readonly freePools: number
    readonly liveBytes: number
    /** Live blocks: while one of them lives, the arena stays. */
    readonly blocks: number
    /** Event that made the oldest of them. */
    readonly oldest: number | null
  } | null
}

/** Who asked for an event. */
export interface StackAnswer {
  /** Innermost first; empty: the log does not say. */
  readonly frames: readonly Frame[]
  /** The innermost one of the program itself; of a library, where no other is of Python. */
  readonly own: Frame | null
}

export interface ExploreRequests extends DeviceRequests {
  search: { readonly at: number; readonly text: string }
  facets: { readonly at: number; readonly by: Facet }
  pool: { readonly at: number; readonly address: number; readonly bytes: number }
  descent: { readonly index: number }
  frames: { readonly index: number }
  line: { readonly from: number; readonly direction: 1 | -1 }
  types: { readonly at: number; readonly since: number }
  reasons: { readonly at: number }
  objects: { readonly at: number; readonly type: number | null; readonly heldBy: HeldBy | null }
  object: { readonly at: number; readonly object: number }
  lineMoments: { readonly events: readonly number[] }
  collection: { readonly index: number }
  /** Events before both ends. */
  area: { readonly from: number; readonly to: number }
}
export interface ExploreAnswers extends DeviceAnswers {
  search: SearchAnswer
  facets: PoolFacets
  pool: PoolAnswer
  descent: DescentAnswer | null
  frames: StackAnswer
  line: number | null
  types: TypesAnswer
  reasons: ReasonsAnswer
  objects: ObjectsAnswer
  object: ObjectAnswer
  lineMoments: readonly LineMoment[]
  collection: readonly CollectionAnswer[]
  area: AreaAnswer
}
