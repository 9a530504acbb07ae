import { Command, CommanderError } from 'commander'

/** Verbs in the order of the help. A start that reads one line of usage loads one verb: loading is most of what a short command costs. */
const VERBS: Readonly<Record<string, () => Promise<() => Command>>> = {
  record: async () => (await import('./verbs/record.ts')).recordVerb,
  run: async () => (await import('./verbs/run.ts')).runVerb,
  import: async () => (await import('./verbs/import.ts')).importVerb,
  export: async () => (await import('./verbs/export.ts')).exportVerb,
  verify: async () => (await import('./verbs/verify.ts')).verifyVerb,
  replay: async () => (await import('./verbs/replay.ts')).replayVerb,
  stats: async () => (await import('./verbs/stats.ts')).statsVerb,
  timeline: async () => (await import('./verbs/timeline.ts')).timelineVerb,
  'trace-request': async () => (await import('./verbs/trace-request.ts')).traceRequestVerb,
  leaks: async () => (await import('./verbs/leaks.ts')).leaksVerb,
  whatif: async () => (await import('./verbs/whatif.ts')).whatifVerb,
  diff: async () => (await import('./verbs/diff.ts')).diffVerb,
  explain: async () => (await import('./verbs/explain.ts')).explainVerb,
  tune: async () => (await import('./verbs/tune.ts')).tuneVerb,
  monitor: async () => (await import('./verbs/monitor.ts')).monitorVerb,
  units: async () => (await import('./verbs/units.ts')).unitsVerb,
  sizeof: async () => (await import('./verbs/sizeof.ts')).sizeofVerb,
  scenario: async () => (await import('./verbs/scenario.ts')).scenarioVerb,
  check: async () => (await import('./verbs/check.ts')).checkVerb,
  view: async () => (await import('./verbs/view.ts')).viewVerb,
  play: async () => (await import('./verbs/play.ts')).playVerb,
  report: async () => (await import('./verbs/report.ts')).reportVerb,
}

const EPILOGUE = `
LOG is a stored log (.arrows), JSON Lines (.jsonl, .jsonl.gz) or a PyTorch snapshot (.pickle), told apart by content, or - for standard input.
Exit status: 0 as expected, 1 a mismatch was found, 2 bad usage or input.

Example:
  $ reheap record -o hello.arrows -- hello.py
  $ reheap verify hello.arrows
  $ reheap whatif hello.arrows --vary profile=cpython-3.9,cpython-3.13
  $ reheap explain snapshot.pickle --oom`

/** The command with some of its verbs. It throws a `CommanderError` instead of ending the process. */
function program(version: string, verbs: readonly (() => Command)[]): Command {
  const root = new Command()
    .name('reheap')
    .description('Record a Python program once, replay its heap, or the memory of its GPU, under any allocator.')
    .version(version)
    .helpCommand(false)
    .enablePositionalOptions()
    .addHelpText('after', EPILOGUE)
  for (const make of verbs) root.addCommand(make())
  for (const command of [root, ...root.commands]) {
    command.exitOverride().configureOutput({ outputError: () => {}, writeErr: () => {} })
  }
  return root
}

/** Runs one command line; sets the exit status. */
export async function run(args: readonly string[], version: string): Promise<void> {
  const named = Object.entries(VERBS).filter(([name]) => name === args[0])
  const verbs = await Promise.all((named.length > 0 ? named : Object.entries(VERBS)).map(([, load]) => load()))
  const root = program(version, verbs)
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
  const help = `see reheap ${Object.hasOwn(VERBS, args[0] ?? '') ? `${args[0]} ` : ''}--help`
  if (code === 'commander.help') return `name a verb; ${help}`
  return `${message
    .replace(/^error: /, '')
    .replaceAll(/\s*\n\s*/g, ' ')
    .replace(/\.$/, '')}; ${help}`
}
