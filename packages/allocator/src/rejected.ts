import { REQUEST_OPCODES, type RequestOpcode } from './events.ts'

/**
 * Why a request cannot have happened, in order of precedence: when several apply, the first is reported.
 */
export const REJECTIONS = [
  'UnknownDomain',
  'InvalidBytes',
  'InvalidAddress',
  'BlockNotLive',
  'BlockAlreadyLive',
  'PoolBlockInRawDomain',
  'TooManyArenas',
  'HeapInUse',
] as const
/** One of the {@link REJECTIONS}. */
export type RejectionKind = (typeof REJECTIONS)[number]

/** The request is no rejection's. */
export const ACCEPTED = 0

/** Numbers of the rejections in the loop. */
export const REASONS = {
  UnknownDomain: 1,
  InvalidBytes: 2,
  InvalidAddress: 3,
  BlockNotLive: 4,
  BlockAlreadyLive: 5,
  PoolBlockInRawDomain: 6,
  TooManyArenas: 7,
  HeapInUse: 8,
} as const satisfies Record<RejectionKind, number>

/** A rejected request in words. */
export interface AllocatorRejection {
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
): AllocatorRejection {
  const kind = REJECTIONS[reason - 1] as RejectionKind
  const newBlock = code === REQUEST_OPCODES.Realloc ? other : id
  const messages: Record<RejectionKind, string> = {
    UnknownDomain: `domain ${tag} is not raw (0), mem (1) or obj (2)`,
    InvalidBytes: `${size} is no number of bytes`,
    InvalidAddress: `${address} is no address`,
    BlockNotLive: `block ${id} is not live: it was never given out, or was freed before`,
    BlockAlreadyLive: `block ${newBlock} is live already: the new block needs an id of its own`,
    PoolBlockInRawDomain: `block ${id} lies in a pool and is released or resized in the raw domain`,
    HeapInUse: 'blocks are live in this heap: an interpreter gives its arenas back only when none is',
    TooManyArenas: 'more than 2^31 alignment units of arenas are mapped, this state holds no more',
  }
  return { kind, message: messages[kind] }
}
