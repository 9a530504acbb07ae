/** The questions of `scripts/habits.py`, asked of a heap. */
import type * as Refcount from '../src/index.ts'
import { Asked } from './asking.ts'

type Package = typeof Refcount
type Profile = Refcount.RefcountProfile

/** How many objects of a kind ask the allocator when made anew, and give their memory back. */
export function freeList(refcount: Package, profile: Profile, kind: string): { objects: number; requested: number; released: number } {
  const heap = new Asked(refcount, profile)
  const [, size] = /^tuple of (\d+)$/.exec(kind) ?? []
  const objects = size === undefined ? 700 : 2600
  const layout = (size === undefined ? kind : 'tuple') as Refcount.Layout
  const all = (): number[] => Array.from({ length: objects }, () => heap.make(layout, Number(size ?? 0)))
  for (const object of all()) heap.drop(object)
  heap.calls.allocated = 0
  const made = all()
  const requested = heap.calls.allocated
  heap.calls.freed = 0
  for (const object of made) heap.drop(object)
  return { objects, requested, released: heap.calls.freed }
}

/** Which of the objects of `tracked` in habits.py the collector is told of. */
export function tracked(refcount: Package, profile: Profile): readonly boolean[] {
  const heap = new Asked(refcount, profile)
  const value = (layout: Refcount.Layout, ...held: readonly number[]): number => {
    const object = heap.make(layout, layout === 'tuple' ? held.length : 0)
    for (const to of held) heap.give(object, to)
    return object
  }
  /** A constant of the code: an earlier collection found nothing in it that could be part of a cycle. */
  const constant = (...held: readonly number[]): number => {
    const tuple = value('tuple', ...held)
    heap.do({ kind: 'UntrackObject', object: tuple })
    return tuple
  }
  const asked = [
    value('dict'),
    value('dict', value('plain')),
    value('dict', constant()),
    value('dict', value('list')),
    value('dict', value('dict')),
    value('dict', constant(value('plain'))),
    value('dict', value('tuple', value('list'))),
    value('dict', value('function')),
    ...(['set', 'list', 'instance', 'slots', 'function', 'method', 'builtinMethod', 'weakref'] as const).map((layout) => value(layout)),
  ]
  const state = heap.seal()
  return asked.map((object) => refcount.objectOf(state, object)?.isTracked ?? false)
}

/** Frames that calls ask the allocator for, less those that they give back: twice a leaf, ten and three hundred deep. */
export function calls(refcount: Package, profile: Profile): readonly number[] {
  const heap = new Asked(refcount, profile)
  let scope = 0
  const nested = (code: number, depth: number): number =>
    heap.measured(() => {
      const first = scope
      for (let call = 0; call <= depth; call++) heap.do({ kind: 'EnterScope', scope: scope++, code })
      for (let call = depth; call >= 0; call--) heap.do({ kind: 'LeaveScope', scope: first + call })
    })
  return [nested(1, 0), nested(1, 0), nested(2, 10), nested(2, 10), nested(2, 300), nested(2, 300)]
}

/** Which of three lists, that died in order, each of three new ones lies in. */
export function reused(refcount: Package, profile: Profile): readonly number[] {
  const heap = new Asked(refcount, profile)
  const kept = [0, 1, 2].map(() => heap.make('list'))
  const rows = kept.map((object) => heap.rowOf(object))
  for (const object of kept) heap.drop(object)
  return kept.map(() => rows.indexOf(heap.rowOf(heap.make('list'))))
}

/** Objects that 200 instances with so many attributes ask for, and how many give their memory back. */
export function attributes(refcount: Package, profile: Profile): readonly (readonly [number, number])[] {
  const heap = new Asked(refcount, profile)
  const value = heap.make('list')
  return [0, 1, 2].map((count) => {
    heap.emptyFreeLists()
    heap.calls.allocated = 0
    const instances = Array.from({ length: 200 }, () => {
      const instance = heap.make('instance')
      for (let place = 0; place < count; place++) heap.do({ kind: 'AddReference', from: instance, to: value })
      return instance
    })
    const { allocated } = heap.calls
    heap.calls.freed = 0
    for (const instance of instances) heap.drop(instance)
    return [allocated, heap.calls.freed] as const
  })
}
