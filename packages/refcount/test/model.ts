/**
 * The naive model: objects as objects, references as arrays, deaths as calls inside of calls, as CPython writes them.
 * Obviously right where it can be, slow, and with nothing in common with the columns.
 */
import type { Fact, Layout, RefcountProfile, Request } from '../src/index.ts'

interface Held {
  slot: number
  to: Thing
}

/** A frame of a finalizer or callback whose end was put aside. */
interface LateFrame {
  readonly frameOf: Thing
  readonly code: number | null
}

class Thing {
  count = 1
  outside = 1
  held: Held[] = []
  dict: Thing | null = null
  tracked = false
  immortal = false
  dead = false
  finalizer: { into: number | null; code: number | null } | null = null
  weak: Thing[] = []
  refersTo: Thing | null = null
  referredId = -1
  callback = false
  callbackCode: number | null = null
  dropsFrom: number | null | undefined = undefined
  beside = 0
  readonly id: number | null
  readonly layout: Layout
  readonly items: number
  readonly bytes: number
  constructor(id: number | null, layout: Layout, items: number, bytes: number) {
    this.id = id
    this.layout = layout
    this.items = items
    this.bytes = bytes
  }
}

const WITHOUT_HEADER = ['plain', 'float']
const FROM_THE_END = ['list', 'tuple']

export class NaiveHeap {
  readonly profile: RefcountProfile
  readonly things = new Map<number, Thing>()
  readonly types = new Map<number, Layout>()
  readonly scopes = new Map<number, { code: number | null; names: Map<number, Thing | null> }>()
  readonly kept = new Map<string, { bytes: number }[]>()
  readonly framesKept = new Set<number>()
  framesListed = 0
  facts: Fact[] = []
  /** Calls of the port: `allocated`, `freed`, `entered`. */
  calls: string[] = []
  private nesting = 0
  private aside: (Thing | LateFrame)[] = []

  constructor(profile: RefcountProfile) {
    this.profile = profile
  }

