import type { Either } from 'fp-ts/lib/Either.js'

/**
 * A naive reference: the same rules again, written to be obviously right and not to be fast. It is
 * changed in place by each request, and knows nothing of batches, columns or sealed states.
 */
export interface Model<Request, Fact> {
  /**
   * The facts of one request. Left: the kind of rejection, and the model is as it was.
   *
   * @param witnessed facts of the mechanism under test. A model that does not foretell everything, such as the order of what
   * happens at once, checks them and answers with them. @throws if one of them cannot be, or one is missing
   */
  step(request: Request, witnessed?: readonly Fact[]): Either<string, readonly Fact[]>
  /** Every figure that the mechanism's queries give, as plain values. */
  figures(): unknown
}
