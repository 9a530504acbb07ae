/** The naive model of a collector over the plain heap that it brings along: what is left at the end of every event, by search. */
import type { Fact, PlainFact, PlainKind, PlainRequest, Request } from '@reheap/cycle-gc'
import type { Layout } from '@reheap/refcount'
import { type Either, left, right } from 'fp-ts/lib/Either.js'
import type { Model } from '../model.ts'
import { type CollectorFigures, naiveCollectorFigures } from './figures.ts'
import { NaiveHeap, NaiveObject } from './naive-heap.ts'
import type { HeapProfile } from './profiles.ts'

export type PlainAsked = Request | PlainRequest
export type PlainSaid = Fact | PlainFact

const LAYOUTS: Readonly<Record<PlainKind, Layout>> = {
  atom: 'plain',
  list: 'list',
  tuple: 'tuple',
  dict: 'dict',
  instance: 'slots',
  weakref: 'weakref',
  legacy: 'gcOther',
}
const OLDEST = 2

export class PlainWitness implements Model<PlainAsked, PlainSaid> {
  readonly heap = new NaiveHeap()
  readonly #profile: HeapProfile
  readonly #stats = [0, 1, 2].map(() => ({ collections: 0, collected: 0, uncollectable: 0 }))
  #isEnabled = true
  #savesAll = false
  #isFrozen = false
  #thresholds: readonly number[]

  constructor(profile: HeapProfile) {
    this.#profile = profile
    this.#thresholds = profile.collector.thresholds
  }

  step(request: PlainAsked, witnessed: readonly PlainSaid[] = []): Either<string, readonly PlainSaid[]> {
    const rejection = this.#rejectionOf(request)
    if (rejection !== null) return left(rejection)
    this.#ask(request)
    for (const fact of witnessed) this.#see(fact)
    if (request.kind === 'MakeObject') this.heap.objects.set(request.object, new NaiveObject(request.object, LAYOUTS[request.type], 0))
    this.#settle(witnessed)
    const isFull = witnessed.some((fact) => fact.kind === 'CollectionFinished' && fact.generation === OLDEST)
    if (isFull && !witnessed.some(({ kind }) => kind === 'Finalized')) this.#checkNothingIsLeft(request)
    return right(witnessed)
  }

  figures(): { readonly collector: CollectorFigures; readonly garbage: readonly number[] } {
    const { collector: profile } = this.#profile
    const figures = { isEnabled: this.#isEnabled, thresholds: this.#thresholds, stats: this.#stats, profile }
    return { collector: naiveCollectorFigures(figures), garbage: [...this.heap.garbage] }
  }

  #rejectionOf(request: PlainAsked): string | null {
    const isAlive = (id: number | null): boolean => id === null || this.heap.objects.has(id)
    switch (request.kind) {
      case 'MakeObject':
        return isAlive(request.object) ? 'ObjectAlive' : null
      case 'Hold':
        return isAlive(request.to) && isAlive(request.from) ? null : 'ObjectNotAlive'
      case 'LetGo': {
        if (!isAlive(request.to) || !isAlive(request.from)) return 'ObjectNotAlive'
        const { from, to } = request
        const isHeld = from === null ? this.heap.get(to).outside > 0 : this.heap.placeOf(from, to) >= 0
        return isHeld ? null : 'NotHeld'
      }
      case 'ReferWeakly': {
        if (!isAlive(request.weak) || !isAlive(request.object)) return 'ObjectNotAlive'
        const { layout, weakTo } = this.heap.get(request.weak)
        return layout === 'weakref' && weakTo === null ? null : 'NoWeakReference'
      }
      case 'GiveFinalizer':
        return isAlive(request.object) && isAlive(request.into) ? null : 'ObjectNotAlive'
      case 'Collect':
        return request.generation <= OLDEST ? null : 'InvalidGeneration'
      default:
        return null
    }
  }

  #ask(request: PlainAsked): void {
    const { heap } = this
    switch (request.kind) {
      case 'Hold':
        if (request.from === null) heap.get(request.to).outside++
        else heap.refer(request.from, request.to)
        break
      case 'LetGo':
        if (request.from === null) heap.get(request.to).outside--
        else heap.drop(request.from, heap.placeOf(request.from, request.to))
        break
      case 'ReferWeakly':
        heap.get(request.weak).weakTo = request.object
        heap.get(request.weak).hasCallback = request.callback
        break
      case 'GiveFinalizer':
        heap.get(request.object).finalizer = { into: request.into }
        break
      case 'SetThresholds':
        this.#thresholds = request.thresholds
        break
      case 'EnableCollector':
      case 'DisableCollector':
        this.#isEnabled = request.kind === 'EnableCollector'
        break
      case 'SetSaveAll':
        this.#savesAll = request.saveAll
        break
      case 'FreezeObjects':
      case 'UnfreezeObjects':
        this.#isFrozen = request.kind === 'FreezeObjects'
        break
      case 'ClearGarbage':
        heap.garbage = []
        break
      default:
        break
    }
  }

  #see(fact: PlainSaid): void {
    const { heap } = this
    switch (fact.kind) {
      case 'ObjectFreed': {
        const object = heap.get(fact.object)
        if (object.finalizer !== null) throw new Error(`object ${fact.object} is freed, and its finalizer did not run`)
        heap.objects.delete(fact.object)
        break
      }
      case 'Finalized': {
        const object = heap.get(fact.object)
        if (object.finalizer === null) throw new Error(`the finalizer of object ${fact.object} runs, and there is none that has not run`)
        const { into } = object.finalizer
        object.finalizer = null
        if (into !== null && heap.objects.has(into)) heap.refer(into, fact.object)
        break
      }
      case 'CalledBack':
        if (!heap.get(fact.weak).hasCallback) throw new Error(`weak reference ${fact.weak} is called, and has no callback`)
        break
      case 'GarbageKept':
        if (fact.object !== null) heap.garbage.push(fact.object)
        break
      case 'CollectionFinished': {
        const stats = this.#stats[fact.generation]
        if (stats === undefined || !fact.isCounted) break
        stats.collections++
        stats.collected += fact.collected
        stats.uncollectable += fact.uncollectable
        break
      }
      default:
        break
    }
  }

  /** Nothing that is held was freed, and what nothing holds was. */
  #settle(witnessed: readonly PlainSaid[]): void {
    const counts = this.heap.counts()
    for (const [id, count] of counts) {
      if (!this.heap.objects.has(id)) throw new Error(`object ${id} was freed, and ${count} references hold it`)
      if (count === 0) throw new Error(`nothing holds object ${id}, and it lives on`)
    }
    const called = new Set(witnessed.flatMap((fact) => (fact.kind === 'CalledBack' ? [fact.weak] : [])))
    const found = new Set(witnessed.flatMap((fact) => (fact.kind === 'GarbageFound' ? [fact.object] : [])))
    for (const { id, weakTo, hasCallback } of this.heap.objects.values()) {
      if (weakTo === null || this.heap.objects.has(weakTo)) continue
      if (hasCallback && !called.has(id) && !found.has(id)) throw new Error(`the callback of weak reference ${id} was not called`)
      this.heap.get(id).weakTo = null
    }
  }

  /** A full collection leaves nothing that cannot be reached. */
  #checkNothingIsLeft(request: PlainAsked): void {
    if (this.#isFrozen || this.#savesAll || request.kind === 'MakeObject') return
    const reachable = this.heap.reachableFrom(this.heap.roots())
    for (const id of this.heap.objects.keys())
      if (!reachable.has(id)) throw new Error(`object ${id} is unreachable, and a full collection left it`)
  }
}
