/**
 * The evaluation stack: what holds objects from outside of all objects, in the order in which it took them. Only the
 * incremental collector asks for it, so other profiles keep none.
 *
 * An entry is a row, or the complement of an open scope, below which lies what its caller holds. What is given up from
 * far below the top stays as an entry until it comes to the top or the column is full: an entry counts while its row is held.
 */
import { grown, NO_ID } from '@reheap/kernel'
import { NONE, type RefcountState } from './state.ts'
import type { Tracking } from './tracking.ts'

/** So many entries from the top are looked through for one that is given up. */
const REACH = 32

/** The stack takes a reference to an object, or a frame begins. */
export function pushEntry(s: RefcountState, entry: number): void {
  if (!s.profile.keepsStack) return
  if (s.entriesLength === s.entries.length) makeRoom(s)
  s.entries[s.entriesLength++] = entry
}

/** It gave the last reference to an object up, or a frame ended. Entries at the top that nothing holds are gone. */
export function popEntry(s: RefcountState, entry: number): void {
  if (!s.profile.keepsStack) return
  const { entries } = s
  const lowest = Math.max(0, s.entriesLength - REACH)
  let at = s.entriesLength - 1
  while (at >= lowest && entries[at] !== entry) at--
  if (at >= lowest) {
    entries.copyWithin(at, at + 1, s.entriesLength)
    s.entriesLength--
  }
  while (s.entriesLength > 0 && isStale(s, entries[s.entriesLength - 1])) s.entriesLength--
}

/** The call begins: its frame holds the object. */
export function enterWith(s: RefcountState, row: number, tracking: Tracking): void {
  s.outside[row]++
  pushEntry(s, row)
  tracking.entered()
  s.outside[row]--
  popEntry(s, row)
}

function isStale(s: RefcountState, entry: number): boolean {
  return entry >= 0 ? s.outside[entry] === 0 : s.scopeId[~entry] === NO_ID
}

/** Entries that count no longer are taken out; if most do count, the column grows. */
function makeRoom(s: RefcountState): void {
  const kept = new Map<number, number>()
  let length = 0
  for (let at = 0; at < s.entriesLength; at++) {
    const entry = s.entries[at]
    const already = kept.get(entry) ?? 0
    if (isStale(s, entry) || already >= (entry >= 0 ? s.outside[entry] : 1)) continue
    kept.set(entry, already + 1)
    s.entries[length++] = entry
  }
  s.entriesLength = length
  if (2 * length > s.entries.length) s.entries = grown(s.entries, s.entries.length + 1)
}

/** Rows that running frames hold: from the top of the stack, a frame's names behind what it has on the stack, the last first. */
export function stackRows(s: RefcountState): readonly number[] {
  const rows: number[] = []
  for (let at = s.entriesLength - 1; at >= 0; at--) {
    const entry = s.entries[at]
    if (isStale(s, entry)) continue
    if (entry >= 0) rows.push(entry)
    else rows.push(...namedRows(s, ~entry).reverse())
  }
  return rows
}

/** Rows that a scope's names hold, in the order in which they were first bound. */
export function namedRows(s: RefcountState, scope: number): number[] {
  const rows: number[] = []
  for (let binding = s.scopeFirst[scope]; binding !== NONE; binding = s.bindingNext[binding])
    if (s.bindingObject[binding] !== NONE) rows.push(s.bindingObject[binding])
  return rows
}
