/** Answers that take long, in steps: between them the worker answers whatever else is asked, so that a cursor does not wait. */
export type Steps<A> = Generator<void, A>

/** Told now and then how far an answer has come. */
export type Tell = (progress: string) => void
