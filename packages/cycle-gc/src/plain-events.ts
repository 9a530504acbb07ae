/** What a program does to the plain heap that this package brings along. None of it stands in a log of a real program. */
import { Id, Whole } from '@reheap/kernel'
import * as t from 'io-ts/lib/index.js'

/** Kinds of object of a plain heap. An atom is not the collector's; a `legacy` one has a finalizer of the old kind. */
export const PLAIN_KINDS = ['atom', 'list', 'tuple', 'dict', 'instance', 'weakref', 'legacy'] as const
/** One of the {@link PLAIN_KINDS}. */
export type PlainKind = (typeof PLAIN_KINDS)[number]
const kinds = Object.fromEntries(PLAIN_KINDS.map((kind) => [kind, null])) as Record<PlainKind, null>
const nullableId = t.union([Id, t.null], 'id or null')

/** An object is born, held once by the program; it has 64 bytes unless it says otherwise. */
export const MakeObject = t.intersection([
  t.type({ kind: t.literal('MakeObject'), object: Id, type: t.keyof(kinds) }),
  t.partial({ bytes: Whole }),
])
/** `from` null: the program itself. */
export const Hold = t.type({ kind: t.literal('Hold'), from: nullableId, to: Id })
export const LetGo = t.type({ kind: t.literal('LetGo'), from: nullableId, to: Id })
/** The object `weak`, a weakref, refers weakly to `object`. */
export const ReferWeakly = t.type({ kind: t.literal('ReferWeakly'), weak: Id, object: Id, callback: t.boolean })
/** The object has a finalizer, which stores it in the object `into` unless that is null. */
export const GiveFinalizer = t.type({ kind: t.literal('GiveFinalizer'), object: Id, into: nullableId })
/** The count of the object is fixed: it never dies. */
export const FixCount = t.type({ kind: t.literal('FixCount'), object: Id })

/** What is asked of the plain heap that the package brings along, as a tagged value. */
export const PlainRequest = t.union([MakeObject, Hold, LetGo, ReferWeakly, GiveFinalizer, FixCount])
export type PlainRequest = t.TypeOf<typeof PlainRequest>

/**
 * | kind          | tag      | id     | other        | size            |
 * |---------------|----------|--------|--------------|-----------------|
 * | MakeObject    | type     | object |              | bytes, NaN: 64  |
 * | Hold          |          | to     | from or none |                 |
 * | LetGo         |          | to     | from or none |                 |
 * | ReferWeakly   | callback | weak   | object       |                 |
 * | GiveFinalizer |          | object | into or none |                 |
 * | FixCount      |          | object |              |                 |
 */
export const PLAIN_OPCODES = {
  MakeObject: 88,
  Hold: 89,
  LetGo: 90,
  ReferWeakly: 91,
  GiveFinalizer: 92,
  FixCount: 93,
} as const satisfies Record<PlainRequest['kind'], number>
/** Number of a request of the plain heap in the `code` column. */
export type PlainOpcode = (typeof PLAIN_OPCODES)[PlainRequest['kind']]

/** What the plain heap answers. */
export type PlainFact =
  | { readonly kind: 'ObjectFreed'; readonly object: number }
  | { readonly kind: 'Finalized'; readonly object: number }
  | { readonly kind: 'CalledBack'; readonly weak: number }
  | { readonly kind: 'WeaklyCleared'; readonly weak: number }

/** In all of them `id` is the object. */
export const PLAIN_FACT_OPCODES = {
  ObjectFreed: 88,
  Finalized: 89,
  CalledBack: 90,
  WeaklyCleared: 91,
} as const satisfies Record<PlainFact['kind'], number>
export type PlainFactOpcode = (typeof PLAIN_FACT_OPCODES)[PlainFact['kind']]
