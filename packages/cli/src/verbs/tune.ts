import { bytesOf } from '@reheap/machine'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { tuneDevice } from '../device/tune.ts'
import { type LogOptions, logVerb, positiveNumber, profileOption, settle, withLog } from '../verb.ts'

interface TuneOptions extends LogOptions {
  readonly profile?: string
  readonly capacity?: number
  readonly most: number
  readonly threads?: number
  readonly rebuild?: boolean
}

/** Settings that are tried where `--most` does not say. */
const MOST = 220

const EXAMPLE = `$ reheap tune training.pickle
$ reheap tune training.pickle --capacity 24GiB --most 500`

/** `reheap tune`: the settings under which a GPU's memory is used best. */
export const tuneVerb = (): Command =>
  logVerb(
    'tune <log>',
    "search the settings of PyTorch's allocator: reserved memory against calls of the driver, and the string to paste",
    EXAMPLE,
  )
    .addOption(new Option('--capacity <bytes>', 'of every device, as in 24GiB (default: as recorded)').argParser(capacityOf))
    .option('--most <count>', 'settings that are tried, those that change least first', positiveNumber, MOST)
    .option('--threads <count>', 'threads that try them (default: one for each core)', positiveNumber)
    .option('--rebuild', 'ask anew for what was live before the log begins, so that the settings shape it too')
    .addOption(profileOption())
    .action((log: string, options: TuneOptions) =>
      settle(
        options,
        withLog(log, options, (input) => tuneDevice(input, options)),
      ),
    )

function capacityOf(text: string): number {
  const bytes = bytesOf(text)
  if (bytes._tag === 'Right') return bytes.right
  throw new InvalidArgumentError(bytes.left)
}
