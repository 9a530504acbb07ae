/** States kept on the way through a log, so that any moment is near one. */
export interface Kept<S> {
  readonly at: number
  readonly state: S
}

/** Most states that are kept; each may be as large as the heap. */
const KEPT_MAX = 64
/** Events between two states where the log is short: replaying half as many takes a few milliseconds. */
const EVERY = 32_768

/** Events between two kept states of a log. */
export const strideOf = (events: number): number => Math.max(EVERY, Math.ceil(events / KEPT_MAX))

/** The last state that is not behind `at`. */
export const nearest = <S>(kept: readonly Kept<S>[], at: number): Kept<S> | undefined => kept.findLast((each) => each.at <= at)
