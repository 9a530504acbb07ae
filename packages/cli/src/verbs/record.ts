import { rmSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { indexPathOf } from '@reheap/event-log/node'
import { formatBytes } from '@reheap/kernel'
import { type ChildResult, childOutput, defaultOutput, type RecordResult, recordProgram } from '@reheap/recorder'
import type { Command } from 'commander'
import { left, right } from 'fp-ts/lib/Either.js'
import { convert } from '../convert.ts'
import { openInput } from '../input.ts'
import { LinesOutput } from '../io/lines-output.ts'
import { notAFile } from '../io/log-output.ts'
import { STANDARD } from '../io/output.ts'
import { isSpecial, refusal } from '../io/staged-file.ts'
import type { Outcome, Result } from '../outcome.ts'
import { counted } from '../show/table.ts'
import { type CommonOptions, forceOption, settle, verb, wholeNumber } from '../verb.ts'

interface RecordOptions extends CommonOptions {
  readonly python?: string
  readonly output?: string
  readonly observeEvery: number
  readonly native?: boolean
  readonly sampleEvery?: number
  readonly children?: boolean
  readonly force?: boolean
}

/** Calls between two looks at a process. */
const SAMPLE_EVERY = 20_000

const EXAMPLE = `$ reheap record -o hello.arrows -- hello.py
$ reheap record --python python3.13 -- -m json.tool data.json`

/** `reheap record`: runs a Python program and keeps all that its allocator was asked and answered. */
export const recordVerb = (): Command =>
  verb('record <command...>', 'run a Python program and record its allocator, from the first request to the last', EXAMPLE)
    .usage('[options] -- script.py [arguments...]')
    .option('--python <path>', 'the interpreter (default: python3)')
    .option('-o, --output <file>', 'the log to write: .arrows, .jsonl or .jsonl.gz (default: named after the script)')
    .option('--observe-every <events>', "observe the allocator's figures about every so many events", wholeNumber, 0)
    .option('--native', "record the C library's malloc, the memory maps and the sizes of the whole process too")
    .option(
      '--sample-every <calls>',
      'with --native: look at the process about every so many calls (default: 20000; 0: only at marks)',
      wholeNumber,
    )
    .option(
      '--children',
      'record the processes of the same interpreter that it starts too, each into a log of its own: NAME.1.arrows, NAME.2.arrows ...',
    )
    .addOption(forceOption())
    .addHelpText('after', "\nThe exit status is the program's own. With --json its standard output goes to standard error.")
    .passThroughOptions()
    .action((command: string[], options: RecordOptions) => settle(options, record(command, options)))

async function record(args: readonly string[], options: RecordOptions): Promise<Result<Outcome>> {
  const { force = false, json = false } = options
  const output = options.output ?? defaultOutput(args)
  if (options.sampleEvery !== undefined && options.native !== true)
    return left('--sample-every: only a whole process is looked at: add --native, or leave it out')
  const isStored = !/\.jsonl(\.gz)?$/.test(output)
  if (isStored && (output === STANDARD || isSpecial(output))) return left(notAFile(output))
  const refused = refusal(output, force) ?? (isStored ? refusal(indexPathOf(output), force) : null)
  if (refused !== null) return left(refused)
  // The recorder writes a stored log while the program runs; lines are made of it afterwards.
  const log = isStored ? output : join(dirname(output), `.${basename(output)}.${process.pid}.arrows`)
  const recorded = await recordProgram({
    output: log,
    overwrite: force,
    args,
    observeEvery: options.observeEvery,
    ...(options.native === true ? { sampleEvery: options.sampleEvery ?? SAMPLE_EVERY } : {}),
    ...(options.children === true ? { withChildren: true } : {}),
    ...(options.python === undefined ? {} : { python: options.python }),
    ...(json ? { stdio: ['inherit', 2, 'inherit'] } : {}),
  })
  if (recorded._tag === 'Left') return left(recorded.left.message)
  if (!isStored) {
    const converted = await asLines(log, output, force)
    if (converted._tag === 'Left') return left(`${converted.left}; the recording is kept as ${log}`)
  }
  return right(told(recorded.right, output))
}

/** Turns the stored log into lines. */
async function asLines(log: string, output: string, force: boolean): Promise<Result<void>> {
  const input = await openInput(log, {})
  if (input._tag === 'Left') return input
  try {
    const converted = await convert(input.right, 'export', output, await LinesOutput.open(output, input.right.header, force))
    if (converted._tag === 'Left') return converted
  } finally {
    await input.right.close()
  }
  for (const path of [log, indexPathOf(log)]) rmSync(path, { force: true })
  return right(undefined)
}

/** What became of the log of a process that the program started. */
function childTold(output: string, pid: number, result: ChildResult['result']): object {
  if (result._tag === 'Left') {
    process.stderr.write(`reheap: warning: process ${pid}: ${result.left.message}\n`)
    return { pid, error: result.left.message }
  }
  const { events, isFinalized, findings } = result.right
  for (const finding of findings) process.stderr.write(`reheap: warning: ${output}: ${finding}\n`)
  process.stderr.write(`reheap: ${output}: ${counted(events, 'event')} of process ${pid}\n`)
  return { pid, output, events, isFinalized, findings }
}

/** The outcome; people read it on standard error, since standard output is the program's. */
function told(recorded: RecordResult, output: string): Outcome {
  const { interpreter, exit, events, isFinalized, findings, children = [] } = recorded
  const bytes = statSync(output).size
  for (const finding of findings) process.stderr.write(`reheap: warning: ${finding}\n`)
  const end = isFinalized ? '' : ', up to its end without finalization'
  process.stderr.write(`reheap: ${output}: ${counted(events, 'event')} of CPython ${interpreter.version}${end}, ${formatBytes(bytes)}\n`)
  const logs = children.map(({ pid, result }, place) => childTold(childOutput(output, place + 1), pid, result))
  return {
    status: exit.status,
    json: { output, events, bytes, interpreter, exit, isFinalized, findings, ...(children.length === 0 ? {} : { children: logs }) },
    text: () => '',
  }
}
