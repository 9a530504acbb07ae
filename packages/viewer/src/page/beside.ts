/** What is shown beside the log: a row of a what-if, or another log. */
import { computed, signal } from '@preact/signals'
import { BESIDE, type CompareAnswer, type VaryKey, type WhatIfAnswer } from '../session/beside-messages.ts'
import { type LogFile, NOT_SERVED } from '../session/log-file.ts'
import type { Overview } from '../session/messages.ts'
import { fragment, fragmentValue, writeFragment } from './address.ts'
import { besideLog, besideRow } from './beside-curves.ts'
// With this import what another log's address says is taken out of it before it is read here.
import { linkedChoice } from './permalink.ts'
import { servedFile } from './served-file.ts'
import { ask } from './session-client.ts'
import { fault, openFile, overview, showTab, working } from './store.ts'

export const whatIf = signal<WhatIfAnswer | null>(null)
export const compared = signal<CompareAnswer | null>(null)
export const varyKeys = signal<readonly VaryKey[]>([])

const rowKept = linkedChoice('row', '1')
/** The row of the what-if whose curves are shown; the first varied one is 1. */
export const row = computed(() => Math.max(1, Math.min(Number(rowKept.value) || 1, (whatIf.value?.names.length ?? 2) - 1)))

export function pickRow(place: number): void {
  rowKept.value = String(place)
}

/** What was varied last. */
let ran: readonly string[] = []

overview.subscribe((log) => {
  whatIf.value = null
  compared.value = null
  varyKeys.value = []
  if (log === null) return
  void takeKeys(log)
  ran = []
  const vary = varied()
  if (vary.length > 0) void runWhatIf(vary)
})

async function takeKeys(log: Overview): Promise<void> {
  try {
    const keys = await ask('varyKeys', {})
    if (overview.peek() === log) varyKeys.value = keys
  } catch (error) {
    fault.value = (error as Error).message
  }
}

/** What the address says is varied. */
export const varied = (): readonly string[] => fragment().getAll('vary')

/** Somebody wrote another what-if into the address, or came back to one. */
addEventListener('popstate', () => {
  const vary = varied()
  if (vary.length > 0 && String(vary) !== String(ran)) void runWhatIf(vary)
})

/** Replays the log under what `--vary` would take. @returns is it shown? */
export function runWhatIf(vary: readonly string[]): Promise<boolean> {
  return besideTask('what-if', async (tell) => {
    const answer = await ask('whatIf', { vary }, tell)
    if (answer === null) return null
    return () => {
      whatIf.value = answer
      compared.value = null
      ran = vary
      keepVary(vary)
    }
  })
}

/** Compares the log with another. @returns is it shown? */
export function compareWith(file: LogFile, name: string): Promise<boolean> {
  return besideTask(name, async (tell) => {
    const answer = await ask('compare', { file, name }, tell)
    if (answer === null) return null
    return () => {
      compared.value = answer
      whatIf.value = null
      keepVary([])
    }
  })
}

/** @param work comes to what shows its answer; null: it was given up */
const besideTask = (what: string, work: Parameters<typeof working>[2]): Promise<boolean> =>
  working('beside', what, work, () => void ask('giveUp', { kind: BESIDE }))

/** Opens the first file, and compares it with the second where there is one. */
export async function openFiles(files: ArrayLike<File>): Promise<void> {
  const [first, second] = Array.from(files)
  if (first === undefined || !(await openFile(first, first.name)) || second === undefined) return
  if (await compareWith(second, second.name)) showTab('beside')
}

/** Compares with the second log that the page's server was given, if it was given one. */
export async function compareServed(): Promise<void> {
  const name = fragmentValue('with')
  if (name === null || overview.value === null) return
  const file = await servedFile('files/1')
  if (file === null) fault.value = `${name}: cannot be read: ${NOT_SERVED}`
  else if (await compareWith(file, name)) showTab('beside')
}

function keepVary(vary: readonly string[]): void {
  const kept = fragment()
  kept.delete('vary')
  for (const each of vary) kept.append('vary', each)
  writeFragment(kept)
}

/** The log with the curves of what stands beside it, on one axis. */
export const withBeside = computed((): Overview | null => {
  const log = overview.value
  const other = compared.value
  const answer = whatIf.value
  if (log === null) return null
  if (other !== null) return besideLog(log, other.curves, other.difference.after.name, other.events)
  const [first, curves] = [answer?.curves[0], answer?.curves[row.value]]
  if (answer === null || first === undefined || curves === undefined) return log
  return besideRow(log, first, curves, answer.names[row.value] ?? '')
})
