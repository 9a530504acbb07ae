import type { Either } from 'fp-ts/lib/Either.js'

/** What a verb found, in both forms that it can be told in. */
export interface Outcome {
  /** Exit status: 0 as expected, 1 a mismatch was found; a recording passes on its program's own. */
  readonly status: number
  /** The document that `--json` prints. */
  readonly json: object
  /** What people read; without the last line feed. Empty: nothing is printed. */
  readonly text: () => string
}

/** Left: bad usage or input, as one line that says what, where and how to mend it. */
export type Result<A> = Either<string, A>
