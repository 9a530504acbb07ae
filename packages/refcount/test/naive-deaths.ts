/** Deaths in the naive model: calls inside of calls, as CPython writes them. */
import type { RefcountProfile } from '../src/index.ts'
import { NaiveFrames } from './naive-frames.ts'
import { NaiveObjects } from './naive-objects.ts'
import { FROM_THE_END, type Held, Thing } from './naive-thing.ts'

/** A frame of a finalizer or callback whose end was put aside. */
interface LateFrame {
  readonly frameOf: Thing
  readonly code: number | null
}

export class NaiveDeaths extends NaiveObjects {
  protected nesting = 0
  private readonly aside: (Thing | LateFrame)[] = []
  private readonly frames: NaiveFrames

  constructor(profile: RefcountProfile) {
    super(profile)
    this.frames = new NaiveFrames(profile)
  }

  protected decref(thing: Thing): void {
    if (thing.immortal) return
    thing.count--
    if (thing.count === 0) this.dealloc(thing)
  }

  protected drop(fromId: number | null, toId: number, slot: number | null): string | null {
    const to = this.things.get(toId)
    if (to === undefined) return 'ObjectNotLive'
    if (fromId === null) {
      if (to.outside === 0) return 'NotHeldOutside'
      to.outside--
      this.decref(to)
      return null
    }
    const from = this.things.get(fromId)
    if (from === undefined) return 'OtherNotLive'
    const holder = from.layout === 'instance' && this.profile.instanceDicts ? from.dict : from
    const matches = (held: Held): boolean => held.to === to && (slot === null || held.slot === slot)
    const places = (holder?.held ?? []).flatMap((held, place) => (matches(held) ? [place] : []))
    const place = slot === null ? places.at(-1) : places[0]
    if (place === undefined) return 'ReferenceNotHeld'
    holder?.held.splice(place, 1)
    this.decref(to)
    return null
  }

  /** `tp_dealloc`. */
  private dealloc(thing: Thing): void {
    this.untrack(thing)
    const counts = this.profile.trashcan.layouts.includes(thing.layout)
    if (counts) {
      if (this.nesting >= this.profile.trashcan.nestingMax) {
        this.aside.push(thing)
        return
      }
      this.nesting++
    }
    if (!this.isSaved(thing)) {
      this.facts.push({ kind: 'ObjectDied', object: thing.id, bytes: thing.bytes })
      thing.dead = true
      if (thing.id !== null) this.things.delete(thing.id)
      if (thing.refersTo !== null) this.forget(thing)
      this.clearWeakReferences(thing)
      this.dropHeld(thing)
      this.free(thing)
    }
    if (counts) this.endNesting()
  }

  private dropHeld(thing: Thing): void {
    const held = thing.held
    thing.held = []
    thing.dict = null
    for (const { to } of FROM_THE_END.includes(thing.layout) ? held.reverse() : held) this.decref(to)
  }

  protected endNesting(): void {
    this.nesting--
    if (this.aside.length === 0 || this.nesting > this.profile.trashcan.resumesAt) return
    this.nesting++
    for (let late = this.aside.pop(); late !== undefined; late = this.aside.pop()) {
      if (late instanceof Thing) this.dealloc(late)
      else {
        this.nesting++
        this.decref(late.frameOf)
        this.endFrame(late.code)
        this.endNesting()
      }
    }
    this.nesting--
  }

  private isSaved(thing: Thing): boolean {
    if (thing.finalizer === null) return false
    thing.count = 1
    if (this.isCollectable(thing)) this.track(thing)
    this.finalize(thing)
    thing.count--
    if (thing.count > 0) return true
    this.untrack(thing)
    return false
  }

  private finalize(thing: Thing): void {
    if (thing.finalizer === null) return
    const { into, code } = thing.finalizer
    thing.finalizer = null
    this.startFrame(code)
    this.calls.push('entered')
    const container = into === null ? undefined : this.things.get(into)
    const isResurrected = container !== undefined && container.count > 0
    this.facts.push({ kind: 'FinalizerRan', object: thing.id ?? -1, isResurrected })
    if (isResurrected) this.store(container, thing, null, null)
    this.endCall(thing, code)
  }

  /** `PyObject_ClearWeakRefs`. */
  private clearWeakReferences(thing: Thing): void {
    while (thing.weak[0] !== undefined && !thing.weak[0].callback) this.clearOne(thing.weak[0])
    const waiting = [...thing.weak]
    const [only] = waiting
    if (only === undefined) return
    if (waiting.length < this.profile.callbacksGathered) {
      const functions = only.held
      only.held = []
      this.clearOne(only)
      this.call(only)
      for (const { to } of functions) this.decref(to)
      return
    }
    const { empty, item } = this.profile.tupleBytes
    const tuple = this.make(null, 'tuple', 2 * waiting.length, empty + 2 * waiting.length * item, null)
    this.track(tuple)
    for (const weak of waiting) {
      this.clearOne(weak)
      this.incref(weak)
      tuple.held.push({ slot: 0, name: null, to: weak }, ...weak.held)
      weak.held = []
    }
    for (const weak of waiting) this.call(weak)
    this.decref(tuple)
  }

  private forget(weak: Thing): void {
    weak.refersTo?.weak.splice(weak.refersTo.weak.indexOf(weak), 1)
    weak.refersTo = null
  }

  protected clearOne(weak: Thing): void {
    this.forget(weak)
    this.facts.push({ kind: 'WeakReferenceCleared', weak: weak.id ?? -1, object: weak.referredId })
  }

  protected call(weak: Thing): void {
    this.startFrame(weak.callbackCode)
    this.calls.push('entered')
    this.facts.push({ kind: 'WeakReferenceCalled', weak: weak.id ?? -1, object: weak.referredId })
    if (weak.dropsFrom !== undefined && weak.id !== null) this.drop(weak.dropsFrom, weak.id, null)
    this.endCall(weak, weak.callbackCode)
  }

  protected startFrame(code: number | null): void {
    if (this.frames.start(code)) this.calls.push('allocated')
  }

  protected endFrame(code: number | null): void {
    if (this.frames.end(code)) this.calls.push('freed')
  }

  /** A frame that ends too deep is put aside and goes on holding its argument. */
  private endCall(argument: Thing, code: number | null): void {
    if (this.profile.callsMakeFrames && this.nesting >= this.profile.trashcan.nestingMax) {
      this.incref(argument)
      this.aside.push({ frameOf: argument, code })
    } else this.endFrame(code)
  }
}
