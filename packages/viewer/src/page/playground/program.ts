/** The program of the playground, and what can be done with it. */
import { signal } from '@preact/signals'
import { fragmentValue, setFragment } from '../address.ts'
import { openFile } from '../store.ts'
import type { LineHistory } from './line-history.ts'
import { PROGRAM_FILE, type RecordedProgram, recordProgram } from './record-program.ts'
import { linkText, sourceOfLink } from './share.ts'

export interface Example {
  readonly name: string
  readonly title: string
  readonly source: string
}
/** What the page's server offers. */
interface Offer {
  readonly versions: readonly string[]
  readonly examples: readonly Example[]
}
export interface Output {
  readonly stream: 'stdout' | 'stderr'
  readonly text: string
}
/** The program that ran last, and what its lines did. */
export interface Ran {
  readonly source: string
  readonly history: LineHistory
}

export const source = signal('')
export const offer = signal<Offer>({ versions: [], examples: [] })
export const version = signal('')
/** What is being done; empty: nothing runs. */
export const running = signal('')
export const output = signal<readonly Output[]>([])
/** How the last run ended. */
export const ending = signal('')
export const trouble = signal('')
export const ran = signal<Ran | null>(null)
export const link = signal('')
/** Is the link in the clipboard? */
export const isCopied = signal(false)

/** More is cut off. @unit characters */
const OUTPUT_MAX = 100_000
/** Links that were taken or made. */
const known = new Set<string>()
let stopper: AbortController | null = null

/** Asks the server what there is, and takes the program that stands in the address. */
export async function prepare(): Promise<void> {
  const answer = await fetch('playground.json').catch(() => null)
  if (answer?.ok === true) {
    offer.value = (await answer.json()) as Offer
    version.value = offer.value.versions[0] ?? ''
  }
  if (offer.value.versions.length === 0)
    trouble.value =
      'No interpreter is served beside this page: open it with reheap play, and install one with npm install pyodide-3.14.2@npm:pyodide@314.0.7'
  else if (!crossOriginIsolated)
    trouble.value = 'This page may not share memory between its threads, which recording needs: open it with reheap play'
  await takeFragment()
}

/** The program in the address, or the first example. */
export async function takeFragment(): Promise<void> {
  const text = fragmentValue('play')
  if (text === null || text === '') {
    if (source.value === '') source.value = offer.value.examples[0]?.source ?? ''
    return
  }
  // A step back must not undo what was typed since.
  if (known.has(text)) return
  known.add(text)
  const unpacked = await sourceOfLink(text)
  if (unpacked === null) trouble.value = 'The link holds no whole program; ask for it again'
  else source.value = unpacked
}

/** Puts the program into the address. */
export async function share(): Promise<void> {
  const text = await linkText(source.value)
  known.add(text)
  setFragment('play', text)
  link.value = location.href
}

/** Gives the link away, and to the clipboard where the browser lets it. */
export async function copyLink(): Promise<void> {
  await share()
  try {
    await navigator.clipboard.writeText(link.value)
    isCopied.value = true
  } catch {
    isCopied.value = false
  }
}

export async function run(): Promise<void> {
  if (running.value !== '' || version.value === '') return
  const program = source.value
  stopper = new AbortController()
  running.value = 'starts CPython'
  output.value = []
  ending.value = ''
  trouble.value = ''
  await share()
  link.value = ''
  try {
    const { result, log, history } = await recordProgram({
      source: program,
      version: version.value,
      signal: stopper.signal,
      onStart: () => {
        running.value = 'runs'
      },
      onOutput: print,
    })
    const { end } = result
    if (end.kind === 'failed') trouble.value = `The program could not be recorded: ${end.message.split('\n')[0]}`
    ending.value = ENDINGS[end.kind](end)
    if (result.events === 0) return
    ran.value = { source: program, history }
    await openFile(new Blob([log]), PROGRAM_FILE)
  } catch (error) {
    trouble.value = (error as Error).message
  } finally {
    running.value = ''
  }
}

/** Ends the program at once; what it did until then stays. */
export const stop = (): void => stopper?.abort()

type End = RecordedProgram['result']['end']
const ENDINGS: Readonly<Record<End['kind'], (end: End) => string>> = {
  finished: () => 'finished',
  raised: (end) => `ended by ${end.kind === 'raised' ? end.type : 'an error'}`,
  exited: (end) => `left with status ${end.kind === 'exited' ? end.code : 0}`,
  timedOut: () => 'stopped',
  failed: () => 'failed',
}

function print(stream: Output['stream'], text: string): void {
  const length = output.value.reduce((sum, part) => sum + part.text.length, 0)
  if (length >= OUTPUT_MAX) return
  const cut = text.length > OUTPUT_MAX - length ? `${text.slice(0, OUTPUT_MAX - length)}\n... more was printed` : text
  const last = output.value.at(-1)
  if (last?.stream === stream) output.value = [...output.value.slice(0, -1), { stream, text: last.text + cut }]
  else output.value = [...output.value, { stream, text: cut }]
}
