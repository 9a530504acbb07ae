/** Keys of the page. */
import type { MomentKind, Overview } from '../session/messages.ts'
import { withBeside } from './beside.ts'
import { changeSpeed } from './playback.ts'
import { stepLine } from './stepping.ts'
import { cursor, fault, helpShown, jump, moveTo, overview, playing, range, searchShown } from './store.ts'
import { toggleFitted, toggleTime, zoom } from './timeline-state.ts'

const lacks =
  (kind: MomentKind) =>
  ({ moments }: Overview): boolean =>
    moments[kind].index.length === 0

/** Keys, what they do, and whether a log has nothing for them, as the help shows them. */
type Row = readonly [keys: string, what: string, lacking?: (log: Overview) => boolean]

export const KEYS: readonly Row[] = [
  ['← →', 'previous, next event'],
  ['l L', 'next, previous source line', ({ hasLines }) => !hasLines],
  ['Home End', 'the beginning, the end'],
  ['c C', 'next, previous collection', lacks('collection')],
  ['r R', 'next, previous arena or segment', lacks('region')],
  ['o O', 'next, previous out-of-memory', lacks('outOfMemory')],
  ['m M', 'next, previous mark', lacks('mark')],
  ['w s', 'zoom in, out around the cursor'],
  ['a d', 'pan left, right'],
  ['0', 'show the whole log'],
  ['t', 'switch between events and time', ({ times }) => times === null],
  ['f', 'start scales at the smallest visible value, or at 0'],
  ['space', 'play or pause; presses a button focused with Tab'],
  ['+ -', 'play faster, slower'],
  ['g', 'go to an event'],
  ['/', 'search types, names, objects, blocks, addresses, lines, marks'],
  ['1 … 9', 'the first view, the second …'],
  ['[ ]', 'previous, next view'],
  ['Tab', 'to the next map, table or button'],
  ['← ↑ → ↓ Enter', 'on a map: point at a block, choose it'],
  ['↑ ↓ Home End Enter', 'in a table: from row to row, choose one'],
  ['← → Home End', 'on a view’s name that Tab led to: from view to view'],
  ['W S ↑ ↓', 'in Addresses over time: zoom, move the addresses', ({ devices }) => devices.length === 0],
  ['Ctrl Enter', 'in the playground: run the program'],
  ['Escape', 'close a dialog or a menu, dismiss an error'],
  ['?', 'this help'],
]

/** What the mouse does over the curves. */
export const MOUSE: readonly Row[] = [
  ['click', 'on the curves: to that event'],
  ['drag', 'over the curves: show that part, what changed there stands in Area; with Shift, or below the curves: pan'],
  ['wheel', 'on the curves: zoom in, out; sideways: pan'],
  ['Shift wheel', 'in Addresses over time: zoom the addresses', ({ devices }) => devices.length === 0],
]

const JUMPS: Readonly<Record<string, MomentKind>> = { c: 'collection', r: 'region', o: 'outOfMemory', m: 'mark' }

/** The button that was clicked last, as long as it has the focus. */
let clicked: Element | null = null

/** What is pressed with Space by itself. */
const pressedOf = (target: EventTarget | null): Element | null => (target as Element | null)?.closest('button, a, summary') ?? null

/** Was it clicked, and not gone to with Tab? What is clicked leaves its keys to the page. */
export const isClicked = (target: EventTarget | null): boolean => pressedOf(target) === clicked

export function onClick({ target, detail }: MouseEvent): void {
  clicked = detail === 0 ? null : pressedOf(target)
}

export function onFocusOut(): void {
  clicked = null
}

export function onKey(event: KeyboardEvent): void {
  const target = event.target as HTMLElement
  if (event.ctrlKey || event.metaKey || event.altKey || ['INPUT', 'SELECT', 'TEXTAREA'].includes(target.tagName)) return
  if (event.key === '?') helpShown.value = !helpShown.value
  // What lies over the page has the other keys.
  else if (helpShown.value || searchShown.value) return
  // A button that was clicked leaves Space to the page; one that was gone to with Tab is pressed.
  else if (event.key === ' ' && !isClicked(target)) return
  else if (event.key === 'Escape') fault.value = ''
  else if (event.key === '/' && overview.value !== null) searchShown.value = true
  else if (!act(event.key)) return
  event.preventDefault()
}

function act(key: string): boolean {
  const log = overview.value
  if (log === null) return false
  const kind = JUMPS[key.toLowerCase()]
  if (kind !== undefined) jump(kind, key === key.toLowerCase() ? 1 : -1)
  else if (key === 'ArrowLeft') void moveTo(cursor.value - 1)
  else if (key === 'ArrowRight') void moveTo(cursor.value + 1)
  else if (key === 'l' || key === 'L') void stepLine(key === 'l' ? 1 : -1)
  else if (key === '+' || key === '-') changeSpeed(key === '+' ? 1 : -1)
  else if (key === 'Home') void moveTo(0)
  else if (key === 'End') void moveTo(log.events)
  else if (key === 'w') zoom(withBeside.value ?? log, 1 / 1.4, cursor.value)
  else if (key === 's') zoom(withBeside.value ?? log, 1.4, cursor.value)
  else if (key === 'a' || key === 'd') zoom(withBeside.value ?? log, 1, cursor.value, key === 'a' ? -0.15 : 0.15)
  else if (key === '0') range.value = null
  else if (key === 't') toggleTime()
  else if (key === 'f') toggleFitted()
  else if (/^[1-9]$/.test(key)) tabs()[Number(key) - 1]?.click()
  else if (key === '[' || key === ']') besideTab(key === ']' ? 1 : -1)?.click()
  else if (key === ' ') playing.value = !playing.value
  else if (key === 'g') document.querySelector<HTMLInputElement>('#event')?.focus()
  else return false
  return true
}

const tabs = (): readonly HTMLElement[] => [...document.querySelectorAll<HTMLElement>('[role=tab]')]

/** The view before the one that is open, or behind it. */
function besideTab(step: 1 | -1): HTMLElement | undefined {
  return tabs()[tabs().findIndex((each) => each.ariaSelected === 'true') + step]
}
