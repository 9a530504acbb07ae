/** The stories of `scripts/habits.py`, told by a heap: in which order things end. */
import type * as Refcount from '../src/index.ts'
import { Asked } from './asking.ts'

type Package = typeof Refcount
type Profile = Refcount.RefcountProfile
const SCOPE = 1
const CODE = 1

/** A heap whose objects have names, and which says what happens to them. */
class Teller extends Asked {
  readonly names = new Map<number, string>()
  readonly said: string[] = []
  box = -1

  node(name: string, layout: Refcount.Layout = 'instance'): number {
    const object = this.make(layout)
    this.names.set(object, name)
    this.do({ kind: 'SetFinalizer', object, resurrectsInto: null })
    return object
  }

  saved(name: string): number {
    const object = this.node(name)
    this.do({ kind: 'SetFinalizer', object, resurrectsInto: this.box })
    return object
  }

  /** A weak reference with a function of its own, which holds `late`. */
  watch(object: number, name: string, late: number | null = null): number {
    const weak = this.make('weakref')
    const called = this.make('function')
    if (late !== null) this.give(called, late)
    this.give(weak, called)
    this.names.set(weak, name)
    this.do({ kind: 'CreateWeakReference', weak, object, callback: true })
    return weak
  }

  override do(...requests: readonly Refcount.Request[]): void {
    for (const request of requests) {
      this.facts = []
      super.do(request)
      for (const fact of this.facts) {
        if (fact.kind === 'FinalizerRan') this.said.push(`del ${this.names.get(fact.object)}`)
        if (fact.kind === 'WeakReferenceCalled') this.said.push(`call ${this.names.get(fact.weak)}`.trimEnd())
      }
    }
  }
}

const STORIES: Readonly<Record<string, (t: Teller) => void>> = {
  'order at death': (t) => {
    const it = t.node('a')
    const child = t.node('b')
    t.watch(it, '1')
    t.do({ kind: 'CreateWeakReference', weak: t.make('weakref'), object: it, callback: false })
    t.watch(it, '2')
    t.watch(child, '3')
    t.give(it, child)
    t.drop(it)
  },
  'dead watcher': (t) => {
    const it = t.node('a')
    const first = t.watch(it, '1')
    t.watch(it, '2')
    t.drop(first)
    t.drop(it)
  },
  'callback alone': (t) => {
    const it = t.node('a')
    t.give(it, t.node('b'))
    t.watch(it, '', t.node("function's"))
    t.drop(it)
  },
  'callbacks gathered': (t) => {
    const it = t.node('a')
    t.give(it, t.node('b'))
    for (const name of ['1', '2', '3']) t.watch(it, name, t.node(`function's ${name}`))
    t.drop(it)
  },
  resurrected: (t) => {
    t.box = t.make('list')
    const it = t.saved('a')
    t.give(it, t.node('b'))
    const weak = t.make('weakref')
    t.do({ kind: 'CreateWeakReference', weak, object: it, callback: false })
    t.drop(it)
    // The real one asks its weak reference: it is cleared only by the second death.
    t.said.push('alive True')
    t.do({ kind: 'DropReference', from: t.box, to: it })
    const cleared = t.facts.some((fact) => fact.kind === 'WeakReferenceCleared' && fact.weak === weak)
    t.said.push(`alive ${cleared ? 'False' : 'True'}`)
  },
  'two saviours': (t) => {
    t.box = t.make('list')
    const one = t.saved('a')
    const two = t.saved('b')
    t.give(one, two)
    t.drop(one)
    t.said.push('kept 1')
    t.do({ kind: 'DropReference', from: t.box, to: one })
    // Not rejected: it holds the other one now.
    t.do({ kind: 'AddReference', from: t.box, to: two }, { kind: 'DropReference', from: t.box, to: two })
    t.said.push('kept 1')
  },
  list: (t) => container(t, 'list'),
  tuple: (t) => container(t, 'tuple'),
  dict: (t) => container(t, 'dict'),
  rebinding: (t) => {
    t.do({ kind: 'EnterScope', scope: SCOPE, code: CODE })
    bind(t, 0, t.node('a'))
    bind(t, 0, t.node('b'))
    t.said.push('bound b')
    t.do({ kind: 'LeaveScope', scope: SCOPE })
  },
  'bound again': (t) => {
    t.do({ kind: 'EnterScope', scope: SCOPE, code: CODE })
    const it = t.node('a')
    bind(t, 0, it)
    t.do({ kind: 'BindName', scope: SCOPE, name: 0, object: it })
    t.said.push('alive')
    t.do({ kind: 'LeaveScope', scope: SCOPE })
  },
  leaving: (t) => {
    t.do({ kind: 'EnterScope', scope: SCOPE, code: CODE })
    for (const [name, text] of ['a', 'b', 'c'].entries()) bind(t, name, t.node(text))
    t.do({ kind: 'UnbindName', scope: SCOPE, name: 1 })
    bind(t, 1, t.node('d'))
    t.do({ kind: 'LeaveScope', scope: SCOPE })
  },
  slots: (t) => {
    const it = t.make('slots')
    for (const [slot, name] of [
      [2, 'c'],
      [0, 'a'],
      [1, 'b'],
    ] as const) {
      const to = t.node(name)
      t.do({ kind: 'AddReference', from: it, to, slot }, { kind: 'DropReference', from: null, to })
    }
    t.drop(it)
  },
}

function container(t: Teller, layout: Refcount.Layout): void {
  const it = t.make(layout, 3)
  for (const name of ['a', 'b', 'c']) t.give(it, t.node(name))
  t.drop(it)
}

function bind(t: Teller, name: number, object: number): void {
  t.do({ kind: 'BindName', scope: SCOPE, name, object }, { kind: 'DropReference', from: null, to: object })
}

export const STORY_NAMES: readonly string[] = Object.keys(STORIES)

/** What a heap says while a story is told. */
export function told(refcount: Package, profile: Profile, story: string): readonly string[] {
  const teller = new Teller(refcount, profile)
  STORIES[story]?.(teller)
  return teller.said
}
