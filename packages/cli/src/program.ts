import { Command, CommanderError } from 'commander'
import { checkVerb } from './verbs/check.ts'
import { diffVerb } from './verbs/diff.ts'
import { explainVerb } from './verbs/explain.ts'
import { exportVerb } from './verbs/export.ts'
import { importVerb } from './verbs/import.ts'
import { leaksVerb } from './verbs/leaks.ts'
import { monitorVerb } from './verbs/monitor.ts'
import { playVerb } from './verbs/play.ts'
import { recordVerb } from './verbs/record.ts'
import { replayVerb } from './verbs/replay.ts'
import { reportVerb } from './verbs/report.ts'
import { runVerb } from './verbs/run.ts'
import { scenarioVerb } from './verbs/scenario.ts'
import { sizeofVerb } from './verbs/sizeof.ts'
import { statsVerb } from './verbs/stats.ts'
import { timelineVerb } from './verbs/timeline.ts'
import { traceRequestVerb } from './verbs/trace-request.ts'
import { tuneVerb } from './verbs/tune.ts'
import { unitsVerb } from './verbs/units.ts'
import { verifyVerb } from './verbs/verify.ts'
import { viewVerb } from './verbs/view.ts'
import { whatifVerb } from './verbs/whatif.ts'

const VERBS = [
  recordVerb,
  runVerb,
  importVerb,
  exportVerb,
  verifyVerb,
  replayVerb,
  statsVerb,
  timelineVerb,
  traceRequestVerb,
  leaksVerb,
  whatifVerb,
  diffVerb,
  explainVerb,
  tuneVerb,
  monitorVerb,
  unitsVerb,
  sizeofVerb,
  scenarioVerb,
  checkVerb,
  viewVerb,
  playVerb,
  reportVerb,
]

const EPILOGUE = `
LOG is a stored log (.arrows), JSON Lines (.jsonl, .jsonl.gz) or a PyTorch snapshot (.pickle), told apart by content, or - for standard input.
Exit status: 0 as expected, 1 a mismatch was found, 2 bad usage or input.

Example:
  $ reheap record -o hello.arrows -- hello.py
  $ reheap verify hello.arrows
  $ reheap whatif hello.arrows --vary profile=cpython-3.9,cpython-3.13
  $ reheap explain snapshot.pickle --oom`

/** The command with all its verbs. It throws a `CommanderError` instead of ending the process. */
function program(version: string): Command {
  const root = new Command()
    .name('reheap')
    .description('Record a Python program once, replay its heap, or the memory of its GPU, under any allocator.')
    .version(version)
    .helpCommand(false)
    .enablePositionalOptions()
    .addHelpText('after', EPILOGUE)
  for (const make of VERBS) root.addCommand(make())
  for (const command of [root, ...root.commands]) {
    command.exitOverride().configureOutput({ outputError: () => {}, writeErr: () => {} })
  }
  return root
}

/** Runs one command line; sets the exit status. */
export async function run(args: readonly string[], version: string): Promise<void> {
  const root = program(version)
  try {
    await root.parseAsync([...args], { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode === 0) return
    process.stderr.write(`reheap: ${usageFault(error, args)}\n`)
    process.exitCode = 2
  }
}

/** Commander's message as one line with where to look. */
function usageFault({ code, message }: CommanderError, args: readonly string[]): string {
  const verb = VERBS.map((make) => make().name()).find((name) => name === args[0])
  const help = `see reheap ${verb === undefined ? '' : `${verb} `}--help`
  if (code === 'commander.help') return `name a verb; ${help}`
  return `${message
    .replace(/^error: /, '')
    .replaceAll(/\s*\n\s*/g, ' ')
    .replace(/\.$/, '')}; ${help}`
}
