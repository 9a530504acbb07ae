/** What a program does to its objects (requests), and what becomes of them (facts). */
import { Id, Whole } from '@reheap/kernel'
import * as t from 'io-ts/lib/index.js'
import { LAYOUTS, type Layout } from './layout.ts'

const layoutNames = Object.fromEntries(LAYOUTS.map((name) => [name, null])) as Record<Layout, null>
const LayoutCodec = t.keyof(layoutNames, `layout (${LAYOUTS.join(', ')})`)
const nullableId = t.union([Id, t.null], 'id or null (whole number from 0 to 4294967294)')
const slot = t.partial({ slot: Id })
/** The code object that runs: up to 3.10 a call makes a frame for it, which the collector counts. */
const code = t.partial({ code: Id })
const Items = t.refinement(Whole, (n) => n <= 0xff, 'items (whole number from 0 to 255, which stands for so many or more)')

/** Names a type that later objects have, and says what kind of object it makes. */
export const DefineType = t.type({ kind: t.literal('DefineType'), type: Id, layout: LayoutCodec, name: t.string })
/** Names a name that later events bind. */
export const DefineName = t.type({ kind: t.literal('DefineName'), name: Id, text: t.string })
/**
 * An object is born with the count 1, held by its creator (a holder that is no object). `bytes` are its own block's, the
 * collector's header among them; `items` the slots of a tuple or frame, which choose its free list, and 1 for
 * a list or dict made by a call of its type, which takes from no free list; `block` the recorded block that it lies in, where the
 * log holds the allocator's calls too.
 */
export const CreateObject = t.intersection([
  t.type({ kind: t.literal('CreateObject'), object: Id, type: Id, bytes: Whole }),
  t.partial({ items: Items, block: Id }),
])
/** The bytes that an object holds beside its own block (a list's items, a dict's table) are now so many. */
export const ResizeObject = t.type({ kind: t.literal('ResizeObject'), object: Id, bytes: Whole })
/**
 * `from` null: a holder that is no object. An object's references are ordered by `slot`; left out, a new one comes
 * behind the last. `name`: the attribute of the object that it is, or where that is a dict the key, as Python writes it.
 */
export const AddReference = t.intersection([
  t.type({ kind: t.literal('AddReference'), from: nullableId, to: Id }),
  t.partial({ slot: Id, name: Id }),
])
/** Left out, `slot` is that of the object's last reference to `to`. */
export const DropReference = t.intersection([t.type({ kind: t.literal('DropReference'), from: nullableId, to: Id }), slot])
/** A name of a scope holds the object; what it held before is dropped after that. */
export const BindName = t.type({ kind: t.literal('BindName'), scope: Id, name: Id, object: Id })
/** `del name`: the reference of the name goes. @rejects NameNotBound, ScopeNotOpen */
export const UnbindName = t.type({ kind: t.literal('UnbindName'), scope: Id, name: Id })
/** A function is called, or, without a code, a module begins to run whose frame was there before. */
export const EnterScope = t.intersection([t.type({ kind: t.literal('EnterScope'), scope: Id }), code])
/** It ended: what its names still hold is dropped, in the order in which they were first bound, or in a function of 3.14 on the other way round. */
export const LeaveScope = t.type({ kind: t.literal('LeaveScope'), scope: Id })
/** The object `weak`, of layout weakref, refers to `object` weakly; `callback` says whether a function is called when it dies. */
export const CreateWeakReference = t.intersection([
  t.type({ kind: t.literal('CreateWeakReference'), weak: Id, object: Id, callback: t.boolean }),
  code,
])
/**
 * What a weak reference's function does: called, it drops the container's reference to the weak reference itself, as those of a `WeakSet` and of
 * weak dictionaries do. `dropsFrom` null: that of a holder that is no object.
 */
export const SetCallback = t.type({ kind: t.literal('SetCallback'), weak: Id, dropsFrom: nullableId })
/**
 * The object's end has begun, which a later request completes: its weak references are cleared and their functions called. What these do follows
 * as requests, and so does what becomes of the functions.
 */
export const ClearWeakReferences = t.type({ kind: t.literal('ClearWeakReferences'), object: Id })
/** The object has a finalizer (`__del__`), which stores the object in the container `resurrectsInto` unless that is null. */
export const SetFinalizer = t.intersection([t.type({ kind: t.literal('SetFinalizer'), object: Id, resurrectsInto: nullableId }), code])
/** What an extension does by hand; objects of the interpreter's own layouts are tracked by the rules of the profile. */
export const TrackObject = t.type({ kind: t.literal('TrackObject'), object: Id })
/** The collector no longer looks at the object. @source `PyObject_GC_UnTrack` */
export const UntrackObject = t.type({ kind: t.literal('UntrackObject'), object: Id })
/** The object's count is fixed, where the profile knows immortal objects. */
export const MakeImmortal = t.type({ kind: t.literal('MakeImmortal'), object: Id })

/** What a program does to its objects, as a tagged value. */
export const Request = t.union([
  DefineType,
  DefineName,
  CreateObject,
  ResizeObject,
  AddReference,
  DropReference,
  BindName,
  UnbindName,
  EnterScope,
  LeaveScope,
  CreateWeakReference,
  SetFinalizer,
  TrackObject,
  UntrackObject,
  MakeImmortal,
  SetCallback,
  ClearWeakReferences,
])
export type Request = t.TypeOf<typeof Request>

