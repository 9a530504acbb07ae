/** Runs the commands of a scenario, each as a user would, in the folder of the logs. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { formatBytes, formatCount } from '@reheap/kernel'
import { left, right } from 'fp-ts/lib/Either.js'
import type { HostFigures } from '../host/host-figures.ts'
import type { Result } from '../outcome.ts'
import { percent, table } from '../show/table.ts'
import type { Moment } from './moments.ts'
import type { CommandStep, MomentsStep, PairStep, Step } from './scenario.ts'

const MAIN = fileURLToPath(new URL('../main.js', import.meta.url))
/** Where the logs lie; users may run the commands there themselves. */
export const LOGS = fileURLToPath(new URL('../../scenarios', import.meta.url))
/** @unit bytes */
const OUTPUT_MAX = 1 << 26

/** What a step showed. */
export interface Shown {
  readonly explains: string
  /** Its command lines, as they can be typed. */
  readonly commands: readonly string[]
  readonly lines: readonly string[]
  /** Two figures and their difference, where logs are compared. */
  readonly saved?: { readonly beforeBytes: number; readonly afterBytes: number; readonly savedBytes: number }
}

/** Left: a command did not end as it should. */
export function runStep(step: Step): Result<Shown> {
  if ('command' in step) return runCommand(step)
  return 'pair' in step ? runPair(step) : runMoments(step)
}

function runCommand({ explains, command, only, status = 0 }: CommandStep): Result<Shown> {
  const ran = output(command, [status])
  if (ran._tag === 'Left') return ran
  const lines = ran.right.split('\n')
  return right({ explains, commands: [lineOf(command)], lines: only === undefined ? lines : picked(lines, only) })
}

function runPair({ explains, pair }: PairStep): Result<Shown> {
  const commands = ['before', 'after'].map((which) => ['replay', `${pair}-${which}.jsonl.gz`, '--peaks'])
  const values: number[] = []
  for (const command of commands) {
    const ran = output([...command, '--json'], [0])
    if (ran._tag === 'Left') return ran
    const { peaks } = JSON.parse(ran.right) as { readonly peaks: Readonly<Record<string, { readonly value: number }>> }
    values.push((peaks.requestedBytes?.value ?? 0) + (peaks.cLibraryBytes?.value ?? 0))
  }
  const [beforeBytes = 0, afterBytes = 0] = values
  const savedBytes = beforeBytes - afterBytes
  const share = percent(savedBytes / Math.max(1, beforeBytes))
  return right({
    explains,
    commands: commands.map(lineOf),
    lines: table(
      [
        { title: 'most asked of pools and of the C library', align: 'left' },
        { title: 'before' },
        { title: 'after' },
        { title: 'saved' },
        { title: '' },
      ],
      [[pair, formatBytes(beforeBytes), formatBytes(afterBytes), formatBytes(savedBytes), share]],
    ),
    saved: { beforeBytes, afterBytes, savedBytes },
  })
}

function runMoments({ explains, log, moments, show }: MomentsStep): Result<Shown> {
  const shown: Moment[] = []
  const commands: string[] = []
  for (const [label, until] of moments) {
    const command = ['replay', log, '--until', String(until)]
    // Where somebody was killed for want of memory, replay ends with 1.
    const ran = output([...command, '--json'], [0, 1])
    if (ran._tag === 'Left') return ran
    shown.push({ label, host: (JSON.parse(ran.right) as { readonly host: HostFigures }).host })
    commands.push(lineOf(command))
  }
  return right({ explains, commands, lines: show(shown) })
}

/** Without the last line feed. */
function output(command: readonly string[], wanted: readonly number[]): Result<string> {
  if (!existsSync(LOGS)) return left(`${LOGS}: is not there: the logs of the scenarios come with the package; install it again`)
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...command], { cwd: LOGS, encoding: 'utf8', maxBuffer: OUTPUT_MAX })
  if (status !== null && wanted.includes(status)) return right(stdout.trimEnd())
  return left(`${lineOf(command)} in ${LOGS}: ended with ${status} instead of ${wanted.join(' or ')}: ${stderr.trim()}`)
}

const lineOf = (command: readonly string[]): string => `reheap ${command.join(' ')}`

/** The lines that match, and how many there are in all. */
function picked(lines: readonly string[], only: RegExp): readonly string[] {
  const kept = lines.filter((line) => only.test(line))
  return kept.length === lines.length ? kept : [...kept, `... ${formatCount(kept.length)} of ${formatCount(lines.length)} lines`]
}
