/**
 * Writes a program as requests. It runs nothing: it knows what the program itself can reach, and touches nothing else, so
 * that a program can happen whenever and whatever a collector collects.
 */
import type { Layout } from '@reheap/refcount'
import type { HeapRequest } from './heap-witness.ts'
import { NaiveHeap, NaiveObject } from './naive-heap.ts'
import type { HeapProfile } from './profiles.ts'

/** Layouts whose objects never let go of what they hold before they die: they hold only what is older than they are. */
export const FILLED_AT_BIRTH: readonly Layout[] = ['tuple', 'method', 'builtinMethod', 'cMethod', 'listIterator', 'tupleIterator', 'slice']
/** They hold nothing. */
const EMPTY: readonly Layout[] = ['plain', 'float']
const OBJECT_BYTES = 40
const SLOT_BYTES = 8

/** How ids are given: dense as recorders do, or with gaps. */
export interface Numbering {
  readonly first: number
  readonly step: number
}

export class HeapAuthor {
  readonly requests: HeapRequest[] = []
  /** What the program can reach. */
  readonly known = new NaiveHeap()
  /** Objects that it untracked by hand, and holds until it tracks them again. */
  readonly untracked = new Set<number>()
  readonly #numbering: Numbering
  readonly #profile: HeapProfile
  #made = 0
  #scopes = 0

  constructor(profile: HeapProfile, numbering: Numbering) {
    this.#profile = profile
    this.#numbering = numbering
  }

  say(request: HeapRequest): void {
    this.requests.push(request)
  }

  /** Objects that the program can reach, in the order of their birth. */
  objects(fits: (object: NaiveObject) => boolean = () => true): readonly NaiveObject[] {
    return [...this.known.objects.values()].filter(fits)
  }

  /** Containers that may be given one more reference. */
  containers(): readonly NaiveObject[] {
    return this.objects(({ layout }) => ![...FILLED_AT_BIRTH, ...EMPTY, 'weakref'].includes(layout))
  }

  /** Containers that a finalizer may store its object in: a generator's frame is closed at a time of its own. */
  saviours(): readonly NaiveObject[] {
    return this.containers().filter(({ layout }) => layout !== 'generator')
  }

  create(layout: Layout, items: readonly NaiveObject[] = [], bytesOfIt?: number): NaiveObject {
    const type = this.#typeOf(layout)
    const held = EMPTY.includes(layout) ? [] : items
    const id = this.#numbering.first + this.#numbering.step * this.#made++
    const bytes = bytesOfIt ?? OBJECT_BYTES + SLOT_BYTES * held.length
    const count = layout === 'tuple' && held.length > 0 ? { items: held.length } : {}
    this.say({ kind: 'CreateObject', object: id, type, bytes, ...count })
    const object = new NaiveObject(id, layout, bytes)
    this.known.objects.set(id, object)
    for (const item of held) this.link(object, item)
    return object
  }

  #typeOf(layout: Layout): number {
    for (const [type, known] of this.known.types) if (known === layout) return type
    const type = this.known.types.size * this.#numbering.step
    this.known.types.set(type, layout)
    this.say({ kind: 'DefineType', type, layout, name: layout })
    return type
  }

  link(from: NaiveObject, to: NaiveObject, slot?: number): void {
    this.say({ kind: 'AddReference', from: from.id, to: to.id, ...(slot === undefined ? {} : { slot }) })
    this.known.refer(from.id, to.id, slot)
  }

  /** Drops the last reference of an object to another one. */
  unlink(from: NaiveObject, to: number): void {
    this.say({ kind: 'DropReference', from: from.id, to })
    this.known.drop(from.id, this.known.placeOf(from.id, to))
    this.#forget()
  }

  hold(object: NaiveObject): void {
    this.say({ kind: 'AddReference', from: null, to: object.id })
    object.outside++
  }

  release(object: NaiveObject): void {
    this.say({ kind: 'DropReference', from: null, to: object.id })
    object.outside--
    this.#forget()
  }

  enter(code: number | null): void {
    const scope = this.#numbering.first + this.#scopes++
    this.known.scopes.set(scope, new Map())
    this.say({ kind: 'EnterScope', scope, ...(code === null ? {} : { code }) })
  }

  leave(scope: number): void {
    this.say({ kind: 'LeaveScope', scope })
    this.known.scopes.delete(scope)
    this.#forget()
  }

  bind(scope: number, name: number, object: NaiveObject): void {
    this.say({ kind: 'BindName', scope, name, object: object.id })
    this.known.scopes.get(scope)?.set(name, object.id)
    this.#forget()
  }

  unbind(scope: number, name: number): void {
    this.say({ kind: 'UnbindName', scope, name })
    this.known.scopes.get(scope)?.set(name, null)
    this.#forget()
  }

  /** A weak reference with a callback holds a function of its own. */
  referWeakly(object: NaiveObject, callback: boolean, code: number | null): NaiveObject {
    const weak = this.create('weakref')
    weak.hasCallback = callback
    weak.weakTo = object.id
    this.say({ kind: 'CreateWeakReference', weak: weak.id, object: object.id, callback, ...(code === null ? {} : { code }) })
    if (!callback) return weak
    const called = this.create('function')
    this.link(weak, called)
    this.release(called)
    return weak
  }

  /** Its function takes it out of the container that holds it. */
  takeOut(weak: NaiveObject, from: NaiveObject): void {
    weak.dropsFrom = from.id
    this.say({ kind: 'SetCallback', weak: weak.id, dropsFrom: from.id })
  }

  /** The end of an object begins, as far as its weak references can tell. */
  clearWeakReferences(object: NaiveObject): void {
    this.say({ kind: 'ClearWeakReferences', object: object.id })
    for (const weak of this.known.objects.values()) if (weak.weakTo === object.id) this.#clearWeak(weak)
    this.#forget()
  }

  finalize(object: NaiveObject, into: NaiveObject | null, code: number | null): void {
    this.say({
      kind: 'SetFinalizer',
      object: object.id,
      resurrectsInto: into?.id ?? null,
      ...(code === null ? {} : { code }),
    })
  }

  makeImmortal(object: NaiveObject): void {
    this.say({ kind: 'MakeImmortal', object: object.id })
    object.isImmortal ||= this.#profile.refcount.immortalCount !== null
  }

  /** An extension takes an object from the collector; it holds it meanwhile. */
  untrack(object: NaiveObject): void {
    this.hold(object)
    this.say({ kind: 'UntrackObject', object: object.id })
    this.untracked.add(object.id)
  }

  track(object: NaiveObject): void {
    this.say({ kind: 'TrackObject', object: object.id })
    if (this.untracked.delete(object.id)) this.release(object)
  }

  /** What the program cannot reach any more it never touches again, dead or alive. */
  #forget(): void {
    const { objects } = this.known
    for (let size = -1; size !== objects.size; ) {
      size = objects.size
      const reachable = this.known.reachableFrom(this.known.roots())
      for (const id of objects.keys()) if (!reachable.has(id)) objects.delete(id)
      // Whether a callback ran, and its function is gone, is not known.
      for (const weak of objects.values()) {
        if (weak.weakTo === null || objects.has(weak.weakTo)) continue
        weak.references = []
        this.#clearWeak(weak)
      }
    }
  }

  #clearWeak(weak: NaiveObject): void {
    weak.weakTo = null
    if (weak.dropsFrom !== undefined) this.known.letGo(weak.dropsFrom, weak.id)
  }
}
