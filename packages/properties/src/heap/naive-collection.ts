/** One collection as a naive heap sees it: what it may find, what it must find, and what has to become of that. */
import type { CollectorProfile } from '@reheap/cycle-gc'
import { type NaiveHeap, PERMANENT } from './naive-heap.ts'

const OLDEST = 2

/** Objects that a collection of a generation looks at: tracked, not frozen, of an age up to its own. */
export function regionOf(heap: NaiveHeap, profile: CollectorProfile, generation: number): Set<number> {
  const ageMax = profile.policy.name === 'incremental' ? OLDEST : generation
  const region = new Set<number>()
  for (const { id, isTracked, isImmortal, generation: age } of heap.objects.values())
    if (isTracked && !isImmortal && age <= ageMax) region.add(id)
  return region
}

/** What decides which unreachable objects a collection may leave for a later one. */
export interface CollectionSetting {
  readonly profile: CollectorProfile
  /** Instances have a dict, whose age is its own. */
  readonly hasInstanceDicts: boolean
  /** Generators let go of what they hold when finalizers run. */
  readonly closesGenerators: boolean
  /** The unreachable objects are kept in `gc.garbage`. */
  readonly savesAll: boolean
}

export class NaiveCollection {
  readonly generation: number
  readonly found = new Set<number>()
  /** Found objects of the runtime's own. */
  hiddenFound = 0
  /** Found objects that live on; null as long as nothing was cleared. */
  saved: ReadonlySet<number> | null = null
  /** A generator was closed: what died of that was not collected. */
  #hasClosed = false
  readonly #heap: NaiveHeap
  readonly #setting: CollectionSetting
  /** What it may find, and what it must; null as long as it found nothing. */
  #may: ReadonlySet<number> | null = null
  #must: ReadonlySet<number> = new Set()
  /** Garbage of collections that this one runs inside of. */
  readonly #others: ReadonlySet<number>
  readonly #kept = new Set<number>()
  readonly #dying = new Set<number>()
  readonly #escaped = new Set<number>()
  /** Instances whose finalizers or those of others gave them a dict: it is no garbage of this collection. */
  readonly #newDicts = new Set<number>()

  constructor(heap: NaiveHeap, setting: CollectionSetting, generation: number, others: ReadonlySet<number>) {
    this.#heap = heap
    this.#setting = setting
    this.#others = others
    this.generation = generation
  }

  /** Looks at the region, once: callbacks run before that, and another collection inside of them. */
  #look(): ReadonlySet<number> {
    if (this.#may !== null) return this.#may
    const region = regionOf(this.#heap, this.#setting.profile, this.generation)
    for (const id of this.#others) region.delete(id)
    this.#may = this.#heap.unreachableIn(region)
    if (this.#isThorough()) this.#must = this.#heap.unreachableIn(region, this.#heap.inUse())
    this.#age(region)
    return this.#may
  }

  /** Does the collection find all that is unreachable in its region? */
  #isThorough(): boolean {
    const { profile, hasInstanceDicts } = this.#setting
    if (this.generation < OLDEST && (hasInstanceDicts || profile.policy.name === 'incremental')) return false
    return !hasInstanceDicts || [...this.#heap.objects.values()].every(({ generation }) => generation < PERMANENT)
  }

  /** What lives on is one generation older; whatever is tracked again meanwhile is young. */
  #age(region: ReadonlySet<number>): void {
    for (const id of region) this.#heap.get(id).generation = Math.min(this.generation + 1, OLDEST)
  }

  find(id: number | null): void {
    const may = this.#look()
    if (id === null) {
      this.hiddenFound++
      return
    }
    if (!may.has(id)) throw new Error(`object ${id} is found as garbage and is reachable, or outside of the region`)
    this.found.add(id)
    const object = this.#heap.get(id)
    if (object.layout !== 'generator' || !this.#setting.closesGenerators) return
    this.#hasClosed = true
    object.references = []
  }

  /** A finalizer stores an object in an instance that held nothing so far. */
  storeIn(instance: number): void {
    if (this.#setting.hasInstanceDicts) this.#newDicts.add(instance)
  }

  /** The collector is told of an object anew: its own death is under way. */
  track(id: number): void {
    if (this.found.has(id)) this.#dying.add(id)
  }

  /** An object's finalizer saved it. If that was from its own death, it is garbage of this collection no longer. */
  save(id: number): void {
    if (this.#dying.has(id) && this.found.delete(id)) this.#escaped.add(id)
  }

  keep(id: number): void {
    if (!this.#setting.savesAll) throw new Error(`object ${id} is kept in gc.garbage, and DEBUG_SAVEALL is off`)
    this.decide()
    this.#kept.add(id)
  }

  /** Did every finalizer run? Then clearing begins: what they made reachable lives on. */
  decide(): void {
    if (this.saved !== null || [...this.found].some((id) => (this.#heap.objects.get(id)?.finalizer ?? null) !== null)) return
    const reachable = new Set(this.found)
    const heldByDicts = [...this.#newDicts].flatMap((id) => this.#heap.get(id).references.map(({ to }) => to))
    for (const id of this.#heap.unreachableIn(this.found, heldByDicts)) reachable.delete(id)
    const savesReachable = this.#setting.profile.resurrection === 'savesReachable'
    this.saved = savesReachable || reachable.size === 0 ? reachable : this.found
  }

  /** Found objects whose references may go. */
  clearing(): ReadonlySet<number> {
    this.decide()
    if (this.#setting.savesAll || this.saved === null) return new Set()
    return new Set([...this.found].filter((id) => !this.saved?.has(id)))
  }

  /** @throws if something was forgotten */
  finish(collected: number): void {
    this.#look()
    for (const id of this.#must)
      if (!this.found.has(id) && !this.#escaped.has(id)) throw new Error(`object ${id} is unreachable, and the collection did not find it`)
    this.decide()
    if (this.saved === null) throw new Error('a finalizer of garbage did not run')
    for (const id of this.found) {
      if (!this.#setting.savesAll || this.saved.has(id)) continue
      if (!this.#kept.has(id) && this.#heap.objects.has(id)) throw new Error(`object ${id} is garbage, and is not in gc.garbage`)
    }
    this.#checkCleared()
    this.#checkCollected(collected)
  }

  /** What was cleared is dead, or waits for the deaths around the collection to end. */
  #checkCleared(): void {
    const objects = [...this.clearing()].flatMap((id) => this.#heap.objects.get(id) ?? [])
    for (const object of objects) this.#heap.loosen(object)
    for (const { id } of objects) if (this.#heap.countOf(id) > 0) throw new Error(`object ${id} is garbage, and lives on`)
  }

  /** Objects of the runtime's own may be among those that live on. */
  #checkCollected(collected: number): void {
    const { resurrection } = this.#setting.profile
    const found = this.found.size
    const saved = this.saved?.size ?? 0
    const lost = resurrection === 'savesAllCounted' ? found : found - saved
    const least = this.#hasClosed ? 0 : lost
    const most = resurrection === 'savesAll' && saved > 0 ? lost : lost + this.hiddenFound
    if (collected < least || collected > most) throw new Error(`collected is ${collected}: ${found} were found, ${saved} of them live on`)
  }
}
