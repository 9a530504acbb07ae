/** Questions about the objects of an interpreter at one moment. */

import { explainTrigger, isEnabled, thresholds } from '@reheap/cycle-gc'
import { NO_ID, type Sealed } from '@reheap/kernel'
import { collectorOf, type MachineState, objectsOf } from '@reheap/machine'
import { type HeldBy, HoldingTree, type LeakReport, leakReportInSteps, Neighbours, verdictOf, whyLate } from '@reheap/projections'
import { objectGraph, REQUEST_OPCODES, type TypeTotal, typeTotals } from '@reheap/refcount'
import type { ObjectAnswer, ObjectsAnswer, ReasonsAnswer, TypesAnswer } from './explore-messages.ts'
import { lastAbout } from './last-about.ts'
import type { PythonSession } from './python-session.ts'
import type { Steps } from './steps.ts'

const LISTED_MAX = 500

/** A moment whose ways from roots to objects are being found, or were. */
interface Moment {
  readonly at: number
  readonly state: Sealed<MachineState>
  readonly growing: Steps<HoldingTree>
  tree: HoldingTree | null
}

export class ObjectQuestions {
  readonly #session: PythonSession
  /** Types at the event that growth is counted from. */
  #before: { readonly at: number; readonly totals: ReadonlyMap<number | null, TypeTotal> } | null = null
  #moment: Moment | null = null

  constructor(session: PythonSession) {
    this.#session = session
  }

  /** Types of live objects, with what there was of each after `since` events. */
  types(at: number, since: number): TypesAnswer {
    const { names } = this.#session
    const before = this.#typesBefore(since)
    const now = this.#session.read(at, (state) => typeTotals(objectsOf(state)))
    const alive = new Set(now.map(({ type }) => type))
    const gone = [...before.values()].filter(({ type }) => !alive.has(type))
    const types = [...now, ...gone.map((total) => ({ ...total, objects: 0, bytes: 0 }))].map(({ type, objects, bytes }) => ({
      type,
      name: names.typeName(type),
      count: objects,
      bytes,
      countBefore: before.get(type)?.objects ?? 0,
      bytesBefore: before.get(type)?.bytes ?? 0,
    }))
    return { at, types: types.sort((a, b) => b.bytes - a.bytes || b.count - a.count) }
  }

  /** Why what is alive is alive: a walk through all objects. */
  *reasons(at: number): Steps<ReasonsAnswer> {
    const { state, tree } = yield* this.#momentAt(at)
    const collector = collectorOf(state)
    const report = yield* leakReportInSteps(objectGraph(objectsOf(state)), collector, this.#session.names, tree)
    const isOff = !isEnabled(collector) || thresholds(collector)[0] === 0
    return {
      at,
      by: report.by,
      late: lateByType(report),
      verdict: verdictOf(report, isOff),
      why: whyLate(report.late, explainTrigger(collector)),
    }
  }

  *list(at: number, type: number | null, heldBy: HeldBy | null): Steps<ObjectsAnswer> {
    const { total, listed } = (yield* this.#neighboursAt(at)).list(type, LISTED_MAX, heldBy)
    return { at, total, listed }
  }

  *object(at: number, object: number): Steps<ObjectAnswer> {
    const near = (yield* this.#neighboursAt(at)).of(object)
    const { log, stacks } = this.#session
    const index = near === null ? null : lastAbout(log, object, [REQUEST_OPCODES.CreateObject], at)
    const stack = index === null ? NO_ID : (this.#session.stackOf(index) ?? NO_ID)
    return { at, near, born: index === null ? null : { index, own: stacks.told(stack).own } }
  }

  #typesBefore(since: number): ReadonlyMap<number | null, TypeTotal> {
    if (this.#before?.at !== since) {
      const totals = this.#session.read(since, (state) => typeTotals(objectsOf(state)))
      this.#before = { at: since, totals: new Map(totals.map((total) => [total.type, total])) }
    }
    return this.#before.totals
  }

  *#neighboursAt(at: number): Steps<Neighbours> {
    const { state, tree } = yield* this.#momentAt(at)
    return new Neighbours(objectsOf(state), collectorOf(state), this.#session.names, tree)
  }

  /** Several questions about one moment go on with what any of them has found so far. */
  *#momentAt(at: number): Steps<{ readonly state: Sealed<MachineState>; readonly tree: HoldingTree }> {
    if (this.#moment?.at !== at) {
      const state = this.#session.stateAt(at)
      this.#moment = { at, state, growing: HoldingTree.inSteps(objectGraph(objectsOf(state)), collectorOf(state)), tree: null }
    }
    const moment = this.#moment
    while (moment.tree === null) {
      const step = moment.growing.next()
      if (step.done === true) moment.tree = step.value
      else yield
    }
    return { state: moment.state, tree: moment.tree }
  }
}

function lateByType({ groups }: LeakReport): ReadonlyMap<number | null, number> {
  const late = new Map<number | null, number>()
  for (const { typeId, heldBy, objects } of groups) if (heldBy === 'late') late.set(typeId, (late.get(typeId) ?? 0) + objects)
  return late
}
