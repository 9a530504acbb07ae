import type { Finding } from '@reheap/properties'
import { readJsonl } from '@reheap/trace'
import { left, right } from 'fp-ts/lib/Either.js'
import { LogOutput } from '../io/log-output.ts'
import type { Result } from '../outcome.ts'

/** A counterexample that was written as a stored log. */
export interface Written {
  /** The event of the log with which the law fails. */
  readonly event: number
  readonly events: number
}

/** The lines of a finding's log, with a mark just before the event with which the law fails. */
export function markedLines({ law, message, steps, event, log }: Finding): { readonly lines: readonly string[]; readonly event: number } {
  // The requests are the last lines; before them stand the header and what tells the setting.
  const place = log.length - steps.length + event
  const mark = JSON.stringify({ kind: 'Mark', label: `with the next event ${law} does not hold: ${message}` })
  return { lines: [...log.slice(0, place), mark, ...log.slice(place)], event: place }
}

/** Writes a finding as a stored log that every verb opens. */
export async function writeCounterexample(finding: Finding, target: string): Promise<Result<Written>> {
  const { lines, event } = markedLines(finding)
  const read = await readJsonl(textOf(lines), { name: target })
  if (read._tag === 'Left') return left(read.left.message)
  const opened = LogOutput.open(target, read.right.header, true)
  if (opened._tag === 'Left') return opened
  const output = opened.right
  let events = 0
  for await (const batch of read.right.batches) {
    const appended = batch._tag === 'Left' ? left(batch.left.message) : await output.append(batch.right)
    if (appended._tag === 'Left') {
      output.abandon()
      return appended
    }
    if (batch._tag === 'Right') events += batch.right.length
  }
  const committed = await output.commit()
  return committed._tag === 'Left' ? committed : right({ event, events })
}

async function* textOf(lines: readonly string[]): AsyncGenerator<Uint8Array, void, undefined> {
  yield new TextEncoder().encode(`${lines.join('\n')}\n`)
}
