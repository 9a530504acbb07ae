/**
 * Which objects of a region does nothing outside of it hold? Counts are copied, references inside the region subtracted,
 * and what is left over is reachable, as is all that it leads to.
 *
 * @source `deduce_unreachable`: `update_refs`, `subtract_refs`, `move_unreachable`
 */
import { countUntracked } from './counting.ts'
import { HEAP_FLAGS } from './heap-view.ts'
import { append, moveRun, removeFrom } from './lists.ts'
import { type CollectorState, growScratch, LISTS, NONE } from './state.ts'
import { OpenTrial } from './trial.ts'

const { visitsBackwards, immortal } = HEAP_FLAGS
const { region, unreachable } = LISTS

/** In `refs`: how a row stands to the region. */
const OUTSIDE = 0
const ONLY_FROM_INSIDE = 1
const REACHABLE = 2
/** So many or more: see `manyRefs`. */
const MANY = 254
const THOUGHT_UNREACHABLE = 255
/** More than a heap has. */
const ALL_ROWS = 2 ** 30

/**
 * Splits the region: what is reachable stays in its list, with `into` in its column; the rest goes to the list of
 * unreachable objects. Both are in CPython's order.
 */
export function deduceUnreachable(s: CollectorState, into: number): void {
  growScratch(s)
  updateRefs(s, region)
  const { trials } = s.work
  const trial = trials === null ? null : new OpenTrial(s)
  subtractRefs(s, region)
  trial?.subtracted(s)
  s.work.flagsSeen = 0
  moveUnreachable(s, into)
  if (trial !== null) trials?.(trial.told(s))
}

/** The same in steps of so many rows, of which nobody is told. */
export function* deduceUnreachableInSteps(s: CollectorState, into: number, rows: number): Generator<void, void> {
  growScratch(s)
  const first = s.head[region]
  for (let row = updateRefs(s, region, first, rows); row !== NONE; row = updateRefs(s, region, row, rows)) yield
  yield
  const held = s.head[region]
  for (let row = subtractRefs(s, region, held, rows); row !== NONE; row = subtractRefs(s, region, row, rows)) yield
  yield
  s.work.flagsSeen = 0
  for (let row = moveUnreachable(s, into, held, rows); row !== NONE; row = moveUnreachable(s, into, row, rows)) yield
}

/** How a row stands to the region: see `refs`. */
export const refsOf = ({ work }: CollectorState, row: number): number => (work.refs[row] === MANY ? work.manyRefs[row] : work.refs[row])

/** Does something outside of the list hold one of its objects? The list stays as it is. @source `check_garbage` of 3.8 */
export function isHeldFromOutside(s: CollectorState, list: number): boolean {
  growScratch(s)
  updateRefs(s, list)
  subtractRefs(s, list)
  const { refs } = s.work
  let isHeld = false
  for (let row = s.head[list]; row !== NONE; row = s.next[row]) {
    if (refs[row] !== ONLY_FROM_INSIDE) isHeld = true
    refs[row] = OUTSIDE
  }
  return isHeld
}

/** Copies the counts of so many rows. An immortal object's says nothing: it leaves the region. @returns the row behind them */
function updateRefs(s: CollectorState, list: number, first = s.head[list], rows = ALL_ROWS): number {
  const { next } = s
  const { refs, manyRefs, view } = s.work
  const { count, flags } = view
  let row = first
  for (let after = NONE, left = rows; row !== NONE && left > 0; row = after, left--) {
    after = next[row]
    const held = count[row] + 1
    if ((flags[row] & immortal) !== 0) leaveImmortal(s, list, row)
    else if (held < MANY) refs[row] = held
    else {
      refs[row] = MANY
      manyRefs[row] = held
    }
  }
  return row
}

/** @source `update_refs`: 3.12 and 3.13 keep it in the permanent generation, later ones untrack it */
function leaveImmortal(s: CollectorState, list: number, row: number): void {
  removeFrom(s, list, row)
  if (s.profile.immortals === 'permanent') {
    append(s, LISTS.permanent, row)
    return
  }
  countUntracked(s)
  s.work.editor.untracked(row)
}

/** Subtracts the references of so many rows. @returns the row behind them */
function subtractRefs(s: CollectorState, list: number, from = s.head[list], rows = ALL_ROWS): number {
  const { next } = s
  const { refs, manyRefs, view } = s.work
  const { firstReference, referenceCount, target } = view
  let row = from
  for (let left = rows; row !== NONE && left > 0; row = next[row], left--) {
    const first = firstReference[row]
    const end = first + referenceCount[row]
    for (let at = first; at < end; at++) {
      const to = target[at]
      if (to < 0) continue
      const held = refs[to]
      if (held === MANY) refs[to] = Math.min(--manyRefs[to], MANY)
      else if (held > ONLY_FROM_INSIDE) refs[to] = held - 1
    }
  }
  return row
}

/**
 * Goes through so many rows of the region in order. An object that only objects not yet gone through refer to is set aside, and comes
 * back to the END of the region when one of them turns out to be reachable.
 *
 * @returns the row behind them
 */
function moveUnreachable(s: CollectorState, into: number, first = s.head[region], rows = ALL_ROWS): number {
  const { next, list } = s
  const { refs, view } = s.work
  const { firstReference, referenceCount, target, flags } = view
  let seen = s.work.flagsSeen
  let row = first
  for (let due = rows; row !== NONE && due > 0; due--) {
    if (refs[row] === ONLY_FROM_INSIDE) {
      row = setAside(s, row)
      continue
    }
    refs[row] = OUTSIDE
    list[row] = into
    const bits = flags[row]
    seen |= bits
    let left = referenceCount[row]
    const isBackwards = (bits & visitsBackwards) !== 0
    const step = isBackwards ? -1 : 1
    for (let at = firstReference[row] + (isBackwards ? left - 1 : 0); left > 0; at += step, left--) {
      const to = target[at]
      if (to < 0) continue
      const state = refs[to]
      if (state === ONLY_FROM_INSIDE) refs[to] = REACHABLE
      else if (state === THOUGHT_UNREACHABLE) {
        bringBack(s, to)
        refs[to] = REACHABLE
      }
    }
    row = next[row]
  }
  s.work.flagsSeen = seen
  return row
}

/** From a row on, as many as only objects not yet gone through refer to. @returns the row behind them */
function setAside(s: CollectorState, first: number): number {
  const { next, list } = s
  const { refs } = s.work
  let last = first
  let length = 0
  let row = first
  while (row !== NONE && refs[row] === ONLY_FROM_INSIDE) {
    refs[row] = THOUGHT_UNREACHABLE
    list[row] = unreachable
    length++
    last = row
    row = next[row]
  }
  moveRun(s, region, first, last, length, unreachable)
  return row
}

function bringBack(s: CollectorState, row: number): void {
  removeFrom(s, unreachable, row)
  append(s, region, row)
}
