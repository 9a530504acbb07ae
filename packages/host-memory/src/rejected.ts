import type { RequestOpcode } from './events.ts'

/** Why a request cannot have happened, in order of precedence: when several apply, the first is reported. */
export const REJECTIONS = [
  'NoPower',
  'HasPower',
  'AlreadyOpen',
  'MissingDetail',
  'TooSmall',
  'UnknownProcess',
  'ProcessAlreadyLives',
  'InvalidBytes',
  'InvalidAddress',
  'InvalidBacking',
  'InvalidAlignment',
  'MappingAlreadyLive',
  'MappingNotLive',
  'OutsideMapping',
  'MappingInPieces',
  'NothingToShare',
  'BlockAlreadyLive',
  'BlockNotLive',
  'OutsideBlock',
] as const
/** One of the {@link REJECTIONS}. */
export type RejectionKind = (typeof REJECTIONS)[number]

/** The request is no rejection's. */
export const ACCEPTED = 0

/** Numbers of the rejections in the loop. */
export const REASONS = {
  NoPower: 1,
  HasPower: 2,
  AlreadyOpen: 3,
  MissingDetail: 4,
  TooSmall: 5,
  UnknownProcess: 6,
  ProcessAlreadyLives: 7,
  InvalidBytes: 8,
  InvalidAddress: 9,
  InvalidBacking: 10,
  InvalidAlignment: 11,
  MappingAlreadyLive: 12,
  MappingNotLive: 13,
  OutsideMapping: 14,
  MappingInPieces: 15,
  NothingToShare: 16,
  BlockAlreadyLive: 17,
  BlockNotLive: 18,
  OutsideBlock: 19,
} as const satisfies Record<RejectionKind, number>

/** A rejected request in words. */
export interface HostMemoryRejection {
  readonly kind: RejectionKind
  readonly message: string
}

/** @param operands id, other, size, address and tag of the rejected row */
export function explain(
  reason: number,
  _code: RequestOpcode,
  id: number,
  other: number,
  size: number,
  address: number,
  tag: number,
): HostMemoryRejection {
  const kind = REJECTIONS[reason - 1] as RejectionKind
  const messages: Record<RejectionKind, string> = {
    NoPower: 'the machine has no power: only PowerOn can follow',
    HasPower: 'the machine has power already',
    AlreadyOpen: 'the size of the machine is known already, or memory was touched before: HostOpened stands once, at the beginning',
    MissingDetail: 'the row has no detail with romBytes, systemBytes, cacheBytes and touches',
    TooSmall: `systemBytes and cacheBytes are together more than the ${size} bytes of RAM`,
    UnknownProcess: `process ${tag} is not alive: it was never started, or has ended`,
    ProcessAlreadyLives: `process ${tag} is alive already`,
    InvalidBytes: `${size} bytes: a whole number that an address space holds is needed, and at least 1 for a mapping`,
    InvalidAddress: `${address} is no address of a page below 2^47`,
    InvalidBacking: `${other} is no backing`,
    InvalidAlignment: `an alignment of ${other} bytes: a number from 1 to 2^30 is needed`,
    MappingAlreadyLive: `mapping ${id} is mapped already`,
    MappingNotLive: `mapping ${id} is not mapped`,
    OutsideMapping: `${size} bytes from ${address} on do not lie in mapping ${id}, or are no whole pages`,
    MappingInPieces: `mapping ${id} is not mapped there any more, or other mappings lie in it`,
    NothingToShare: `mapping ${other} is not mapped, shows neither a file nor shared memory, or is shorter than ${size} bytes`,
    BlockAlreadyLive: `block ${id} (or the new block ${other}) is live already`,
    BlockNotLive: `block ${id} is not live`,
    OutsideBlock: `${size} bytes from ${address} on do not lie in block ${id}`,
  }
  return { kind, message: messages[kind] }
}
