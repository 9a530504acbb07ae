import { type Command, InvalidArgumentError, Option } from 'commander'
import { left } from 'fp-ts/lib/Either.js'
import { explainDevice } from '../device/explain.ts'
import { type LogOptions, logVerb, positiveNumber, profileOption, settle, wholeNumber, withLog } from '../verb.ts'

interface ExplainOptions extends LogOptions {
  readonly profile?: string
  readonly oom?: number | true
  readonly segment?: number
  readonly at?: number
  readonly top: number
}

const EXAMPLE = `$ reheap explain oom.pickle --oom
$ reheap explain oom.pickle --segment 0x7f000fc00000
$ reheap explain oom.pickle --at 1936`

/** `reheap explain`: why a GPU's memory is as it is. */
export const explainVerb = (): Command =>
  logVerb(
    'explain <log>',
    "tell why a GPU's memory ran out: what is live, which free memory did not serve, what pins it, and what would have made it fit",
    EXAMPLE,
  )
    .addOption(new Option('--oom [number]', 'the first refused request, or the one of this number').argParser(positiveNumber))
    .addOption(new Option('--segment <address>', 'the segment that holds this address, block by block').argParser(addressOf))
    .addOption(new Option('--at <index>', 'what this event did; with --segment: just after it').argParser(wholeNumber))
    .option('--top <count>', 'rows of each table', positiveNumber, 10)
    .addOption(profileOption())
    .action((log: string, options: ExplainOptions) =>
      settle(
        options,
        options.oom === undefined && options.segment === undefined && options.at === undefined
          ? Promise.resolve(left('explain: give --oom, --segment ADDRESS or --at INDEX; see reheap explain --help'))
          : withLog(log, options, (input) => explainDevice(input, options)),
      ),
    )

/** `0x7f000fc00000` or a whole number. */
function addressOf(text: string): number {
  const value = Number(text)
  if (/^(0x[\da-f]+|\d+)$/i.test(text) && Number.isSafeInteger(value)) return value
  throw new InvalidArgumentError('Give an address, as in 0x7f000fc00000.')
}
