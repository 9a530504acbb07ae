/** Answers that take long, in steps: between them the worker answers whatever else is asked, so that a cursor does not wait. */
export type Steps<A> = Generator<void, A>
