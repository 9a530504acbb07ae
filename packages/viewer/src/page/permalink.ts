/** What is looked at, kept in the address: a reload, a shared link and a step back come to it. */
import { effect, type Signal, signal } from '@preact/signals'
import { cursor, moveTo, overview, playgroundShown, range, setTheme, tab, theme } from './store.ts'
import { REST_MS } from './use-rested.ts'

const fragment = (): URLSearchParams => new URLSearchParams(location.hash.slice(1))
const first = fragment()

/** Every signal that stands in the address. */
const kept: { readonly key: string; readonly byDefault: string; readonly value: Signal<string> }[] = []
/** What the address says is being taken over: that is no step of its own. */
let isReading = false
/** What changes at once is one step. */
let hasStepped = false

function write(key: string, value: string | null, isStep: boolean): void {
  const changed = fragment()
  if (changed.get(key) === value) return
  if (value === null) changed.delete(key)
  else changed.set(key, value)
  if (!isStep || isReading || hasStepped) {
    history.replaceState(null, '', `#${changed}`)
    return
  }
  history.pushState(null, '', `#${changed}`)
  hasStepped = true
  queueMicrotask(() => {
    hasStepped = false
  })
}

/** A signal that stands in the fragment under a key while it is not the default. @param isStep does the browser's Back undo it? */
export function linked(key: string, byDefault: string, isStep = false): Signal<string> {
  const value = signal(first.get(key) ?? byDefault)
  kept.push({ key, byDefault, value })
  effect(() => write(key, value.value === byDefault ? null : value.value, isStep))
  return value
}

const rangeOf = (text: string): readonly [number, number] | null => {
  const [from, to] = text.split('-').map(Number)
  return from !== undefined && to !== undefined && from < to ? [from, to] : null
}

const zoom = linked('zoom', '')
/** Zoom that the link names, until the first log is open. */
let wanted = zoom.peek()
let resting: ReturnType<typeof setTimeout> | undefined

effect(() => {
  if (overview.value === null) return
  range.value = rangeOf(wanted) ?? range.value
  wanted = ''
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
setTheme(first.get('theme') ?? system)
effect(() => write('theme', theme.value === system ? null : theme.value, false))

/** Takes over what the address says: the browser went back or on, or somebody wrote into it. */
function read(): void {
  const told = fragment()
  isReading = true
  for (const { key, byDefault, value } of kept) value.value = told.get(key) ?? byDefault
  range.value = rangeOf(told.get('zoom') ?? '')
  tab.value = told.get('tab') ?? tab.value
  playgroundShown.value = told.has('play')
  setTheme(told.get('theme') ?? system)
  isReading = false
  const at = Number(told.get('at') ?? Number.NaN)
  if (Number.isSafeInteger(at) && at !== cursor.peek()) void moveTo(at)
}

addEventListener('popstate', read)
