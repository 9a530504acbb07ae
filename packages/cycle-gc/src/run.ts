/** One collection from its start to its end, and what triggers it. @source `gc_collect_with_callback`, `_PyObject_GC_Link`, `_Py_RunGC` */
import { COLLECTION_REASONS, type CollectionReason, FACT_OPCODES } from './events.ts'
import { isDeferred } from './generational.ts'
import { runInside } from './nesting.ts'
import { NO_GENERATION } from './policy.ts'
import { type CollectorState, LISTS } from './state.ts'

/** Runs a collection; inside a running one it does nothing. */
export function runCollection(s: CollectorState, generation: number, reason: CollectionReason): void {
  if (s.collecting === 0) collect(s, generation, reason)
}

function collect(s: CollectorState, generation: number, reason: CollectionReason): void {
  const { moment } = s.work
  s.collecting = 1
  moment.emit.push(
    FACT_OPCODES.CollectionStarted,
    moment.cause,
    generation,
    COLLECTION_REASONS.indexOf(reason),
    s.count[0],
    s.size[LISTS.generation0],
    0,
  )
  callBack(s)
  const { collected, uncollectable, visited, isCounted } = collectAndCount(s, generation)
  callBack(s)
  s.collecting = 0
  moment.emit.push(FACT_OPCODES.CollectionFinished, moment.cause, generation, collected, uncollectable, visited, isCounted ? 1 : 0)
}

/** Figures of one collection. */
interface Outcome {
  readonly collected: number
  readonly uncollectable: number
  readonly visited: number
  readonly isCounted: boolean
}

function collectAndCount(s: CollectorState, generation: number): Outcome {
  const { work } = s
  work.collected = 0
  work.uncollectable = 0
  work.visited = 0
  work.isCounted = true
  s.profile.policy.collect(s, generation)
  const { collected, uncollectable, visited, isCounted } = work
  if (isCounted) {
    s.collections[generation]++
    s.collectedTotal[generation] += collected
    s.uncollectableTotal[generation] += uncollectable
  }
  return { collected, uncollectable, visited, isCounted }
}

/** The functions of `gc.callbacks` are told. They are Python functions: the first one looks at the eval breaker. */
function callBack(s: CollectorState): void {
  if (s.callbacks === 0) return
  const info = s.work.editor.makeCallbackInfo()
  checkEvalBreaker(s)
  s.work.editor.dropCallbackInfo(info)
}

/** Runs the collection that is due, if the counts still ask for one. */
export function runDueCollection(s: CollectorState): void {
  const generation = s.profile.policy.choose(s)
  const { moment } = s.work
  const { count } = s
  moment.emit.push(FACT_OPCODES.CollectionDue, moment.cause, generation & 0xff, count[0], count[1], count[2], 0)
  if (count[2] > s.threshold[2] && isDeferred(s))
    moment.emit.push(FACT_OPCODES.FullCollectionDeferred, moment.cause, 0, s.longLivedPending, s.longLivedTotal, 0, 0)
  if (generation !== NO_GENERATION) collect(s, generation, 'threshold')
}

/** An object was counted: a collection may be due. */
export function checkDue(s: CollectorState, bytes: number): void {
  const { policy } = s.profile
  const isDue = policy.isDue === undefined ? s.count[0] > s.threshold[0] && s.threshold[0] !== 0 : policy.isDue(s, bytes)
  if (!isDue || s.enabled === 0 || s.collecting === 1) return
  if (s.profile.runsAt === 'allocation') runDueCollection(s)
  else s.due = 1
}

/** The interpreter looks at its eval breaker. What is due is forgotten where it cannot run. */
export function checkEvalBreaker(s: CollectorState): void {
  if (s.due === 0) return
  s.due = 0
  const { runsDisabled, nests } = s.profile
  if (s.enabled === 0 && !runsDisabled) return
  if (s.collecting === 0) runDueCollection(s)
  else if (nests) runInside(s, runDueCollection)
}
