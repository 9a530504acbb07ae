/** What the page shows, and what can be done to it. */
import { computed, signal } from '@preact/signals'
import { type LogFile, NOT_SERVED } from '../session/log-file.ts'
import type { MomentKind, Overview, View } from '../session/messages.ts'
import { openedView } from '../session/sent-segments.ts'
import { fragment, fragmentValue, setFragment, writeFragment } from './address.ts'
import { firstFrom, momentAt } from './moments.ts'
import { servedFile } from './served-file.ts'
import { ask } from './session-client.ts'
import { REST_MS } from './use-rested.ts'

export const overview = signal<Overview | null>(null)
export const view = signal<View | null>(null)
/** Events before the cursor: the state shown is that after them. */
export const cursor = signal(0)
/** The cursor's event whose figures were asked for last: what a view wants to know of it beside them is asked with them. */
export const asked = signal(0)
export const fault = signal('')
export const helpShown = signal(false)
export const searchShown = signal(false)
export const playing = signal(false)
export const tab = signal('map')
/** Events at both ends of what the timeline shows; null: all. */
export const range = signal<readonly [number, number] | null>(null)
export const theme = signal(matchMedia('(prefers-color-scheme: light)').matches ? 'light' : 'dark')

export const playgroundShown = signal(fragment().has('play'))

/** What takes long. */
type Work = 'open' | 'beside'
interface Task {
  readonly owner: symbol
  readonly text: string
  /** Gives it up; null: it goes on to its end. */
  readonly stop: (() => void) | null
}
/** Of each kind what began last. */
const tasks = signal<Readonly<Partial<Record<Work, Task | undefined>>>>({})
const task = computed(() => Object.values(tasks.value).findLast((each) => each !== undefined) ?? null)
/** What is being done; empty: nothing. */
export const busy = computed(() => task.value?.text ?? '')
/** Gives that up; null: it goes on to its end. */
export const stop = computed(() => task.value?.stop ?? null)

/**
 * Does what takes long, and says so meanwhile; a newer one of its kind takes its place. What fails is told, where somebody still waits for it.
 *
 * @param work comes to what shows its answer, which is let go where another log is shown by then; null: it was given up
 * @param giveUp makes it possible to stop it
 * @returns is the answer shown?
 */
export async function working(
  kind: Work,
  what: string,
  work: (tell: (text: string) => void) => Promise<(() => unknown) | null>,
  giveUp: (() => void) | null = null,
): Promise<boolean> {
  const owner = Symbol(what)
  const log = overview.peek()
  const isMine = (): boolean => tasks.value[kind]?.owner === owner
  const isWanted = (): boolean => isMine() && overview.peek() === log
  const end = (): void => {
    if (isMine()) tasks.value = { ...tasks.value, [kind]: undefined }
  }
  const endByHand = (): void => {
    end()
    giveUp?.()
  }
  const say = (text: string): void => {
    tasks.value = { ...tasks.value, [kind]: { owner, text, stop: giveUp && endByHand } }
  }
  say(what)
  fault.value = ''
  try {
    const show = await work((text) => isMine() && say(`${what}: ${text}`))
    if (show === null || !isWanted()) return false
    await show()
    return true
  } catch (error) {
    if (isWanted()) fault.value = (error as Error).message
    return false
  } finally {
    end()
  }
}

/** Opens a file; the last one stays where this one cannot be read. @returns was it opened? */
export const openFile = (file: LogFile, name: string): Promise<boolean> =>
  working('open', name, async (tell) => {
    tell('opening')
    const opened = await ask('open', { file, name }, tell)
    return () => {
      range.value = null
      overview.value = opened
      tab.value = fragmentValue('tab') ?? 'map'
      const wanted = Number(fragmentValue('at') ?? Number.NaN)
      return moveTo(Number.isSafeInteger(wanted) ? wanted : opened.events)
    }
  })

let isAsking = false
let resting: ReturnType<typeof setTimeout> | undefined
/** Moves the cursor; while an answer is awaited only the last wish counts. What is no number is no place. */
export async function moveTo(index: number): Promise<void> {
  if (Number.isNaN(index)) return
  const events = overview.value?.events ?? 0
  cursor.value = Math.max(0, Math.min(events, Math.round(index)))
  if (isAsking) return
  isAsking = true
  try {
    for (let at = -1; at !== cursor.value; ) {
      at = cursor.value
      const answer = ask('view', { at })
      asked.value = at
      view.value = openedView(await answer)
    }
    // When the cursor rests: to write the address costs the browser more than to move.
    clearTimeout(resting)
    resting = setTimeout(keepFragment, REST_MS)
  } catch (error) {
    fault.value = (error as Error).message
  } finally {
    isAsking = false
  }
}

export function keepFragment(): void {
  const kept = fragment()
  kept.set('at', String(cursor.value))
  kept.set('tab', tab.value)
  writeFragment(kept)
}

export function showPlayground(isShown: boolean): void {
  playgroundShown.value = isShown
  setFragment('play', isShown ? (fragmentValue('play') ?? '') : null)
}

export function showTab(name: string): void {
  tab.value = name
  keepFragment()
}

/** To the next moment of a kind, or the one before. */
export function jump(kind: MomentKind, direction: 1 | -1): void {
  const track = overview.value?.moments[kind]
  if (track === undefined) return
  const place = direction > 0 ? firstFrom(track, cursor.value) : firstFrom(track, cursor.value - 1) - 1
  const found = momentAt(track, place)
  if (found !== null) void moveTo(found.index + 1)
}

/** Opens the log that the page's server was given, if it was given one. */
export async function openServed(): Promise<void> {
  const name = fragmentValue('log')
  if (name === null) return
  const file = await servedFile('files/0')
  if (file === null) fault.value = `${name}: cannot be read: ${NOT_SERVED}`
  else await openFile(file, name)
}

export function setTheme(name: string): void {
  theme.value = name
  document.documentElement.dataset.theme = name
}
