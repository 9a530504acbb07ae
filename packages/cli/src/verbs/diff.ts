import type { Command } from 'commander'
import { right } from 'fp-ts/lib/Either.js'
import { type DeviceSummary, differenceOf, summaryOf } from '../device/diff.ts'
import type { Outcome, Result } from '../outcome.ts'
import { type LogOptions, logVerb, positiveNumber, profileOption, settle, withLog } from '../verb.ts'

interface DiffOptions extends LogOptions {
  readonly profile?: string
  readonly top: number
}

const EXAMPLE = `$ reheap diff before.pickle after.pickle
$ reheap diff before.pickle after.pickle --top 30 --json`

/** `reheap diff`: two logs of a GPU's memory, side by side. */
export const diffVerb = (): Command =>
  logVerb('diff <log> <other>', "compare two logs of a GPU's memory: what they cost, and who holds what in the end", EXAMPLE)
    .option('--top <count>', 'rows of the table of owners', positiveNumber, 10)
    .addOption(profileOption())
    .action((log: string, other: string, options: DiffOptions) => settle(options, diff(log, other, options)))

async function diff(log: string, other: string, options: DiffOptions): Promise<Result<Outcome>> {
  const summaries: DeviceSummary[] = []
  const summed = (name: string): Promise<Result<Outcome>> =>
    withLog(name, options, async (input) => {
      const summary = await summaryOf(input, options.profile)
      if (summary._tag === 'Left') return summary
      summaries.push(summary.right)
      const [before, after] = summaries
      return right(before === undefined || after === undefined ? NOTHING : differenceOf(before, after, options.top))
    })
  const first = await summed(log)
  return first._tag === 'Left' ? first : summed(other)
}

/** What is told of the first log alone. */
const NOTHING: Outcome = { status: 0, json: {}, text: () => '' }
