/**
 * The policy of 3.14.0 to 3.14.4: young objects, and old ones of which each collection visits a part.
 *
 * One pass visits every old object: first what modules and frames lead to is marked as visited, then increments of the
 * others are collected with what they lead to, until none is left and the two spaces change places.
 *
 * @source `gc_collect_young`, `gc_collect_increment`, `gc_collect_full` of `Python/gc.c`
 */
import { collectGarbage } from './garbage.ts'
import { HEAP_FLAGS } from './heap-view.ts'
import { merge, splice } from './lists.ts'
import { markFrom, pendingList, spaceList, takeWithAll, visitedList } from './marking.ts'
import type { CollectionPolicy } from './policy.ts'
import { type CollectorState, LISTS, NONE, PHASES } from './state.ts'
import { deduceUnreachable } from './trial-deletion.ts'
import { untrackIn } from './untracking.ts'

const { tuple } = HEAP_FLAGS
const { generation0: young, region, permanent } = LISTS
/** With a threshold of 10, one hundredth of the heap is due at each collection. */
const SCAN_RATE_DIVISOR = 10
const SCALE_MIN = 2
const INCREMENT = 1

function collect(s: CollectorState, generation: number): void {
  if (generation === 0) collectYoung(s)
  else if (generation === INCREMENT) collectIncrement(s)
  else collectFull(s)
}

/** Deals with the region; survivors go to the visited space. @source `gc_collect_region` */
function collectRegion(s: CollectorState): void {
  const into = visitedList(s)
  s.work.visited += s.size[region]
  deduceUnreachable(s, into)
  untrackTuples(s, region, s.work.flagsSeen)
  splice(s, region, into)
  collectGarbage(s, into)
}

function untrackTuples(s: CollectorState, list: number, flagsSeen: number): void {
  if (s.profile.untracksTuples && (flagsSeen & tuple) !== 0) untrackIn(s, list, tuple)
}

/** Objects from before the log grow old with the young ones. @returns how many */
function ageUnseen({ unseen }: CollectorState): number {
  const aged = unseen[0]
  unseen[2] += aged
  unseen[0] = 0
  return aged
}

function collectYoung(s: CollectorState): void {
  s.work.visited += ageUnseen(s)
  untrackTuples(s, young, tuple)
  splice(s, young, region)
  collectRegion(s)
  s.count[0] = 0
  s.count[1 + s.visitedSpace]++
}

function collectFull(s: CollectorState): void {
  untrackTuples(s, young, tuple)
  ageUnseen(s)
  s.work.visited += s.unseen[2]
  splice(s, visitedList(s), region)
  splice(s, pendingList(s), region)
  splice(s, young, region)
  collectRegion(s)
  s.count.fill(0)
  completePass(s)
  s.work.editor.emptyFreeLists()
}

/** A part of the heap. */
function heapShare(s: CollectorState): number {
  return Math.trunc(Math.trunc(s.heapSize / SCAN_RATE_DIVISOR) / Math.max(SCALE_MIN, s.threshold[1]))
}

/** Work that new objects make: as many as they are, and a part of the heap that does not go far beyond it. @source `assess_work_to_do` */
function assessWork(s: CollectorState): number {
  const created = s.count[0]
  const most = s.profile.increments === 'eager' ? Math.trunc((created * 3) / 2) : created * 2
  s.count[0] = 0
  return created + Math.min(heapShare(s), most)
}

function collectIncrement(s: CollectorState): void {
  const isEager = s.profile.increments === 'eager'
  s.workToDo += assessWork(s)
  s.work.isCounted = false
  if (s.workToDo < 0 && !isEager) return
  untrackTuples(s, young, tuple)
  if (s.phase === PHASES.mark) {
    markAtStart(s)
    return
  }
  s.work.isCounted = true
  const marked = markFrom(s, s.work.view.stackRoots())
  s.workToDo -= marked
  merge(s, young, region)
  const aged = ageUnseen(s)
  const unseen = aged + visitUnseen(s, s.workToDo - s.size[region] - aged)
  s.work.visited += marked + unseen
  let size = s.size[region] + unseen
  while (size < s.workToDo && s.head[pendingList(s)] !== NONE) size += takeWithAll(s, s.head[pendingList(s)])
  collectRegion(s)
  if (isEager) s.workToDo += heapShare(s)
  s.workToDo -= size
  if (s.head[pendingList(s)] === NONE && s.unseenPending === 0) completePass(s)
}

/** Unseen objects that no root leads to are the oldest: an increment visits them first. @returns how many */
function visitUnseen(s: CollectorState, room: number): number {
  const visited = Math.min(s.unseenPending, Math.max(0, room))
  s.unseenPending -= visited
  return visited
}

/** Marks what modules and frames lead to, old objects from before the log among it. It is taken off the work owed twice (python/cpython#141890). @source `mark_at_start` */
function markAtStart(s: CollectorState): void {
  const globals = s.globalsFrozen === 1 ? [] : s.work.view.globalRoots()
  const marked = Math.max(0, s.unseen[2] - s.unseenUnrooted) + markFrom(s, globals) + markFrom(s, s.work.view.stackRoots())
  s.workToDo -= 2 * marked
  s.work.visited += marked
  s.phase = PHASES.collect
}

/** All old objects were visited: they are the ones to visit next. @source `completed_scavenge` */
function completePass(s: CollectorState): void {
  if (s.size[permanent] + s.unseen[3] === 0) {
    s.visitedSpace ^= 1
    s.globalsFrozen = 0
  } else merge(s, visitedList(s), pendingList(s))
  s.unseenPending = Math.min(s.unseenUnrooted, s.unseen[2])
  s.workToDo = 0
  s.phase = PHASES.mark
}

/** Young objects; none; both spaces. @source `_PyGC_GetObjects` */
function listsOf(_: CollectorState, generation: number): readonly number[] {
  if (generation === 0) return [young]
  return generation === INCREMENT ? [] : [spaceList(0), spaceList(1)]
}

/** Every due collection is an increment: whether one is due was decided when an object was counted. */
export const incrementalPolicy: CollectionPolicy = {
  name: 'incremental',
  choose: () => INCREMENT,
  collect,
  unfreezesInto: visitedList,
  listsOf,
  countsOf: (s) => [s.count[0], s.count[1 + s.visitedSpace], s.count[1 + (s.visitedSpace ^ 1)]],
}
