/** What is looked at, kept in the address: a reload, a shared link and a step back come to it. */
import { effect, type Signal, signal } from '@preact/signals'
import { fragment, isOfAnotherLog, showLog, writeFragment } from './address.ts'
import { cursor, keepFragment, moveTo, overview, playgroundShown, range, setTheme, tab, theme } from './store.ts'
import { REST_MS } from './use-rested.ts'

const first = fragment()

/** Every signal that stands in the address. */
const kept: { readonly key: string; readonly byDefault: string; readonly value: Signal<string> }[] = []
/** What is looked at in a log: of another one it says nothing. */
const ofLog = new Set(['at', 'tab', 'vary'])
/** What the address says is being taken over: that is no step of its own. */
let isReading = false
/** What changes at once is one step. */
let hasStepped = false

function write(key: string, value: string | null, isStep: boolean): void {
  const changed = fragment()
  if (changed.get(key) === value) return
  if (value === null) changed.delete(key)
  else changed.set(key, value)
  const isOwn = isStep && !isReading && !hasStepped
  writeFragment(changed, isOwn)
  if (!isOwn) return
  hasStepped = true
  queueMicrotask(() => {
    hasStepped = false
  })
}

/** A signal that stands in the fragment under a key while it is not the default, whatever log is shown. @param isStep does the browser's Back undo it? */
export function linked(key: string, byDefault: string, isStep = false): Signal<string> {
  const value = signal(first.get(key) ?? byDefault)
  kept.push({ key, byDefault, value })
  effect(() => write(key, value.value === byDefault ? null : value.value, isStep))
  return value
}

/** The same of a choice in the log that is shown: with another log it is the default again. */
export function linkedChoice(key: string, byDefault: string, isStep = false): Signal<string> {
  ofLog.add(key)
  return linked(key, byDefault, isStep)
}

/** What a link says is shown, as far as the log has it; null: all. */
function rangeOf(text: string, events: number): readonly [number, number] | null {
  const [from = 0, to = 0] = /^(\d+)-(\d+)$/.exec(text)?.slice(1).map(Number) ?? []
  return from < Math.min(to, events) ? [from, Math.min(to, events)] : null
}

const zoom = linkedChoice('zoom', '')
let resting: ReturnType<typeof setTimeout> | undefined

overview.subscribe((log) => {
  if (log === null) return
  if (showLog(log)) forget()
  range.value = rangeOf(zoom.peek(), log.events)
})

effect(() => {
  if (overview.value === null) return
  const text = range.value === null ? '' : range.value.map(Math.round).join('-')
  clearTimeout(resting)
  // When it rests: browsers let the address be written a few times a second.
  resting = setTimeout(() => {
    zoom.value = text
  }, REST_MS)
})

effect(() => {
  const name = tab.value
  if (overview.peek() !== null) write('tab', name, fragment().has('tab'))
})

/** The theme of the system needs no word. */
const system = theme.peek()
const themeOf = (told: URLSearchParams): string => ['dark', 'light'].find((each) => each === told.get('theme')) ?? system
setTheme(themeOf(first))
effect(() => write('theme', theme.value === system ? null : theme.value, false))

/** Takes over what the address says. */
function read(): void {
  const told = fragment()
  isReading = true
  for (const { key, byDefault, value } of kept) value.value = told.get(key) ?? byDefault
  range.value = rangeOf(told.get('zoom') ?? '', overview.peek()?.events ?? 0)
  tab.value = told.get('tab') ?? tab.value
  playgroundShown.value = told.has('play')
  setTheme(themeOf(told))
  isReading = false
}

/** Takes what was chosen of another log out of the address. */
function forget(): void {
  const left = fragment()
  for (const key of ofLog) left.delete(key)
  writeFragment(left)
  read()
}

/** The browser went back or on, or somebody wrote into the address. */
addEventListener('popstate', ({ state }) => {
  if (isOfAnotherLog(state)) {
    forget()
    keepFragment()
    return
  }
  read()
  const at = Number(fragment().get('at') ?? Number.NaN)
  if (Number.isSafeInteger(at) && at !== cursor.peek()) void moveTo(at)
})
