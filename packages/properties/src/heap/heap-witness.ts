/**
 * The naive model of a heap with its collector. It does not foretell in which order things happen, nor which automatic
 * collection runs: it watches the facts of each request one by one, says which of them cannot be, and what is missing.
 */

import type { Fact as AllocatorFact } from '@reheap/allocator'
import type { Fact as CollectorFact, Request as CollectorRequest } from '@reheap/cycle-gc'
import type { Fact as ObjectFact, Request as ObjectRequest } from '@reheap/refcount'
import { type Either, left, right } from 'fp-ts/lib/Either.js'
import type { Model } from '../model.ts'
import { type HeapFigures, naiveFigures } from './figures.ts'
import { NaiveCollector } from './naive-collector.ts'
import { NaiveHeap, NaiveObject } from './naive-heap.ts'
import { rejectionOf } from './naive-rejection.ts'
import { askOf } from './naive-request.ts'
import type { HeapProfile } from './profiles.ts'

/** What a program asks of its objects and of their collector. */
export type HeapRequest = ObjectRequest | CollectorRequest
/** What a heap answers, by any of its layers. */
export type HeapFact = ObjectFact | CollectorFact | AllocatorFact

/** Layouts without a collector's header. */
const WITHOUT_HEADER = ['plain', 'float']

/** Watches the facts of a heap and says which cannot be, by the naive heap; it foretells none. */
export class HeapWitness implements Model<HeapRequest, HeapFact> {
  readonly heap = new NaiveHeap()
  readonly collector: NaiveCollector
  readonly #profile: HeapProfile
  readonly #hasCollector: boolean
  /** Weak references with a callback that were cleared and not called yet. */
  #uncalled = new Set<number>()
  /** What `CreateObject` asked for and was not seen yet. */
  #expected: NaiveObject | null = null
  /** An object whose weak references the program says to be cleared. */
  #ending: number | null = null

  constructor(profile: HeapProfile, hasCollector = true) {
    this.#profile = profile
    this.#hasCollector = hasCollector
    this.collector = new NaiveCollector(this.heap, profile)
  }

