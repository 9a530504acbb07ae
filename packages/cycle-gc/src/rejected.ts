import { NO_ID } from '@reheap/kernel'

/** Why a request cannot have happened, in order of precedence: when several apply, the first is reported. */
export const REJECTIONS = [
  'UnknownRequest',
  'InvalidGeneration',
  'InvalidThreshold',
  'ObjectAlive',
  'ObjectNotAlive',
  'NotHeld',
  'NoWeakReference',
] as const
/** One of the {@link REJECTIONS}. */
export type RejectionKind = (typeof REJECTIONS)[number]

/** The request is no rejection's. */
export const ACCEPTED = 0

/** Numbers of the rejections in the loop. */
export const REASONS = {
  UnknownRequest: 1,
  InvalidGeneration: 2,
  InvalidThreshold: 3,
  ObjectAlive: 4,
  ObjectNotAlive: 5,
  NotHeld: 6,
  NoWeakReference: 7,
} as const satisfies Record<RejectionKind, number>

/** A rejected request in words. */
export interface CollectorRejection {
  readonly kind: RejectionKind
  readonly message: string
}

/** @param operands code, id, other, size and tag of the rejected row */
export function explain(reason: number, code: number, id: number, other: number, size: number, tag: number): CollectorRejection {
  const kind = REJECTIONS[reason - 1] as RejectionKind
  const messages: Record<RejectionKind, string> = {
    UnknownRequest: `${code} is no request of the collector`,
    InvalidGeneration: `${tag} is no generation: 0, 1 or 2`,
    InvalidThreshold: `${size} is no threshold: a whole number below 4294967295`,
    ObjectAlive: `object ${id} is alive already: a new one needs an id of its own`,
    ObjectNotAlive: other === NO_ID ? `object ${id} is not alive` : `object ${id} or ${other} is not alive`,
    NotHeld: `nothing there holds object ${id}`,
    NoWeakReference: `object ${id} is no weak reference that refers to nothing yet`,
  }
  return { kind, message: messages[kind] }
}
