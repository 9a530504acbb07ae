/**
 * Garbage that is sure to die as a whole while all else lives on, as most garbage does. Where nobody listens, the order of
 * its deaths can be told by one thing alone afterwards: by what free lists keep, the first ones that come. So the deaths
 * follow each other until those lists are full, or can get no more; the rest ends together, in the order of the rows.
 */
import { NO_ID, removeId } from '@reheap/kernel'
import type { Clearing } from './clearing.ts'
import { giveRow } from './memory.ts'
import { giveSpan, spanOf } from './references.ts'
import { IMMORTAL_COUNT, MARKS, NONE, type RefcountState } from './state.ts'
import { dropEntries } from './work-list.ts'

const LAYOUTS = 256
/** With fewer rows side by side writing them one by one costs less. */
const RUN_LEAST = 16

/**
 * Finds out whether the garbage is closed. If so, what it refers to beside itself has lost those references now, and if
 * nobody listens it is known how many deaths are to be waited for.
 *
 * What the trashcan puts aside must follow at once, and not behind a death around the collection.
 */
export function closeGarbage(s: RefcountState, clearing: Clearing): void {
  if (s.asideLength > 0 || s.nesting > s.rules.resumesAt) return
  const { rows, length } = clearing
  const { mark, layout, count, referenceCount } = s
  const { cleared } = s.rules
  const layouts = new Int32Array(LAYOUTS)
  /** References that lead out of the garbage: those that it holds less those to it, as nothing else refers to it. */
  let leaving = 0
  for (let at = 0; at < length; at++) {
    const row = rows[at]
    const kind = layout[row]
    if ((mark[row] & MARKS.doomed) === 0 || cleared[kind] === 0) return
    layouts[kind]++
    leaving += referenceCount[row] - count[row]
  }
  if (leaving < 0 || (leaving > 0 && !letOthersGo(s, clearing))) return
  clearing.isClosed = true
  if (s.emit.muted) clearing.awaited = awaitedDeaths(s, layouts)
}

/** What is not garbage loses the references that garbage holds, when the last of it was lost. @returns false, and nothing is lost, if it does not all live on */
function letOthersGo(s: RefcountState, clearing: Clearing): boolean {
  const { count, lostAt } = s
  const others = changeOthers(s, clearing, -1)
  if (others.some((other) => count[other] === 0)) {
    changeOthers(s, clearing, 1)
    return false
  }
  let last = 0
  for (let at = 0; at < clearing.length; at++) last = Math.max(last, lostAt[clearing.rows[at]])
  for (const other of others) lostAt[other] = Math.max(lostAt[other], last)
  return true
}

/** One reference more or less to what is not garbage, for each that garbage holds. @returns its rows; those of references that follow each other once */
function changeOthers(
  { mark, count, firstReference, referenceCount, target }: RefcountState,
  { rows, length }: Clearing,
  by: number,
): number[] {
  const others: number[] = []
  let other = NONE
  for (let at = 0; at < length; at++) {
    const row = rows[at]
    const end = firstReference[row] + referenceCount[row]
    for (let cell = firstReference[row]; cell < end; cell++) {
      const to = target[cell]
      if ((mark[to] & MARKS.doomed) !== 0) continue
      if (to !== other) others.push(to)
      other = to
      if (count[to] !== IMMORTAL_COUNT) count[to] += by
    }
  }
  return others
}

/** Rows that free lists will keep. Only tuples have more than one list, and are never cleared. */
function awaitedDeaths({ listLength, rules }: RefcountState, layouts: Int32Array): number {
  let awaited = 0
  for (let kind = 0; kind < LAYOUTS; kind++) {
    if (layouts[kind] > 0) awaited += Math.min(layouts[kind], Math.max(0, rules.listMax[kind] - listLength[kind]))
  }
  return awaited
}

/** All that free lists did not keep ends at once, whatever death is at hand. */
export function endTogether(s: RefcountState, clearing: Clearing): void {
  s.clearing = null
  dropEntries(s, clearing.entries)
  s.asideLength = 0
  s.nesting = clearing.nesting
  clearing.freed += forgetIds(s, clearing)
  giveMemories(s, clearing)
  clearing.settle(clearing.length, clearing.freed)
}

/** Their ids and bytes are those of live objects no longer. @returns blocks that had not been given back yet */
function forgetIds(s: RefcountState, { rows, length }: Clearing): number {
  const { objects, object, typeOf, bytes, bytesBeside, mark } = s
  let blocks = 0
  let forgotten = 0
  let freed = 0
  for (let at = 0; at < length; at++) {
    const row = rows[at]
    const bits = mark[row]
    if ((bits & MARKS.doomed) === 0) continue
    if ((bits & MARKS.ended) === 0) blocks++
    if (typeOf[row] === 0) continue
    removeId(objects, object[row])
    forgotten++
    freed += bytes[row] + bytesBeside[row]
  }
  s.objectCount -= forgotten
  s.liveBytes -= freed
  return blocks
}

/** Spans and rows are unused again, and the columns hold nothing: those of rows that lie side by side are written at once. */
function giveMemories(s: RefcountState, { rows, length }: Clearing): void {
  for (let at = 0; at < length; ) {
    const first = rows[at]
    let end = first
    for (; at < length && rows[at] === end && (s.mark[end] & MARKS.doomed) !== 0; at++) {
      if (s.spanSize[end] > 0) giveSpan(s, spanOf(s.firstReference[end], s.spanSize[end]), s.spanSize[end])
      giveRow(s, end++)
    }
    if (end === first) at++
    else if (end - first < RUN_LEAST) for (let row = first; row < end; row++) forgetRow(s, row)
    else forgetRun(s, first, end)
  }
}

function forgetRow({ object, bytesBeside, count, flags, mark, referenceCount, spanSize }: RefcountState, row: number): void {
  object[row] = NO_ID
  bytesBeside[row] = 0
  count[row] = 0
  flags[row] = 0
  mark[row] = 0
  referenceCount[row] = 0
  spanSize[row] = 0
}

function forgetRun({ object, bytesBeside, count, flags, mark, referenceCount, spanSize }: RefcountState, first: number, end: number): void {
  object.fill(NO_ID, first, end)
  for (const column of [bytesBeside, count, flags, mark, referenceCount, spanSize]) column.fill(0, first, end)
}