/**
 * Opcodes of requests, and their operand columns ("none" is the column's own):
 *
 * | kind                | tag      | id     | other                  | size   | address |
 * |---------------------|----------|--------|------------------------|--------|---------|
 * | DefineType          | layout   | type   |                        |        |         | detail: name
 * | DefineName          |          | name   |                        |        |         | detail: text
 * | CreateObject        |          | object | type                   | bytes  | block, NaN: none | tag: items, at most 255
 * | ResizeObject        |          | object |                        | bytes  |         |
 * | AddReference        |          | to     | from or none           | name, NaN: none | slot, NaN: behind the last |
 * | DropReference       |          | to     | from or none           |        | slot, NaN: the last one |
 * | BindName            |          | object | scope                  | name   |         |
 * | UnbindName          |          |        | scope                  | name   |         |
 * | EnterScope          |          | scope  | code or none           |        |         |
 * | LeaveScope          |          | scope  |                        |        |         |
 * | CreateWeakReference | callback | weak   | object                 | code, NaN: none | |
 * | SetFinalizer        |          | object | resurrectsInto or none | code, NaN: none | |
 * | TrackObject         |          | object |                        |        |         |
 * | UntrackObject       |          | object |                        |        |         |
 * | MakeImmortal        |          | object |                        |        |         |
 * | SetCallback         |          | weak   | dropsFrom or none      |        |         |
 * | ClearWeakReferences |          | object |                        |        |         |
 */
export const REQUEST_OPCODES = {
  DefineType: 32,
  DefineName: 33,
  CreateObject: 34,
  ResizeObject: 35,
  AddReference: 36,
  DropReference: 37,
  BindName: 38,
  UnbindName: 39,
  EnterScope: 40,
  LeaveScope: 41,
  CreateWeakReference: 42,
  SetFinalizer: 43,
  TrackObject: 44,
  UntrackObject: 45,
  MakeImmortal: 46,
  SetCallback: 47,
  ClearWeakReferences: 48,
} as const satisfies Record<Request['kind'], number>
/** Number of a request in the `code` column. */
export type RequestOpcode = (typeof REQUEST_OPCODES)[Request['kind']]

interface Memory {
  readonly object: number | null
  readonly bytes: number
  readonly beside: boolean
  readonly block: number | null
}

/** What becomes of objects. `object` is null for one that the runtime makes for itself: the dict of an instance up to 3.10. */
export type Fact =
  /** `isReused`: its memory came from a free list of its type. */
  | { readonly kind: 'ObjectCreated'; readonly object: number | null; readonly bytes: number; readonly isReused: boolean }
  /**
   * Memory is asked of the allocator: the object's own block, which is `block` in the log, or the bytes that it holds
   * `beside` it, in place of those that it held there before.
   */
  | ({ readonly kind: 'BlockRequested' } & Memory)
  | ({ readonly kind: 'BlockReleased' } & Memory)
  /** The count fell to zero and no finalizer saved it: its end begins. Its memory goes back after what it held was dropped. */
  | { readonly kind: 'ObjectDied'; readonly object: number | null; readonly bytes: number }
  | { readonly kind: 'FinalizerRan'; readonly object: number; readonly isResurrected: boolean }
  | { readonly kind: 'WeakReferenceCleared'; readonly weak: number; readonly object: number }
  | { readonly kind: 'WeakReferenceCalled'; readonly weak: number; readonly object: number }
  | { readonly kind: 'ObjectTracked'; readonly object: number | null }
  | { readonly kind: 'ObjectUntracked'; readonly object: number | null }

/**
 * Opcodes of facts, and their operand columns:
 *
 * | kind                 | tag           | id             | other  | size  | address          |
 * |----------------------|---------------|----------------|--------|-------|------------------|
 * | ObjectCreated        | isReused      | object or none | type   | bytes | block, NaN: none |
 * | BlockRequested       | beside        | object or none | row    | bytes | block, NaN: none |
 * | BlockReleased        | beside        | object or none | row    | bytes | block, NaN: none |
 * | ObjectDied           |               | object or none | type   | bytes |                  |
 * | FinalizerRan         | isResurrected | object         |        |       |                  |
 * | WeakReferenceCleared |               | weak           | object |       |                  |
 * | WeakReferenceCalled  |               | weak           | object |       |                  |
 * | ObjectTracked        |               | object or none | row    |       |                  |
 * | ObjectUntracked      |               | object or none | row    |       |                  |
 */
export const FACT_OPCODES = {
  ObjectCreated: 32,
  BlockRequested: 33,
  BlockReleased: 34,
  ObjectDied: 35,
  FinalizerRan: 36,
  WeakReferenceCleared: 37,
  WeakReferenceCalled: 38,
  ObjectTracked: 39,
  ObjectUntracked: 40,
} as const satisfies Record<Fact['kind'], number>
/** Number of a fact in the `code` column. */
export type FactOpcode = (typeof FACT_OPCODES)[Fact['kind']]
