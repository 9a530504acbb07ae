/** Where two logs part: both are read once more, side by side, up to there. */
import { LogParting } from '@reheap/machine'
import { right } from 'fp-ts/lib/Either.js'
import { type Input, type InputOptions, openInput } from './input.ts'
import type { Result } from './outcome.ts'

/** The first event that asks for something else; null: both ask for the same. Left: a log that cannot be read. */
export async function logsParting([log, other]: readonly [string, string], options: InputOptions): Promise<Result<number | null>> {
  const first = await openInput(log, options)
  if (first._tag === 'Left') return first
  try {
    const second = await openInput(other, options)
    if (second._tag === 'Left') return second
    try {
      return await comparedAlong([first.right.batches, second.right.batches])
    } finally {
      await second.right.close()
    }
  } finally {
    await first.right.close()
  }
}

async function comparedAlong(logs: readonly [Input['batches'], Input['batches']]): Promise<Result<number | null>> {
  const compared = new LogParting()
  try {
    for (let side = compared.wanted; side !== null; side = compared.wanted) {
      const next = await logs[side].next()
      if (next.done === true) compared.feed(side, null)
      else if (next.value._tag === 'Left') return next.value
      else compared.feed(side, next.value.right)
    }
    return right(compared.parting)
  } finally {
    for (const batches of logs) await batches.return()
  }
}
