/** The collector's own figures and rules, told by what it is asked and by what it says that it does. */

import type { Fact as AllocatorFact } from '@reheap/allocator'
import type { CollectorProfile, Fact, Request } from '@reheap/cycle-gc'
import type { Request as ObjectRequest, RefcountProfile } from '@reheap/refcount'
import { NaiveCollection } from './naive-collection.ts'
import { type NaiveHeap, type NaiveObject, PERMANENT } from './naive-heap.ts'
import type { HeapProfile } from './profiles.ts'

const OLDEST = 2

export class NaiveCollector {
  isEnabled = true
  savesAll = false
  thresholds: readonly number[]
  /** Collections of each generation, and what they collected. */
  readonly stats = [0, 1, 2].map(() => ({ collections: 0, collected: 0, uncollectable: 0 }))
  readonly #heap: NaiveHeap
  readonly profile: CollectorProfile
  readonly #refcount: RefcountProfile
  /** Collections that run, the innermost last: one may run in a callback or finalizer of another. */
  readonly #running: NaiveCollection[] = []
  /** Generation that was asked for and has not been collected yet. */
  #asked: number | null = null
  /** The generation that was chosen, and whether a full collection was put off. */
  #due: number | null = null
  #isDeferredDue = false

  constructor(heap: NaiveHeap, profile: HeapProfile) {
    this.#heap = heap
    this.profile = profile.collector
    this.#refcount = profile.refcount
    this.thresholds = profile.collector.thresholds
  }

  ask(request: Request | ObjectRequest): void {
    switch (request.kind) {
      case 'Collect':
        this.#asked = request.generation
        break
      case 'SetThresholds':
        this.thresholds = request.thresholds
        break
      case 'EnableCollector':
      case 'DisableCollector':
        this.isEnabled = request.kind === 'EnableCollector'
        break
      case 'SetSaveAll':
        this.savesAll = request.saveAll
        break
      case 'FreezeObjects':
        for (const object of this.#heap.objects.values()) if (object.isTracked) object.generation = PERMANENT
        break
      case 'UnfreezeObjects':
        for (const object of this.#heap.objects.values()) if (object.generation === PERMANENT) object.generation = OLDEST
        break
      default:
        break
    }
  }

  see(fact: Fact | AllocatorFact): void {
    switch (fact.kind) {
      case 'CollectionDue':
        this.#choose(fact.generation, fact.counts)
        break
      case 'FullCollectionDeferred':
        if (fact.longLivedPending >= Math.floor(fact.longLivedTotal / 4)) throw new Error('a full collection is put off without need')
        this.#isDeferredDue = false
        break
      case 'CollectionStarted':
        this.#start(fact.generation, fact.reason === 'request')
        break
      case 'GarbageFound':
        this.#collection().find(fact.object)
        break
      case 'GarbageKept':
        if (fact.object === null) break
        this.#collection().keep(fact.object)
        this.#heap.garbage.push(fact.object)
        break
      case 'CollectionFinished':
        this.#finish(fact)
        break
      default:
        break
    }
  }

  isGarbage(id: number): boolean {
    return this.#running.some(({ found }) => found.has(id))
  }

  /** A finalizer stores an object in a container for the first time. */
  storeIn({ id, layout, hasReferred }: NaiveObject): void {
    if (layout === 'instance' && !hasReferred) this.#running.at(-1)?.storeIn(id)
  }

  /** The collector is told of an object. */
  track(id: number): void {
    this.#running.at(-1)?.track(id)
  }

  save(id: number): void {
    this.#running.at(-1)?.save(id)
  }

  /** Something dies: what the running collection found is being cleared. */
  clears(): void {
    const running = this.#running.at(-1)
    if (running !== undefined && running.found.size > 0) running.decide()
  }

  /** Objects whose references a running collection clears. */
  clearing(): ReadonlySet<number> {
    return new Set(this.#running.flatMap((running) => (running.saved === null ? [] : [...running.clearing()])))
  }

  settle(): void {
    if (this.#running.length > 0) throw new Error('a collection did not end')
    if (this.#asked !== null) throw new Error(`generation ${this.#asked} was not collected`)
    if (this.#isDeferredDue) throw new Error('a full collection is due and was passed over')
  }

  /** The oldest generation whose count is above its threshold; a full collection may wait. */
  #choose(chosen: number | null, counts: readonly number[]): void {
    this.#due = chosen
    if (this.profile.policy.name !== 'generational') return
    const above = [0, 1, 2].filter((generation) => (counts[generation] ?? 0) > (this.thresholds[generation] ?? 0))
    const oldest = above.at(-1) ?? null
    this.#isDeferredDue = oldest === OLDEST && chosen !== OLDEST
    const next = this.#isDeferredDue ? (above.at(-2) ?? null) : oldest
    if (chosen !== next) throw new Error(`generation ${chosen} is chosen; counts ${counts} are above ${this.thresholds} for ${above}`)
  }

  #start(generation: number, isAsked: boolean): void {
    if (this.#running.length > 0 && isAsked) throw new Error('a collection that was asked for starts inside another')
    if (isAsked && this.#asked !== generation) throw new Error(`generation ${generation} is collected, asked for was ${this.#asked}`)
    if (!isAsked && this.#due !== generation) throw new Error(`generation ${generation} is collected, due was ${this.#due}`)
    if (!isAsked && !this.isEnabled && !this.profile.runsDisabled)
      throw new Error('a collection runs by itself, and the collector is disabled')
    if (isAsked) this.#asked = null
    const { instanceDicts, closesGenerators } = this.#refcount
    const setting = { profile: this.profile, hasInstanceDicts: instanceDicts, closesGenerators, savesAll: this.savesAll }
    const others = new Set(this.#running.flatMap(({ found }) => [...found]))
    this.#running.push(new NaiveCollection(this.#heap, setting, generation, others))
  }

  #collection(): NaiveCollection {
    const running = this.#running.at(-1)
    if (running === undefined) throw new Error('garbage is found, and no collection runs')
    return running
  }

  #finish({ generation, collected, uncollectable }: Extract<Fact, { kind: 'CollectionFinished' }>): void {
    const running = this.#collection()
    if (running.generation !== generation) throw new Error(`generation ${generation} is finished, and ${running.generation} was collected`)
    running.finish(collected)
    this.#running.pop()
    if (uncollectable > 0) throw new Error(`${uncollectable} objects are called uncollectable`)
    const stats = this.stats[generation]
    if (stats === undefined) return
    stats.collections++
    stats.collected += collected
    stats.uncollectable += uncollectable
  }
}
