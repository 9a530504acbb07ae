/** What is shown beside the log: a row of a what-if, or another log. */
import { computed, signal } from '@preact/signals'
import type { CompareAnswer, VaryKey, WhatIfAnswer } from '../session/beside-messages.ts'
import { type LogFile, NOT_SERVED } from '../session/log-file.ts'
import type { Overview } from '../session/messages.ts'
import { fragment, fragmentValue, writeFragment } from './address.ts'
import { besideLog, besideRow } from './beside-curves.ts'
// What another log's address says is taken out of it before it is read here.
import './permalink.ts'
import { servedFile } from './served-file.ts'
import { ask } from './session-client.ts'
import { fault, openFile, overview, showTab, working } from './store.ts'

export const whatIf = signal<WhatIfAnswer | null>(null)
export const compared = signal<CompareAnswer | null>(null)
/** The row of the what-if whose curves are shown; the first varied one is 1. */
export const row = signal(1)
export const varyKeys = signal<readonly VaryKey[]>([])

/** What was varied last. */
let ran: readonly string[] = []

overview.subscribe((log) => {
  whatIf.value = null
  compared.value = null
  varyKeys.value = []
  if (log === null) return
  void ask('varyKeys', {}).then((keys) => {
    varyKeys.value = keys
  })
  ran = []
  const vary = fragment().getAll('vary')
  if (vary.length > 0) void runWhatIf(vary)
})

/** Somebody wrote another what-if into the address, or came back to one. */
addEventListener('popstate', () => {
  const vary = fragment().getAll('vary')
  if (vary.length > 0 && String(vary) !== String(ran)) void runWhatIf(vary)
})

/** Replays the log under what `--vary` would take. */
export async function runWhatIf(vary: readonly string[]): Promise<void> {
  await working('beside', 'what-if', async (tell) => {
    const answer = await ask('whatIf', { vary }, tell)
    if (answer === null) return
    whatIf.value = answer
    compared.value = null
    row.value = 1
    ran = vary
    keepVary(vary)
  })
}

/** Compares the log with another. */
export async function compareWith(file: LogFile, name: string): Promise<void> {
  await working('beside', name, async (tell) => {
    const answer = await ask('compare', { file, name }, tell)
    if (answer === null) return
    compared.value = answer
    whatIf.value = null
    keepVary([])
  })
}

/** Opens the first file, and compares it with the second where there is one. */
export async function openFiles(files: ArrayLike<File>): Promise<void> {
  const [first, second] = Array.from(files)
  if (first === undefined) return
  if (!(await openFile(first, first.name)) || second === undefined) return
  await compareWith(second, second.name)
  showTab('beside')
}

/** Compares with the second log that the page's server was given, if it was given one. */
export async function compareServed(): Promise<void> {
  const name = fragmentValue('with')
  if (name === null || overview.value === null) return
  const file = await servedFile('files/1')
  if (file === null) {
    fault.value = `${name}: cannot be read: ${NOT_SERVED}`
    return
  }
  await compareWith(file, name)
  showTab('beside')
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
