import { readFileSync, statSync } from 'node:fs'
import { basename, dirname, resolve, sep } from 'node:path'
import { indexPathOf } from '@reheap/event-log/node'
import { formatBytes } from '@reheap/kernel'
import {
  AnnotatedSource,
  DEFAULT_INTERPRETER,
  interpreterUrl,
  notInstalled,
  type RecordScriptResult,
  recordScript,
  ScriptLog,
  scriptHeader,
} from '@reheap/recorder'
import type { Command } from 'commander'
import { left, right } from 'fp-ts/lib/Either.js'
import { onInterrupt } from '../io/interrupt.ts'
import { refusal } from '../io/staged-file.ts'
import type { Outcome, Result } from '../outcome.ts'
import { annotatedText, linesJson } from '../show/annotated.ts'
import { counted } from '../show/table.ts'
import { type CommonOptions, forceOption, positiveNumber, settle, verb } from '../verb.ts'
import { verifyLog } from './verify.ts'

interface RunOptions extends CommonOptions {
  readonly python: string
  readonly output?: string
  readonly timeout?: number
  readonly verify?: boolean
  readonly objectsOnly?: boolean
  readonly keys?: boolean
  readonly quiet?: boolean
  readonly force?: boolean
}

const EXAMPLE = `$ reheap run --verify cycle.py
$ reheap run --python 3.13.2 -o cycle.arrows cycle.py --size 3`

/** Exit status of a script that was stopped, as of the command timeout. */
const TIMED_OUT = 124

/** `reheap run`: runs a script on CPython in WebAssembly and records its objects. */
export const runVerb = (): Command =>
  verb(
    'run <script> [arguments...]',
    'run a Python script and record its objects, references and collections; no Python is needed',
    EXAMPLE,
  )
    .usage('[options] script.py [arguments...]')
    .option('--python <version>', 'CPython in WebAssembly: 3.13.2, 3.14.2 or 3.15.0rc1', DEFAULT_INTERPRETER)
    .option('-o, --output <file>', 'the log to write, an .arrows file (default: named after the script)')
    .option('--timeout <seconds>', 'stop the script after so long', positiveNumber)
    .option('--verify', 'replay the log at once and compare every observation; exit 1 if one differs')
    .option('--objects-only', 'leave the calls of the allocator out of the log')
    .option('--keys', 'name the keys of dicts in the log: strings and small whole numbers, which can be data of the program')
    .option('-q, --quiet', 'do not print the annotated source')
    .addOption(forceOption())
    .addHelpText('after', HELP)
    .passThroughOptions()
    .action((script: string, args: string[], options: RunOptions) => settle(options, run(script, args, options)))

const HELP = `
The script's output is passed through; the annotated source comes on standard error. The exit status is the script's own: 1 after an
error, ${TIMED_OUT} where --timeout stopped it. With --json the script's standard output goes to standard error.`

async function run(script: string, args: readonly string[], options: RunOptions): Promise<Result<Outcome>> {
  const output = options.output ?? `${basename(script).replace(/\.pyw?$/, '')}.arrows`
  const refused = refusal(output, options.force ?? false) ?? refusal(indexPathOf(output), options.force ?? false)
  if (refused !== null) return left(refused)
  if (!output.endsWith('.arrows')) return left(`${output}: cannot be written: reheap run writes a stored log; name an .arrows file`)
  if (interpreterUrl(options.python) === null) return left(notInstalled(options.python))
  const source = sourceOf(script)
  if (source._tag === 'Left') return source
  const log = new ScriptLog()
  const annotated = new AnnotatedSource()
  const stopped = new AbortController()
  const done = onInterrupt(() => log.close())
  const recorded = await recordScript({
    source: source.right,
    file: script,
    folders: foldersOf(script),
    args,
    interpreter: options.python,
    isObjectsOnly: options.objectsOnly ?? false,
    hasKeys: options.keys ?? false,
    signal: stopped.signal,
    ...(options.timeout === undefined ? {} : { timeoutMs: options.timeout * 1000 }),
    onStart: (version, collector) => log.open(output, scriptHeader(version, ['reheap', 'run', script, ...args].join(' '), collector), true),
    onEvents: (batch) => {
      log.append(batch)
      annotated.append(batch)
    },
    onOutput: (stream, bytes) => {
      const target = stream === 'stdout' && options.json !== true ? process.stdout : process.stderr
      target.write(bytes)
    },
  })
  log.close()
  done()
  if (log.failure !== null) return left(log.failure)
  if (recorded.end.kind === 'failed') return left(`${script}: could not be recorded: ${firstLine(recorded.end.message)}`)
  // An error of syntax is the script's own, which Python has printed; nothing ran.
  if (recorded.version === null) return right({ status: 1, json: { output: null, end: recorded.end }, text: () => '' })
  return told({ script, output, source: source.right, annotated, recorded }, options)
}

interface Told {
  readonly script: string
  readonly output: string
  readonly source: string
  readonly annotated: AnnotatedSource
  readonly recorded: RecordScriptResult
}

async function told({ script, output, source, annotated, recorded }: Told, options: RunOptions): Promise<Result<Outcome>> {
  const { end, version, events, milliseconds } = recorded
  if (end.kind === 'exited' && end.message !== null) process.stderr.write(`${end.message}\n`)
  if (end.kind === 'timedOut') process.stderr.write(`reheap: ${script}: stopped after ${options.timeout} s; the log ends there\n`)
  if (options.quiet !== true && options.json !== true) showSources(annotated, source)
  const bytes = statSync(output).size
  if (options.quiet !== true)
    process.stderr.write(`reheap: ${output}: ${counted(events, 'event')} of CPython ${version}, ${formatBytes(bytes)}\n`)
  const modules = [...annotated.files].slice(1).map(([file, lines]) => ({ file, lines: linesJson(lines) }))
  const json = { output, events, bytes, version, milliseconds, end, lines: linesJson(annotated.lines), modules }
  const status = statusOf(recorded)
  if (options.verify !== true) return right({ status, json, text: () => '' })
  const verified = await verifyLog(output)
  if (verified._tag === 'Left') return verified
  if (options.json !== true) process.stderr.write(`${verified.right.text()}\n`)
  return right({ status: verified.right.status === 0 ? status : 1, json: { ...json, verification: verified.right.json }, text: () => '' })
}

/** The script with its figures, and behind it each module of its folder that it imported. */
function showSources({ lines, files }: AnnotatedSource, source: string): void {
  process.stderr.write(`${annotatedText(lines, source)}\n`)
  for (const [file, lines] of [...files].slice(1)) {
    const module = sourceOf(file)
    if (module._tag === 'Right') process.stderr.write(`\n${file}:\n${annotatedText(lines, module.right)}\n`)
  }
}

function statusOf({ end }: RecordScriptResult): number {
  if (end.kind === 'finished') return 0
  if (end.kind === 'timedOut') return TIMED_OUT
  return end.kind === 'exited' ? end.code & 0xff : 1
}

/** The script sees the folder that the command was given in, and its own. */
function foldersOf(script: string): readonly string[] {
  const here = process.cwd()
  const own = resolve(dirname(script))
  return own === here || own.startsWith(here + sep) ? [here] : [here, own]
}

function sourceOf(script: string): Result<string> {
  try {
    return right(readFileSync(script, 'utf8'))
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT'
    return left(`${script}: cannot be read: ${isMissing ? 'no such file' : (error as Error).message}; name a Python script`)
  }
}

const firstLine = (text: string): string => text.split('\n')[0] ?? ''
