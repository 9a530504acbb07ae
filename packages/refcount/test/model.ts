/**
 * The naive model: objects as objects, references as arrays, deaths as calls inside of calls, as CPython writes them.
 * Obviously right where it can be, slow, and with nothing in common with the columns.
 */
import type { Layout, Request } from '../src/index.ts'
import { NaiveDeaths } from './naive-deaths.ts'
import type { Thing } from './naive-thing.ts'

type Asked<Kind extends Request['kind']> = Extract<Request, { readonly kind: Kind }>

export class NaiveHeap extends NaiveDeaths {
  private readonly types = new Map<number, Layout>()
  private readonly scopes = new Map<number, { code: number | null; names: Map<number, Thing | null> }>()

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
        this.store(from, to, request.slot ?? null, request.name ?? null)
        return null
      }
      case 'DropReference':
        return this.drop(request.from, request.to, request.slot ?? null)
      case 'BindName':
      case 'UnbindName':
      case 'EnterScope':
      case 'LeaveScope':
        return this.applyToScope(request)
      case 'CreateWeakReference':
      case 'SetFinalizer':
      case 'SetCallback':
      case 'ClearWeakReferences':
        return this.applyToEnd(request)
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

  private applyToScope(request: Asked<'BindName' | 'UnbindName' | 'EnterScope' | 'LeaveScope'>): string | null {
    switch (request.kind) {
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
    }
  }

  /** Weak references, finalizers and callbacks: what is to happen when an object ends. */
  private applyToEnd(request: Asked<'CreateWeakReference' | 'SetFinalizer' | 'SetCallback' | 'ClearWeakReferences'>): string | null {
    switch (request.kind) {
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
    }
  }
}
