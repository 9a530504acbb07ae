import type { RequestOpcode } from './events.ts'

/** Why a request cannot have happened, in order of precedence: when several apply, the first is reported. */
export const REJECTIONS = [
  'UnknownDevice',
  'DeviceAlreadyOpened',
  'InvalidBytes',
  'InvalidFraction',
  'InvalidDirection',
  'MissingSettings',
  'BlockNotLive',
  'BlockAlreadyLive',
  'UnknownPool',
  'PoolAlreadyBegun',
  'PoolNotBegun',
  'PoolReleased',
  'PoolBegun',
  'SegmentOverlaps',
  'NoSegmentToRestore',
] as const
/** One of the {@link REJECTIONS}. */
export type RejectionKind = (typeof REJECTIONS)[number]

/** The request is no rejection's. */
export const ACCEPTED = 0

/** Numbers of the rejections in the loop. */
export const REASONS = {
  UnknownDevice: 1,
  DeviceAlreadyOpened: 2,
  InvalidBytes: 3,
  InvalidFraction: 4,
  InvalidDirection: 5,
  MissingSettings: 6,
  BlockNotLive: 7,
  BlockAlreadyLive: 8,
  UnknownPool: 9,
  PoolAlreadyBegun: 10,
  PoolNotBegun: 11,
  PoolReleased: 12,
  PoolBegun: 13,
  SegmentOverlaps: 14,
  NoSegmentToRestore: 15,
} as const satisfies Record<RejectionKind, number>

/** A rejected request in words. */
export interface DeviceMemoryRejection {
  readonly kind: RejectionKind
  readonly message: string
}

/** @param operands id, other, size, address and tag of the rejected row */
export function explain(
  reason: number,
  _code: RequestOpcode,
  id: number,
  _other: number,
  size: number,
  address: number,
  tag: number,
): DeviceMemoryRejection {
  const kind = REJECTIONS[reason - 1] as RejectionKind
  const messages: Record<RejectionKind, string> = {
    UnknownDevice: `device ${tag} was not opened`,
    DeviceAlreadyOpened: `device ${tag} was opened before`,
    InvalidBytes: `${size} is no number of bytes that can be asked for (or ${address} none that others hold)`,
    InvalidFraction: `${size} is no share of a device's memory: from 0 to 1`,
    InvalidDirection: `${tag} is no direction of a copy`,
    MissingSettings: 'the row has no detail with a string of settings',
    BlockNotLive: `block ${id} is not live: it was never given out, or was freed before`,
    BlockAlreadyLive: `block ${id} is live already: the new block needs an id of its own`,
    UnknownPool: `pool ${id} is not there: it was never begun, or died when its last memory was given back`,
    PoolAlreadyBegun: `pool ${id} was begun and not ended: memory comes from it already`,
    PoolNotBegun: `pool ${id} is not begun`,
    PoolReleased: `pool ${id} was released as often as it was begun: it serves nobody any more`,
    SegmentOverlaps: `the segment at ${address} is no whole pages of free address space`,
    NoSegmentToRestore: `a block of ${size} bytes goes beyond the segment that is being restored`,
    PoolBegun: 'a pool is begun: the cache cannot be emptied before it is ended',
  }
  return { kind, message: messages[kind] }
}