  /** @returns the kind of the rejection, or null */
  apply(request: Request): string | null {
    this.facts = []
    this.calls = []
    switch (request.kind) {
      case 'DefineType':
        this.types.set(request.type, request.layout)
        return null
      case 'DefineName':
        return null
      case 'CreateObject': {
        const layout = this.types.get(request.type)
        if (layout === undefined) return 'UnknownType'
        if (this.things.has(request.object)) return 'ObjectAlreadyLive'
        this.things.set(request.object, this.make(request.object, layout, request.items ?? 0, request.bytes, request.block ?? null))
        return null
      }
      case 'ResizeObject': {
        const thing = this.things.get(request.object)
        if (thing === undefined) return 'ObjectNotLive'
        this.resize(thing, request.bytes)
        return null
      }
      case 'AddReference': {
        const to = this.things.get(request.to)
        if (to === undefined) return 'ObjectNotLive'
        if (request.from === null) {
          to.outside++
          this.incref(to)
          return null
        }
        const from = this.things.get(request.from)
        if (from === undefined) return 'OtherNotLive'
        this.store(from, to, request.slot ?? null)
        return null
      }
      case 'DropReference':
        return this.drop(request.from, request.to, request.slot ?? null)
      case 'BindName': {
        const thing = this.things.get(request.object)
        if (thing === undefined) return 'ObjectNotLive'
        const names = this.scopes.get(request.scope)?.names
        if (names === undefined) return 'ScopeNotOpen'
        const before = names.get(request.name) ?? null
        this.incref(thing)
        names.set(request.name, thing)
        if (before !== null) this.decref(before)
        return null
      }
      case 'UnbindName': {
        const names = this.scopes.get(request.scope)?.names
        if (names === undefined) return 'ScopeNotOpen'
        const before = names.get(request.name) ?? null
        if (before === null) return 'NameNotBound'
        names.set(request.name, null)
        this.decref(before)
        return null
      }
      case 'EnterScope':
        if (this.scopes.has(request.scope)) return 'ScopeAlreadyOpen'
        this.startFrame(request.code ?? null)
        this.scopes.set(request.scope, { code: request.code ?? null, names: new Map() })
        return null
      case 'LeaveScope': {
        const scope = this.scopes.get(request.scope)
        if (scope === undefined) return 'ScopeNotOpen'
        const isFrame = this.profile.callsMakeFrames && scope.code !== null
        if (isFrame) this.nesting++
        const held = [...scope.names.values()]
        if (this.profile.leavesBackwards && scope.code !== null) held.reverse()
        for (const thing of held) if (thing !== null) this.decref(thing)
        this.scopes.delete(request.scope)
        this.endFrame(scope.code)
        if (isFrame) this.endNesting()
        return null
      }
      case 'CreateWeakReference': {
        const weak = this.things.get(request.weak)
        if (weak === undefined) return 'ObjectNotLive'
        const object = this.things.get(request.object)
        if (object === undefined) return 'OtherNotLive'
        if (weak.layout !== 'weakref') return 'NoWeakReference'
        if (weak.referredId !== -1) return 'WeakReferenceTaken'
        if (object.layout === 'weakref') return 'NotReferable'
        weak.refersTo = object
        weak.referredId = request.object
        weak.callback = request.callback
        weak.callbackCode = request.code ?? null
        const place = request.callback ? object.weak.filter(({ callback }) => !callback).length : 0
        object.weak.splice(place, 0, weak)
        return null
      }
      case 'SetFinalizer': {
        const object = this.things.get(request.object)
        if (object === undefined) return 'ObjectNotLive'
        if (request.resurrectsInto !== null && !this.things.has(request.resurrectsInto)) return 'OtherNotLive'
        object.finalizer = { into: request.resurrectsInto, code: request.code ?? null }
        return null
      }
      case 'SetCallback': {
        const weak = this.things.get(request.weak)
        if (weak === undefined) return 'ObjectNotLive'
        if (request.dropsFrom !== null && !this.things.has(request.dropsFrom)) return 'OtherNotLive'
        if (weak.layout !== 'weakref') return 'NoWeakReference'
        weak.dropsFrom = request.dropsFrom
        return null
      }
      case 'ClearWeakReferences': {
        const object = this.things.get(request.object)
        if (object === undefined) return 'ObjectNotLive'
        const waiting = object.weak.filter(({ callback }) => callback)
        for (const weak of [...object.weak]) this.clearOne(weak)
        for (const weak of waiting) this.incref(weak)
        for (const weak of waiting) {
          this.call(weak)
          this.decref(weak)
        }
        return null
      }
      case 'TrackObject':
      case 'UntrackObject':
      case 'MakeImmortal': {
        const object = this.things.get(request.object)
        if (object === undefined) return 'ObjectNotLive'
        if (request.kind === 'TrackObject' && this.isCollectable(object)) this.track(object)
        if (request.kind === 'UntrackObject') this.untrack(object)
        if (request.kind === 'MakeImmortal' && this.profile.immortalCount !== null) object.immortal = true
        return null
      }
    }
  }

  /** What a full collection does to the free lists. */
  emptyFreeLists(): void {
    for (const [key, list] of this.kept) {
      for (let place = 0; place < list.length; place++) if (!key.startsWith('float')) this.calls.push('freed')
      list.length = 0
    }
    for (; this.framesListed > 0; this.framesListed--) this.calls.push('freed')
  }

  private isCollectable(thing: Thing): boolean {
    return !WITHOUT_HEADER.includes(thing.layout)
  }

  private listFor(thing: { layout: Layout; items: number }): { key: string; max: number; isTaken: boolean } | null {
    for (const { layout, itemsMin = 0, itemsMax = 0, max, isNeverTaken } of this.profile.freeLists) {
      if (layout !== thing.layout) continue
      if (layout === 'tuple' && (thing.items < itemsMin || thing.items > itemsMax)) continue
      return { key: `${layout} ${layout === 'tuple' ? thing.items : ''}`, max, isTaken: isNeverTaken !== true }
    }
    return null
  }

  private make(id: number | null, layout: Layout, items: number, bytes: number, block: number | null): Thing {
    const thing = new Thing(id, layout, items, bytes)
    if (id === null) thing.outside = 0
    const list = this.listFor(thing)
    const isCalled = (layout === 'list' || layout === 'dict') && items === 1
    const kept = list?.isTaken === true && !isCalled ? (this.kept.get(list.key) ?? []) : []
    const isReused = kept.pop() !== undefined
    if (!isReused) {
      this.facts.push({ kind: 'BlockRequested', object: id, bytes, beside: false, block })
      if (this.isCollectable(thing)) this.calls.push('allocated')
    }
    this.facts.push({ kind: 'ObjectCreated', object: id, bytes, isReused })
    if (this.isCollectable(thing) && !this.profile.trackedWhenNeeded.includes(layout)) this.track(thing)
    return thing
  }

