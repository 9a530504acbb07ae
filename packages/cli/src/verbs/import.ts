import type { Command } from 'commander'
import { left } from 'fp-ts/lib/Either.js'
import { convert } from '../convert.ts'
import type { Input } from '../input.ts'
import { LogOutput } from '../io/log-output.ts'
import { STANDARD } from '../io/output.ts'
import type { Outcome, Result } from '../outcome.ts'
import { forceOption, type LogOptions, logVerb, settle, withLog } from '../verb.ts'

interface ImportOptions extends LogOptions {
  readonly output: string
  readonly force?: boolean
}

const EXAMPLE = `$ reheap import hello.jsonl.gz -o hello.arrows
$ zcat hello.jsonl.gz | reheap import - -o hello.arrows --force`

/** `reheap import`: any log as a stored one. */
export const importVerb = (): Command =>
  logVerb('import <log>', 'store a log as Arrow batches (.arrows): fast to read, with checksums and an index', EXAMPLE)
    .requiredOption('-o, --output <file>', 'the log to write, .arrows')
    .addOption(forceOption())
    .action((log: string, options: ImportOptions) =>
      settle(
        options,
        withLog(log, options, (input) => importLog(input, options)),
      ),
    )

async function importLog(input: Input, { output, force = false }: ImportOptions): Promise<Result<Outcome>> {
  if (output === STANDARD || /\.(jsonl|json|gz|pickle|pkl)$/.test(output))
    return left(`-o ${output}: import writes a stored log; name a file such as log.arrows, or use reheap export`)
  return convert(input, 'import', output, LogOutput.open(output, input.header, force))
}
