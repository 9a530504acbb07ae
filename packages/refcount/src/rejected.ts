import { NO_ID } from '@reheap/kernel'
import { REQUEST_OPCODES, type RequestOpcode } from './events.ts'

/**
 * Why a request cannot have happened, in order of precedence: when several apply, the first is reported.
 */
export const REJECTIONS = [
  'UnknownLayout',
  'InvalidBytes',
  'UnknownType',
  'TypeRedefined',
  'ObjectAlreadyLive',
  'ObjectNotLive',
  'OtherNotLive',
  'NoWeakReference',
  'WeakReferenceTaken',
  'NotReferable',
  'ScopeAlreadyOpen',
  'ScopeNotOpen',
  'NameNotBound',
  'NotHeldOutside',
  'ReferenceNotHeld',
  'HeapFull',
] as const
/** One of the {@link REJECTIONS}. */
export type RejectionKind = (typeof REJECTIONS)[number]

/** The request is no rejection's. */
export const ACCEPTED = 0

/** Numbers of the rejections in the loop. */
export const REASONS = {
  UnknownLayout: 1,
  InvalidBytes: 2,
  UnknownType: 3,
  TypeRedefined: 4,
  ObjectAlreadyLive: 5,
  ObjectNotLive: 6,
  OtherNotLive: 7,
  NoWeakReference: 8,
  WeakReferenceTaken: 9,
  NotReferable: 10,
  ScopeAlreadyOpen: 11,
  ScopeNotOpen: 12,
  NameNotBound: 13,
  NotHeldOutside: 14,
  ReferenceNotHeld: 15,
  HeapFull: 16,
} as const satisfies Record<RejectionKind, number>

/** A rejected request in words. */
export interface RefcountRejection {
  readonly kind: RejectionKind
  readonly message: string
}

/** @param operands id, other, size, address and tag of the rejected row */
export function explain(
  reason: number,
  code: RequestOpcode,
  id: number,
  other: number,
  size: number,
  address: number,
  tag: number,
): RefcountRejection {
  const kind = REJECTIONS[reason - 1] as RejectionKind
  const scope = code === REQUEST_OPCODES.EnterScope || code === REQUEST_OPCODES.LeaveScope ? id : other
  const slot = Number.isNaN(address) ? '' : ` at slot ${address}`
  const messages: Record<RejectionKind, string> = {
    UnknownLayout: `${tag} is the number of no layout`,
    InvalidBytes: `${size} is no number of bytes`,
    UnknownType: `type ${other} was not defined`,
    TypeRedefined: `type ${id} was defined with another layout`,
    ObjectAlreadyLive: `object ${id} is live already: a new object needs an id of its own`,
    ObjectNotLive: `object ${id} is not live: it was never created, or has died`,
    OtherNotLive: `object ${other} is not live: it was never created, or has died`,
    NoWeakReference: `object ${id} is no weak reference: its type's layout says so`,
    WeakReferenceTaken: `weak reference ${id} was made for an object before, and stays with it`,
    NotReferable: `object ${other} is itself a weak reference: nothing refers to it weakly`,
    ScopeAlreadyOpen: `scope ${scope} was entered before and not left`,
    ScopeNotOpen: `scope ${scope} is not open: it was never entered, or was left`,
    NameNotBound: `name ${size} is not bound in scope ${scope}`,
    NotHeldOutside: `object ${id} has no reference by a holder that is no object: its count would fall below what holds it`,
    ReferenceNotHeld: other === NO_ID ? '' : `object ${other} has no reference to object ${id}${slot}`,
    HeapFull: 'this state holds no more objects or references',
  }
  return { kind, message: messages[kind] }
}