  private resize(thing: Thing, bytes: number): void {
    if (bytes !== thing.beside) {
      if (bytes > 0) this.facts.push({ kind: 'BlockRequested', object: thing.id, bytes, beside: true, block: null })
      else this.facts.push({ kind: 'BlockReleased', object: thing.id, bytes: thing.beside, beside: true, block: null })
    }
    thing.beside = bytes
  }

  private track(thing: Thing): void {
    if (thing.tracked) return
    thing.tracked = true
    this.facts.push({ kind: 'ObjectTracked', object: thing.id })
  }

  private untrack(thing: Thing): void {
    if (!thing.tracked) return
    thing.tracked = false
    this.facts.push({ kind: 'ObjectUntracked', object: thing.id })
  }

  private incref(thing: Thing): void {
    if (!thing.immortal) thing.count++
  }

  decref(thing: Thing): void {
    if (thing.immortal) return
    thing.count--
    if (thing.count === 0) this.dealloc(thing)
  }

  private store(from: Thing, to: Thing, slot: number | null): void {
    let holder = from
    if (from.layout === 'instance' && this.profile.instanceDicts) {
      if (from.dict === null) {
        from.dict = this.make(null, 'dict', 0, this.profile.dictBytes, null)
        from.held.push({ slot: 0, to: from.dict })
      }
      holder = from.dict
    }
    this.incref(to)
    const last = holder.held.at(-1)
    const at = slot ?? (last === undefined ? 0 : last.slot + 1)
    const behind = holder.held.filter((other) => other.slot > at).length
    holder.held.splice(holder.held.length - behind, 0, { slot: at, to })
    const isTrackable = this.isCollectable(to) && (to.layout !== 'tuple' || to.tracked || holder.layout === 'tuple')
    if (this.profile.trackedWhenNeeded.includes(holder.layout) && isTrackable) this.track(holder)
  }

  private drop(fromId: number | null, toId: number, slot: number | null): string | null {
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

  private free(thing: Thing): void {
    if (thing.beside > 0) this.resize(thing, 0)
    const list = this.listFor(thing)
    const kept = list === null ? [] : (this.kept.get(list.key) ?? [])
    if (list !== null && kept.length < list.max) {
      kept.push({ bytes: thing.bytes })
      this.kept.set(list.key, kept)
      return
    }
    this.facts.push({ kind: 'BlockReleased', object: thing.id, bytes: thing.bytes, beside: false, block: null })
    if (this.isCollectable(thing)) this.calls.push('freed')
  }

  private endNesting(): void {
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
    if (isResurrected) this.store(container, thing, null)
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
      tuple.held.push({ slot: 0, to: weak }, ...weak.held)
      weak.held = []
    }
    for (const weak of waiting) this.call(weak)
    this.decref(tuple)
  }

  private forget(weak: Thing): void {
    weak.refersTo?.weak.splice(weak.refersTo.weak.indexOf(weak), 1)
    weak.refersTo = null
  }

  private clearOne(weak: Thing): void {
    this.forget(weak)
    this.facts.push({ kind: 'WeakReferenceCleared', weak: weak.id ?? -1, object: weak.referredId })
  }

  private call(weak: Thing): void {
    this.startFrame(weak.callbackCode)
    this.calls.push('entered')
    this.facts.push({ kind: 'WeakReferenceCalled', weak: weak.id ?? -1, object: weak.referredId })
    if (weak.dropsFrom !== undefined && weak.id !== null) this.drop(weak.dropsFrom, weak.id, null)
    this.endCall(weak, weak.callbackCode)
  }

  private startFrame(code: number | null): void {
    if (!this.profile.callsMakeFrames || code === null) return
    if (this.framesKept.delete(code)) return
    if (this.framesListed > 0) this.framesListed--
    else this.calls.push('allocated')
  }

  private endFrame(code: number | null): void {
    if (!this.profile.callsMakeFrames || code === null) return
    if (!this.framesKept.has(code)) this.framesKept.add(code)
    else if (this.framesListed < this.profile.framesMax) this.framesListed++
    else this.calls.push('freed')
  }

  /** A frame that ends too deep is put aside and goes on holding its argument. */
  private endCall(argument: Thing, code: number | null): void {
    if (this.profile.callsMakeFrames && this.nesting >= this.profile.trashcan.nestingMax) {
      this.incref(argument)
      this.aside.push({ frameOf: argument, code })
    } else this.endFrame(code)
  }
}
