/** The program of the playground, and what can be done with it. */
import { signal } from '@preact/signals'
import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { fragmentValue, setFragment } from '../address.ts'
import { openFile } from '../store.ts'
import type { LineHistory } from './line-history.ts'
import { PROGRAM_FILE, type RecordedProgram, recordProgram } from './record-program.ts'
import { fitting, linkText, sourceOfLink } from './share.ts'

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

/** Asks the server, once, what there is, and takes the program that stands in the address. */
export async function prepare(): Promise<void> {
  if (offer.value.versions.length === 0) {
    const told = await served()
    trouble.value = told._tag === 'Left' ? told.left : ''
    if (told._tag === 'Right') {
      offer.value = told.right
      version.value = told.right.versions[0] ?? ''
    }
  }
  await takeFragment()
}

/** What the server offers. Left: what keeps programs from being run. */
async function served(): Promise<Either<string, Offer>> {
  const answer = await fetch('playground.json').catch(() => null)
  if (answer === null) return left('The server of this page has ended; run reheap play again and open the new address')
  const told = answer.ok ? ((await answer.json().catch(() => null)) as Offer | null) : null
  if (told === null || told.versions.length === 0)
    return left(
      'No interpreter is served beside this page; open it with reheap play, and install one with npm install pyodide-3.14.2@npm:pyodide@314.0.7',
    )
  if (!crossOriginIsolated) return left('Recording needs shared memory, which this server does not allow; open the page with reheap play')
  return right(told)
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
  if (unpacked._tag === 'Left') trouble.value = unpacked.left
  else source.value = unpacked.right
}

/** Puts the program into the address. */
async function share(): Promise<void> {
  const text = await linkText(source.value)
  known.add(text)
  setFragment('play', text)
  link.value = location.href
}

/** Gives the link away, and to the clipboard where the browser lets it. */
export async function copyLink(): Promise<void> {
  const checked = fitting(source.value)
  if (checked._tag === 'Left') {
    trouble.value = checked.left
    return
  }
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
  const checked = fitting(source.value)
  trouble.value = checked._tag === 'Left' ? checked.left : ''
  if (checked._tag === 'Left') return
  const program = checked.right
  stopper = new AbortController()
  running.value = 'starting CPython…'
  output.value = []
  ending.value = ''
  try {
    await share()
    link.value = ''
    const { result, log, history } = await recordProgram({
      source: program,
      version: version.value,
      signal: stopper.signal,
      onStart: () => {
        running.value = 'running…'
      },
      onOutput: print,
    })
    const { end } = result
    if (end.kind === 'failed') trouble.value = `The program could not be recorded: ${end.message.split('\n')[0]}`
    ending.value = `${ENDINGS[end.kind](end)}${isLackingThreads() ? NO_THREADS : ''}`
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

const NO_THREADS = '; CPython in WebAssembly has no threads: record such a program with reheap record'
const isLackingThreads = (): boolean =>
  output.value.some(({ stream, text }) => stream === 'stderr' && text.includes("can't start new thread"))

type End = RecordedProgram['result']['end']
const ENDINGS: Readonly<Record<End['kind'], (end: End) => string>> = {
  finished: () => 'finished',
  raised: (end) => `ended by ${end.kind === 'raised' ? end.type : 'an error'}`,
  exited: (end) => `exited with status ${end.kind === 'exited' ? end.code : 0}`,
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
