/** The fragment of the page's address, and which log each step of the browser's history is about. */
import type { Overview } from '../session/messages.ts'

/** What a step of the browser's history keeps; null where somebody wrote the address. */
type Kept = { readonly log: string | null } | null

/** Name and length of the log that is shown; null: none. */
let shown: string | null = null

export const fragment = (): URLSearchParams => new URLSearchParams(location.hash.slice(1))

/** Writes the fragment. @param isStep does the browser's Back undo it? */
export function writeFragment(changed: URLSearchParams, isStep = false): void {
  const state: Kept = { log: shown }
  if (isStep) history.pushState(state, '', `#${changed}`)
  else history.replaceState(state, '', `#${changed}`)
}

/** What stands in the address under a name; null: nothing. */
export const fragmentValue = (name: string): string | null => fragment().get(name)

/** Writes into the address. @param value null takes the name away */
export function setFragment(name: string, value: string | null): void {
  const changed = fragment()
  if (value === null) changed.delete(name)
  else changed.set(name, value)
  writeFragment(changed)
}

/** Is a step about another log than the one that is shown? */
export const isOfAnotherLog = (step: unknown): boolean => shown !== null && ((step as Kept)?.log ?? shown) !== shown

/** From now on the address is about this log. @returns was it about another before? */
export function showLog({ name, events }: Overview): boolean {
  const before = shown ?? (history.state as Kept)?.log ?? null
  shown = `${events} ${name}`
  writeFragment(fragment())
  return before !== null && before !== shown
}
