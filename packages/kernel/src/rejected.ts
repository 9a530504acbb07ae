import type { EventIndex } from './mechanism.ts'

/** Why a request cannot have happened, and where. The state it was asked of is unchanged. */
export interface Rejected<R> {
  /** Index in the log of the rejected request. */
  readonly index: EventIndex
  readonly reason: R
}
