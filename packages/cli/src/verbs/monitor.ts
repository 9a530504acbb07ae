import type { Command } from 'commander'
import { left, right } from 'fp-ts/lib/Either.js'
import { present } from '../monitor/present.ts'
import { processReadings } from '../monitor/proc.ts'
import type { Outcome, Result } from '../outcome.ts'
import { type CommonOptions, intervalOption, positiveNumber, settle, verb } from '../verb.ts'

interface MonitorOptions extends CommonOptions {
  readonly pid: number
  readonly interval: number
  readonly count?: number
}

const EXAMPLE = `$ reheap monitor --pid 4711
$ reheap monitor --pid 4711 --interval 0.5 --count 20 --json`

const HELP = `
Names are those of psutil.virtual_memory(), swap_memory() and Process.memory_info(); used is total - available, as in psutil 7.2. On a terminal it
is a screen that q or Ctrl-C ends, elsewhere a line for each look. It ends with the process. Linux only.`

/** `reheap monitor`: the memory of a running process and of its machine, live. */
export const monitorVerb = (): Command =>
  verb('monitor', 'watch the memory of a running process and of its machine: total, used, available, rss, vms, peak', EXAMPLE)
    .requiredOption('--pid <number>', 'the process', positiveNumber)
    .addOption(intervalOption(1))
    .option('--count <readings>', 'end after so many', positiveNumber)
    .addHelpText('after', HELP)
    .action((options: MonitorOptions) => settle({}, monitor(options)))

async function monitor({ pid, interval, count, json = false }: MonitorOptions): Promise<Result<Outcome>> {
  if (process.platform !== 'linux')
    return left(`monitor: reads Linux's /proc, and this is ${process.platform}; replay a log with --monitor instead`)
  const readings = processReadings(pid)
  if (readings._tag === 'Left') return readings
  const shown = await present(readings.right, { json, interval, count, document: { pid } })
  // All that there is to print has been printed.
  return shown._tag === 'Left' ? shown : right({ status: 0, json: {}, text: () => '' })
}
