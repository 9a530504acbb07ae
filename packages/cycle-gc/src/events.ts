/** What a program asks of the collector (requests), and what the collector does (facts). */
import { Id, Whole } from '@reheap/kernel'
import * as t from 'io-ts/lib/index.js'

type Three = [number, number, number]
const isThree = (value: unknown): value is Three => Array.isArray(value) && value.length === 3 && value.every(Id.is)
/** The numbers of `gc.set_threshold`; 0 as the first one switches automatic collection off. A tuple of io-ts would let a fourth pass. */
const Thresholds: t.Type<Three, Three, unknown> = new t.Type<Three, Three, unknown>(
  'list of thresholds (three whole numbers from 0 to 4294967294)',
  isThree,
  (value, context) => (isThree(value) ? t.success(value) : t.failure(value, context)),
  t.identity,
)

/** `gc.collect(generation)`. */
export const Collect = t.type({
  kind: t.literal('Collect'),
  generation: t.refinement(Whole, (n) => n <= 2, 'generation (0, 1 or 2)'),
})
/** `gc.set_threshold(...)`. */
export const SetThresholds = t.type({ kind: t.literal('SetThresholds'), thresholds: Thresholds })
/** `gc.enable()` and `gc.disable()`. */
export const EnableCollector = t.type({ kind: t.literal('EnableCollector') })
/** `gc.disable()`. */
export const DisableCollector = t.type({ kind: t.literal('DisableCollector') })
/** `gc.freeze()` and `gc.unfreeze()`. */
export const FreezeObjects = t.type({ kind: t.literal('FreezeObjects') })
/** `gc.unfreeze()`: the permanent generation moves behind the oldest one. */
export const UnfreezeObjects = t.type({ kind: t.literal('UnfreezeObjects') })
/** `gc.set_debug`: with `saveAll` unreachable objects are kept in `gc.garbage`. */
export const SetSaveAll = t.type({ kind: t.literal('SetSaveAll'), saveAll: t.boolean })
/** `gc.garbage.clear()`: what it kept is dropped. */
export const ClearGarbage = t.type({ kind: t.literal('ClearGarbage') })
/** So many functions stand in `gc.callbacks` from now on. */
export const SetCallbacks = t.type({ kind: t.literal('SetCallbacks'), callbacks: Id })
/** The interpreter looked at its eval breaker: where a due collection runs from 3.12 on. */
export const CheckEvalBreaker = t.type({ kind: t.literal('CheckEvalBreaker') })
/** An object that was alive before the log is no more; `tracked`: the collector knew it. */
export const ReleaseEarlierObject = t.type({ kind: t.literal('ReleaseEarlierObject'), tracked: t.boolean })

/** What a program asks of the collector, as a tagged value. */
export const Request = t.union([
  Collect,
  SetThresholds,
  EnableCollector,
  DisableCollector,
  FreezeObjects,
  UnfreezeObjects,
  SetSaveAll,
  ClearGarbage,
  SetCallbacks,
  CheckEvalBreaker,
  ReleaseEarlierObject,
])
export type Request = t.TypeOf<typeof Request>

/**
 * Opcodes of requests, and their operand columns:
 *
 * | kind             | tag        | id         | other      | size       |
 * |------------------|------------|------------|------------|------------|
 * | Collect          | generation |            |            |            |
 * | SetThresholds    |            | threshold0 | threshold1 | threshold2 |
 * | EnableCollector  |            |            |            |            |
 * | DisableCollector |            |            |            |            |
 * | FreezeObjects    |            |            |            |            |
 * | UnfreezeObjects  |            |            |            |            |
 * | SetSaveAll       | saveAll    |            |            |            |
 * | ClearGarbage     |            |            |            |            |
 * | SetCallbacks     |            | callbacks  |            |            |
 * | CheckEvalBreaker |            |            |            |            |
 * | ReleaseEarlierObject | tracked |          |            |            |
 */
export const REQUEST_OPCODES = {
  Collect: 64,
  SetThresholds: 65,
  EnableCollector: 66,
  DisableCollector: 67,
  FreezeObjects: 68,
  UnfreezeObjects: 69,
  SetSaveAll: 70,
  ClearGarbage: 71,
  SetCallbacks: 72,
  CheckEvalBreaker: 73,
  ReleaseEarlierObject: 74,
} as const satisfies Record<Request['kind'], number>
/** Number of a request in the `code` column. */
export type RequestOpcode = (typeof REQUEST_OPCODES)[Request['kind']]

/** What made a collection run. */
export const COLLECTION_REASONS = ['threshold', 'request'] as const
/** One of the {@link COLLECTION_REASONS}. */
export type CollectionReason = (typeof COLLECTION_REASONS)[number]

/** What the collector does. Counts are of objects. */
export type Fact =
  /** A collection was due and its generation was chosen; null: the counts ask for none any more. `counts` are those of that moment. */
  | { readonly kind: 'CollectionDue'; readonly generation: number | null; readonly counts: readonly [number, number, number] }
  /** The oldest generation's count asked for a full collection, but too few objects are pending beside the long-lived ones. */
  | { readonly kind: 'FullCollectionDeferred'; readonly longLivedPending: number; readonly longLivedTotal: number }
  /** `young`: objects in generation 0; `count0` its count: both before the collection. */
  | {
      readonly kind: 'CollectionStarted'
      readonly generation: number
      readonly reason: CollectionReason
      readonly young: number
      readonly count0: number
    }
  /**
   * `visited`: objects whose references were subtracted; `collected` and `uncollectable` as `gc.callbacks` tells them;
   * `isCounted`: `gc.get_stats` counts it.
   */
  | {
      readonly kind: 'CollectionFinished'
      readonly generation: number
      readonly collected: number
      readonly uncollectable: number
      readonly visited: number
      readonly isCounted: boolean
    }
  /** An object that nothing outside of garbage holds was found by a collection. */
  | { readonly kind: 'GarbageFound'; readonly object: number | null }
  /** It was put into `gc.garbage`. */
  | { readonly kind: 'GarbageKept'; readonly object: number | null }

/**
 * Opcodes of facts, and their operand columns:
 *
 * | kind                   | tag                | id             | other         | size    | address   |
 * |------------------------|--------------------|----------------|---------------|---------|-----------|
 * | CollectionStarted      | generation         | reason         | count0        | young   |           |
 * | CollectionFinished     | generation         | collected      | uncollectable | visited | isCounted |
 * | GarbageFound           |                    | object or none | row           |         |           |
 * | GarbageKept            |                    | object or none | row           |         |           |
 * | CollectionDue          | generation or 255  | count0         | count1        | count2  |           |
 * | FullCollectionDeferred |                    | pending        | total         |         |           |
 */
export const FACT_OPCODES = {
  CollectionStarted: 64,
  CollectionFinished: 65,
  GarbageFound: 66,
  GarbageKept: 67,
  CollectionDue: 68,
  FullCollectionDeferred: 69,
} as const satisfies Record<Fact['kind'], number>
/** Number of a fact in the `code` column. */
export type FactOpcode = (typeof FACT_OPCODES)[Fact['kind']]
