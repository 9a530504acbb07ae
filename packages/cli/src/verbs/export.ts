import type { Command } from 'commander'
import { left } from 'fp-ts/lib/Either.js'
import { convert } from '../convert.ts'
import { exportSnapshot, isSnapshotName } from '../device/export.ts'
import type { Input } from '../input.ts'
import { LinesOutput } from '../io/lines-output.ts'
import { STANDARD } from '../io/output.ts'
import type { Outcome, Result } from '../outcome.ts'
import { forceOption, type LogOptions, logVerb, settle, withLog } from '../verb.ts'

interface ExportOptions extends LogOptions {
  readonly output: string
  readonly force?: boolean
}

const EXAMPLE = `$ reheap export hello.arrows -o hello.jsonl.gz
$ reheap export hello.arrows -o - | head`

/** `reheap export`: any log as JSON Lines. */
export const exportVerb = (): Command =>
  logVerb(
    'export <log>',
    'write a log as JSON Lines, compressed if the name ends in .gz; nothing is lost. A device log also as a PyTorch snapshot',
    EXAMPLE,
  )
    .requiredOption('-o, --output <file>', 'the file to write, .jsonl, .jsonl.gz or, of a device log, .pickle; - is standard output')
    .addOption(forceOption())
    .action((log: string, options: ExportOptions) => settle(options, exportLog(log, options)))

async function exportLog(log: string, options: ExportOptions): Promise<Result<Outcome>> {
  const { output, force = false, json } = options
  if (output.endsWith('.arrows'))
    return left(`-o ${output}: export writes JSON Lines; name a file such as log.jsonl.gz, or use reheap import`)
  if (output === STANDARD && json === true) return left('-o -: --json needs standard output for itself; name a file')
  const worked = await withLog(log, options, async (input: Input) =>
    isSnapshotName(output)
      ? exportSnapshot(input, output, force)
      : convert(input, 'export', output, await LinesOutput.open(output, input.header, force)),
  )
  return worked._tag === 'Left' || output !== STANDARD ? worked : { ...worked, right: { ...worked.right, text: () => '' } }
}
