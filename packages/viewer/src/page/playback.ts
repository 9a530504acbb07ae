/** Playing: the cursor goes on by itself, at a speed. */
import { effect, untracked } from '@preact/signals'
import { linked } from './permalink.ts'
import { cursor, moveTo, overview, playing } from './store.ts'

/** Moves of the cursor per second. */
const FRAMES = 20
/** Events a second that can be chosen; 0: the whole log in {@link WHOLE_SECONDS}. */
export const SPEEDS = [0, 1, 10, 100, 1000, 10_000, 100_000] as const
export const WHOLE_SECONDS = 30

export const speed = linked('speed', '0')
/** A link may name any: one that cannot be chosen is the first. */
export const chosenSpeed = (): (typeof SPEEDS)[number] => SPEEDS.find((each) => String(each) === speed.value) ?? 0

/** Where the cursor is between events. */
let exact = 0

/** The speed beside the one that is chosen. */
export function changeSpeed(direction: 1 | -1): void {
  const next = SPEEDS[SPEEDS.indexOf(chosenSpeed()) + direction]
  if (next !== undefined) speed.value = String(next)
}

function advance(): void {
  const events = overview.value?.events ?? 0
  if (cursor.value >= events) {
    playing.value = false
    return
  }
  const perSecond = chosenSpeed() || events / WHOLE_SECONDS
  // The cursor was moved by hand: go on from there.
  if (Math.abs(exact - cursor.value) > Math.max(1, perSecond / FRAMES)) exact = cursor.value
  exact = Math.min(events, exact + perSecond / FRAMES)
  if (Math.floor(exact) !== cursor.value) void moveTo(Math.floor(exact))
}

effect(() => {
  if (!playing.value) return
  // At the end there is nothing more to play: it begins anew.
  if (cursor.peek() >= (overview.peek()?.events ?? 0)) untracked(() => void moveTo(0))
  exact = cursor.peek()
  const timer = setInterval(advance, 1000 / FRAMES)
  return () => clearInterval(timer)
})
