/** Objects and who holds them, kept in Maps and Sets: every count is found by counting, everything reachable by search. */
import type { Layout } from '@reheap/refcount'

export interface NaiveReference {
  readonly to: number
  readonly slot: number
}

/** Permanent generation: what `gc.freeze` put there. */
export const PERMANENT = 3

export class NaiveObject {
  readonly id: number
  readonly layout: Layout
  readonly bytes: number
  besideBytes = 0
  /** In the order of their slots, of one slot the oldest first. */
  references: readonly NaiveReference[] = []
  /** It had a reference before: an instance then has a dict, up to 3.10. */
  hasReferred = false
  /** References by holders that are no object. */
  outside = 1
  /** A finalizer that has not run; `into`: the container that it stores the object in. */
  finalizer: { readonly into: number | null } | null = null
  /** Of a weak reference: what it refers to. */
  weakTo: number | null = null
  hasCallback = false
  /** Of one with a function: the container that this takes it out of; null: the outside lets go of it; undefined: nobody does. */
  dropsFrom: number | null | undefined = undefined
  isImmortal = false
  isTracked = false
  generation = 0
  /** An extension tracked or untracked it by hand. */
  isByHand = false

  constructor(id: number, layout: Layout, bytes: number) {
    this.id = id
    this.layout = layout
    this.bytes = bytes
  }
}

/** Objects, references and names in Maps and Sets: obviously right, and slow. */
export class NaiveHeap {
  readonly objects = new Map<number, NaiveObject>()
  /** Layout of each type. */
  readonly types = new Map<number, Layout>()
  /** Names of each open scope, and what each holds. */
  readonly scopes = new Map<number, Map<number, number | null>>()
  /** `gc.garbage`. */
  garbage: number[] = []
  /**
   * References whose holder ended, or let go of them, in the event at hand. Each goes before the event ends, nobody says
   * when: what depends on it may hold or not.
   */
  readonly loose: number[] = []

  /** A live object. @throws if it is not alive */
  get(id: number): NaiveObject {
    const object = this.objects.get(id)
    if (object === undefined) throw new Error(`object ${id} is not alive`)
    return object
  }

  /** Behind all with the same or a smaller slot; without a slot behind the last. */
  refer(from: number, to: number, slot?: number): void {
    const holder = this.get(from)
    const last = holder.references.at(-1)?.slot ?? -1
    const at = slot ?? last + 1
    holder.hasReferred = true
    holder.references = [
      ...holder.references.filter((reference) => reference.slot <= at),
      { to, slot: at },
      ...holder.references.filter((reference) => reference.slot > at),
    ]
  }

  /** Index of a reference among those of its holder: the oldest with that slot, or without a slot the last of all; -1: there is none. */
  placeOf(from: number, to: number, slot?: number): number {
    const { references } = this.get(from)
    if (slot === undefined) return references.findLastIndex((reference) => reference.to === to)
    return references.findIndex((reference) => reference.to === to && reference.slot === slot)
  }

  drop(from: number, place: number): void {
    const holder = this.get(from)
    holder.references = holder.references.filter((_, at) => at !== place)
  }

  /** A holder drops its last reference to an object, if it is there and has one; null: a holder that is no object. */
  letGo(from: number | null, to: number): void {
    if (from === null) {
      const object = this.get(to)
      object.outside = Math.max(object.outside - 1, 0)
    } else if (this.objects.has(from) && this.placeOf(from, to) >= 0) this.drop(from, this.placeOf(from, to))
  }

  /** All that an object refers to may go. */
  loosen(object: NaiveObject): void {
    this.loose.push(...object.references.map(({ to }) => to))
    object.references = []
  }

  /** References to an object, loose ones left out. @param without objects whose references may go, too */
  countOf(id: number, without: ReadonlySet<number> = new Set()): number {
    let count = this.objects.get(id)?.outside ?? 0
    for (const names of this.scopes.values()) for (const held of names.values()) if (held === id) count++
    for (const kept of this.garbage) if (kept === id) count++
    for (const holder of this.objects.values()) if (!without.has(holder.id)) for (const { to } of holder.references) if (to === id) count++
    return count
  }

  /** The same for every object at once. */
  counts(): ReadonlyMap<number, number> {
    const counts = new Map([...this.objects.values()].map(({ id, outside }) => [id, outside]))
    const count = (id: number): unknown => counts.set(id, (counts.get(id) ?? 0) + 1)
    for (const names of this.scopes.values()) for (const held of names.values()) if (held !== null) count(held)
    for (const kept of this.garbage) count(kept)
    for (const { references } of this.objects.values()) for (const { to } of references) count(to)
    return counts
  }

  /** Objects that somebody holds who is no object: the outside, names, `gc.garbage`; and immortals. */
  roots(): number[] {
    const roots = [...this.garbage]
    for (const names of this.scopes.values()) for (const held of names.values()) if (held !== null) roots.push(held)
    for (const { id, outside, isImmortal } of this.objects.values()) if (outside > 0 || isImmortal) roots.push(id)
    return roots
  }

  /** What some objects lead to, they themselves included. @param within nothing else is gone through */
  reachableFrom(from: Iterable<number>, within?: ReadonlySet<number>): Set<number> {
    const found = new Set<number>()
    const waiting = [...from]
    for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
      if (found.has(id) || (within !== undefined && !within.has(id))) continue
      found.add(id)
      for (const { to } of this.objects.get(id)?.references ?? []) waiting.push(to)
    }
    return found
  }

  /** Members of a set that nothing outside of it leads to. @param held members that something else holds */
  unreachableIn(region: ReadonlySet<number>, held: readonly number[] = []): Set<number> {
    const entrances = [...this.roots(), ...held]
    for (const { id, references } of this.objects.values()) if (!region.has(id)) for (const { to } of references) entrances.push(to)
    const reachable = this.reachableFrom(entrances, region)
    return new Set([...region].filter((id) => !reachable.has(id)))
  }

  /** What the event at hand may still use: where loose references lead, and objects whose death is under way, such as one under its finalizer. */
  inUse(): readonly number[] {
    const ending = [...this.counts()].filter(([, count]) => count === 0)
    return [...this.loose, ...ending.map(([id]) => id)]
  }

  /** Does an object lead to itself? */
  isInCycle(id: number): boolean {
    return this.reachableFrom(this.get(id).references.map(({ to }) => to)).has(id)
  }
}
