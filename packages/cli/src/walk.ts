import type { EventBatch } from '@reheap/kernel'
import { formatCount } from '@reheap/kernel'
import { type Either, left, right } from 'fp-ts/lib/Either.js'
import type { Input } from './input.ts'
import { Progress } from './io/progress.ts'
import type { Result } from './outcome.ts'

/** How a log is walked through. */
export interface WalkOptions {
  /** The work in one word, for the line of progress. */
  readonly what: string
  /** The event to stop before; undefined: the log's end. */
  readonly until?: number | undefined
  /** Asked after each batch: was all seen that was wanted? */
  readonly isDone?: (() => boolean) | undefined
}

/** Takes the rows of a batch before row `to`. */
export type Visit = (batch: EventBatch, to: number) => Either<string, unknown> | Promise<Either<string, unknown>>

/** Hands every batch of a log to `visit`, in order. @returns the number of events visited, or the first problem */
export async function walk(input: Input, { what, until, isDone }: WalkOptions, visit: Visit): Promise<Result<number>> {
  const progress = new Progress(what, until ?? input.length)
  let events = 0
  try {
    for await (const read of input.batches) {
      if (read._tag === 'Left') return read
      const batch = read.right
      const to = until === undefined ? batch.length : Math.min(batch.length, until - events)
      const visited = await visit(batch, to)
      if (visited._tag === 'Left') return visited
      events += to
      progress.at(events)
      if (events === until || isDone?.() === true) return right(events)
    }
  } finally {
    progress.end()
  }
  if (until === undefined || until === events) return right(events)
  return left(`--until ${until}: ${input.name} has ${formatCount(events)} events; give at most so many`)
}