  /** Left: why that cannot be. */
  step(request: HeapRequest, witnessed: readonly HeapFact[] = []): Either<string, readonly HeapFact[]> {
    const rejection = rejectionOf(this.heap, request)
    if (rejection !== null) return left(rejection)
    askOf(this.heap, request, this.#profile.refcount)
    this.#ending = request.kind === 'ClearWeakReferences' ? request.object : null
    if (request.kind === 'CreateObject')
      this.#expected = new NaiveObject(request.object, this.heap.types.get(request.type) ?? 'plain', request.bytes)
    this.collector.ask(request)
    for (const fact of witnessed) this.#see(fact)
    this.#settle()
    this.collector.settle()
    return right(witnessed)
  }

  figures(): HeapFigures {
    return naiveFigures(this.heap, this.#hasCollector ? this.collector : null)
  }

  #see(fact: HeapFact): void {
    switch (fact.kind) {
      case 'ObjectCreated':
        if (fact.object !== null) this.#create(fact.object)
        break
      case 'ObjectDied':
        if (fact.object !== null) this.#die(fact.object)
        break
      case 'FinalizerRan':
        this.#finalize(fact.object, fact.isResurrected)
        break
      case 'WeakReferenceCleared':
        this.#clearWeak(fact.weak, fact.object)
        break
      case 'WeakReferenceCalled':
        if (!this.#uncalled.delete(fact.weak))
          throw new Error(`weak reference ${fact.weak} is called and was not cleared, or has no callback`)
        this.#takeOut(fact.weak)
        break
      case 'ObjectTracked':
        if (fact.object !== null) this.#track(fact.object, true)
        break
      case 'ObjectUntracked':
        if (fact.object !== null) this.#track(fact.object, false)
        break
      case 'BlockRequested':
      case 'BlockReleased':
        break
      default:
        this.collector.see(fact)
    }
  }

  #create(id: number): void {
    if (this.#expected?.id !== id) throw new Error(`object ${id} is created, and nobody asked for it`)
    this.heap.objects.set(id, this.#expected)
    this.#expected = null
  }

  /** Nothing may hold it, unless it is about to let go. */
  #die(id: number): void {
    this.collector.clears()
    const object = this.heap.get(id)
    const held = this.heap.countOf(id, this.collector.clearing())
    if (held > 0 || object.isImmortal) throw new Error(`object ${id} dies, and ${held} references hold it`)
    if (object.finalizer !== null) throw new Error(`object ${id} dies, and its finalizer did not run`)
    this.heap.loosen(object)
    this.heap.objects.delete(id)
    this.#uncalled.delete(id)
  }

  #finalize(id: number, isResurrected: boolean): void {
    const object = this.heap.get(id)
    if (object.finalizer === null) throw new Error(`the finalizer of object ${id} runs, and there is none that has not run`)
    const isGarbage = this.collector.isGarbage(id)
    if (!isGarbage) this.collector.clears()
    if (!isGarbage && this.heap.countOf(id, this.collector.clearing()) > 0)
      throw new Error(`the finalizer of object ${id} runs, and it is held`)
    const { into } = object.finalizer
    const isThere = into !== null && this.heap.objects.has(into)
    object.finalizer = null
    if (isResurrected && !isThere) throw new Error(`object ${id} is stored in ${into}, which is not alive`)
    if (isResurrected && into !== null) {
      this.collector.storeIn(this.heap.get(into))
      this.heap.refer(into, id)
      this.collector.save(id)
    } else if (into !== null && isThere && (into === id || this.heap.countOf(into, this.collector.clearing()) > 0))
      throw new Error(`object ${id} is not stored in ${into}, which is alive`)
  }

  #clearWeak(weak: number, object: number): void {
    const reference = this.heap.get(weak)
    if (reference.weakTo !== object)
      throw new Error(`weak reference ${weak} is cleared of object ${object}, and refers to ${reference.weakTo}`)
    const isGarbage = this.collector.isGarbage(object)
    // An object that lives on loses its weak references only if it was garbage, or if they were themselves.
    const isOver = object === this.#ending || isGarbage || this.collector.isGarbage(weak) || !this.heap.objects.has(object)
    if (!isOver) throw new Error(`weak reference ${weak} is cleared, and object ${object} lives on`)
    reference.weakTo = null
    if (!reference.hasCallback || this.collector.isGarbage(weak)) return
    this.#uncalled.add(weak)
    if (isGarbage || object === this.#ending) return
    // A death lets go of the function, a collection leaves it to the weak reference; whoever calls may hold it.
    this.heap.loosen(reference)
    this.heap.loose.push(weak)
  }

  /** Its function lets a holder drop it. */
  #takeOut(weak: number): void {
    const { dropsFrom } = this.heap.get(weak)
    if (dropsFrom === undefined) return
    this.heap.letGo(dropsFrom, weak)
    this.heap.loose.push(weak)
  }

  #track(id: number, isTracked: boolean): void {
    const object = this.#expected?.id === id ? this.#expected : this.heap.get(id)
    if (WITHOUT_HEADER.includes(object.layout)) throw new Error(`object ${id} is tracked, and has no collector's header`)
    if (isTracked) this.collector.track(id)
    object.isTracked = isTracked
    object.generation = 0
  }

  /** After an event nothing is left to be done. */
  #settle(): void {
    const { heap } = this
    heap.loose.length = 0
    if (this.#expected !== null) throw new Error(`object ${this.#expected.id} was not created`)
    for (const weak of this.#uncalled) throw new Error(`the callback of weak reference ${weak} was not called`)
    const counts = heap.counts()
    for (const object of heap.objects.values()) {
      const { id, weakTo } = object
      if (counts.get(id) === 0 && !object.isImmortal) throw new Error(`nothing holds object ${id}, and it lives on`)
      if (weakTo !== null && !heap.objects.has(weakTo)) throw new Error(`weak reference ${id} refers to object ${weakTo}, which is dead`)
      const mayBeUntracked = object.isTracked || object.isByHand || object.isImmortal || WITHOUT_HEADER.includes(object.layout)
      if (!mayBeUntracked && heap.isInCycle(id)) throw new Error(`object ${id} is in a cycle, and the collector is not told of it`)
    }
  }
}
