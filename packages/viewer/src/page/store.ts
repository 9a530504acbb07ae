/** What the page shows, and what can be done to it. */
import { signal } from '@preact/signals'
import { type LogFile, NOT_SERVED } from '../session/log-file.ts'
import type { MomentKind, Overview, View } from '../session/messages.ts'
import { openedView } from '../session/sent-segments.ts'
import { fragment, fragmentValue, setFragment, writeFragment } from './address.ts'
import { begin } from './busy.ts'
import { firstFrom, momentAt } from './moments.ts'
import { servedFile } from './served-file.ts'
import { ask } from './session-client.ts'
import { REST_MS } from './use-rested.ts'

export const overview = signal<Overview | null>(null)
export const view = signal<View | null>(null)
/** Events before the cursor: the state shown is that after them. */
export const cursor = signal(0)
export const fault = signal('')
export const helpShown = signal(false)
export const searchShown = signal(false)
export const playing = signal(false)
export const tab = signal('map')
/** Events at both ends of what the timeline shows; null: all. */
export const range = signal<readonly [number, number] | null>(null)
export const theme = signal(matchMedia('(prefers-color-scheme: light)').matches ? 'light' : 'dark')

export const playgroundShown = signal(fragment().has('play'))

/** Opens a file; the last one stays where this one cannot be read. @returns is it shown? One that gives way to a newer one never says */
export async function openFile(file: LogFile, name: string): Promise<boolean> {
  fault.value = ''
  const job = begin('open', `opening ${name}`)
  try {
    const opened = await ask('open', { file, name }, (text) => job.tell(`${name}: ${text}`))
    range.value = null
    overview.value = opened
    tab.value = fragmentValue('tab') ?? 'map'
    const wanted = Number(fragmentValue('at') ?? Number.NaN)
    await moveTo(Number.isSafeInteger(wanted) ? wanted : opened.events)
    return true
  } catch (error) {
    fault.value = (error as Error).message
    return false
  } finally {
    job.end()
  }
}

let isAsking = false
let resting: ReturnType<typeof setTimeout> | undefined
/** Moves the cursor; while an answer is awaited only the last wish counts. */
export async function moveTo(index: number): Promise<void> {
  const events = overview.value?.events ?? 0
  cursor.value = Math.max(0, Math.min(events, Math.round(index)))
  if (isAsking) return
  isAsking = true
  try {
    for (let at = -1; at !== cursor.value; ) {
      at = cursor.value
      view.value = openedView(await ask('view', { at }))
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
  if (file === null) fault.value = `${name}: ${NOT_SERVED}`
  else await openFile(file, name)
}

export function setTheme(name: string): void {
  theme.value = name
  document.documentElement.dataset.theme = name
}
