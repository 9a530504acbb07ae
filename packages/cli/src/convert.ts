import { formatBytes } from '@reheap/kernel'
import { right } from 'fp-ts/lib/Either.js'
import type { Input } from './input.ts'
import type { LogSink } from './io/log-sink.ts'
import type { Outcome, Result } from './outcome.ts'
import { counted } from './show/table.ts'
import { walk } from './walk.ts'

/** Copies every event of a log into another, which appears when it is whole. */
export async function convert(input: Input, what: string, output: string, opened: Result<LogSink>): Promise<Result<Outcome>> {
  if (opened._tag === 'Left') return opened
  const sink = opened.right
  const walked = await walk(input, { what }, (batch) => sink.append(batch))
  if (walked._tag === 'Left') {
    sink.abandon()
    return walked
  }
  const committed = await sink.commit()
  if (committed._tag === 'Left') {
    sink.abandon()
    return committed
  }
  const events = walked.right
  const bytes = committed.right
  return right({
    status: 0,
    json: { output, events, bytes },
    text: () => `${output}: ${counted(events, 'event')} in ${formatBytes(bytes)}`,
  })
}
