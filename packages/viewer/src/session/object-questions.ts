/** Questions about the objects of an interpreter at one moment. */

import { collectorOf, objectsOf } from '@reheap/machine'
import { type HeldBy, type LeakReport, type ListedObject, leakReport, type Neighbourhood, Neighbours } from '@reheap/projections'
import { objectGraph, type TypeTotal, typeTotals } from '@reheap/refcount'
import type { ReasonsAnswer, TypesAnswer } from './explore-messages.ts'
import type { PythonSession } from './python-session.ts'

const LISTED_MAX = 500

export class ObjectQuestions {
  readonly #session: PythonSession
  /** Types at the event that growth is counted from. */
  #before: { readonly at: number; readonly totals: ReadonlyMap<number | null, TypeTotal> } | null = null
  #near: { readonly at: number; readonly neighbours: Neighbours } | null = null

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
      name: names.typeName(type),
      count: objects,
      bytes,
      countBefore: before.get(type)?.objects ?? 0,
      bytesBefore: before.get(type)?.bytes ?? 0,
    }))
    return { at, types: types.sort((a, b) => b.bytes - a.bytes || b.count - a.count) }
  }

  /** Why what is alive is alive: a walk through all objects. */
  reasons(at: number): ReasonsAnswer {
    const { names } = this.#session
    const report = this.#session.read(at, (state) => leakReport(objectGraph(objectsOf(state)), collectorOf(state), names))
    return { at, by: report.by, late: lateByType(report) }
  }

  list(at: number, type: string | null, heldBy: HeldBy | null): readonly ListedObject[] {
    return this.#neighboursAt(at).list(type, LISTED_MAX, heldBy)
  }

  object(at: number, object: number): Neighbourhood | null {
    return this.#neighboursAt(at).of(object)
  }

  #typesBefore(since: number): ReadonlyMap<number | null, TypeTotal> {
    if (this.#before?.at !== since) {
      const totals = this.#session.read(since, (state) => typeTotals(objectsOf(state)))
      this.#before = { at: since, totals: new Map(totals.map((total) => [total.type, total])) }
    }
    return this.#before.totals
  }

  #neighboursAt(at: number): Neighbours {
    if (this.#near?.at !== at) {
      const state = this.#session.stateAt(at)
      this.#near = { at, neighbours: new Neighbours(objectsOf(state), collectorOf(state), this.#session.names) }
    }
    return this.#near.neighbours
  }
}

function lateByType({ groups }: LeakReport): ReadonlyMap<string, number> {
  const late = new Map<string, number>()
  for (const { type, heldBy, objects } of groups) if (heldBy === 'late') late.set(type, (late.get(type) ?? 0) + objects)
  return late
}
