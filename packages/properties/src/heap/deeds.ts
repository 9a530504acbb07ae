/** What a generated program does next, in words that fit any state of it. */
import type { Layout } from '@reheap/refcount'
import fc from 'fast-check'
import type { HeapAuthor } from './author.ts'
import { chain, codeOf, FINALIZED, make, many, pickOf, ring } from './births.ts'
import type { NaiveObject } from './naive-heap.ts'

/** Each number is a pick, taken modulo what there is to pick from; a deed for which there is nothing is left out. */
export type DeedDone = (author: HeapAuthor, a: number, b: number, c: number) => void

const NAMES = 3
/** Layouts that an extension takes from the collector for a while: of the others it cannot know what that means. */
const UNTRACKED: readonly Layout[] = ['gcOther', 'instance', 'slots', 'list']
const THRESHOLDS = [
  [1, 1, 1],
  [2, 1, 2],
  [5, 2, 1],
  [3, 5, 5],
  [0, 1, 1],
] as const

function link(author: HeapAuthor, a: number, b: number, c: number): void {
  const from = pickOf(author.containers(), a)
  const to = pickOf(author.objects(), b)
  if (from !== undefined && to !== undefined) author.link(from, to, c % 3 === 0 ? undefined : c % 8)
}

function unlink(author: HeapAuthor, a: number, b: number): void {
  const from = pickOf(
    author.objects(({ references, layout }) => references.length > 0 && layout !== 'weakref'),
    a,
  )
  const reference = from && pickOf(from.references, b)
  if (from !== undefined && reference !== undefined) author.unlink(from, reference.to)
}

function referWeakly(author: HeapAuthor, a: number, b: number, c: number): void {
  const object = pickOf(
    author.objects(({ layout }) => layout !== 'weakref'),
    a,
  )
  if (object === undefined) return
  const weak = author.referWeakly(object, b % 2 !== 0, codeOf(b))
  const owner = pickOf(author.containers(), c)
  if (owner === undefined || c % 3 === 0) return
  author.link(owner, weak)
  if (weak.hasCallback && a % 2 === 0) author.takeOut(weak, owner)
  author.release(weak)
}

function finalize(author: HeapAuthor, a: number, b: number, c: number): void {
  const object = pickOf(
    author.objects(({ layout }) => FINALIZED.includes(layout)),
    a,
  )
  if (object !== undefined) author.finalize(object, c % 2 === 0 ? null : (pickOf(author.saviours(), b) ?? null), codeOf(c))
}

function bind(author: HeapAuthor, a: number, b: number): void {
  const scope = pickOf([...author.known.scopes.keys()], a)
  const object = pickOf(author.objects(), b)
  if (scope === undefined || object === undefined) return
  author.bind(scope, b % NAMES, object)
  if (b % 2 === 0) author.bind(scope, b % NAMES, author.create('list'))
}

function unbind(author: HeapAuthor, a: number, b: number): void {
  const [scope, names] = pickOf([...author.known.scopes], a) ?? []
  const bound = [...(names ?? [])].filter(([, held]) => held !== null)
  const [name] = pickOf(bound, b) ?? []
  if (scope !== undefined && name !== undefined) author.unbind(scope, name)
}

/** The deed is done to an object that fits. */
const withObject =
  (
    fits: (object: NaiveObject, author: HeapAuthor) => boolean,
    done: (author: HeapAuthor, object: NaiveObject, b: number) => void,
  ): DeedDone =>
  (author, a, b) => {
    const object = pickOf(
      author.objects((one) => fits(one, author)),
      a,
    )
    if (object !== undefined) done(author, object, b)
  }

const DEEDS: Readonly<Record<string, readonly [weight: number, done: DeedDone]>> = {
  make: [10, make],
  ring: [8, ring],
  chain: [4, chain],
  many: [3, many],
  link: [10, link],
  unlink: [5, unlink],
  hold: [
    3,
    withObject(
      () => true,
      (author, object) => author.hold(object),
    ),
  ],
  release: [
    9,
    withObject(
      ({ id, outside }, { untracked }) => outside > (untracked.has(id) ? 1 : 0),
      (author, object) => author.release(object),
    ),
  ],
  referWeakly: [9, referWeakly],
  finalize: [4, finalize],
  enter: [4, (author, a) => author.enter(codeOf(a))],
  leave: [
    2,
    (author, a) => {
      const scope = pickOf([...author.known.scopes.keys()], a)
      if (scope !== undefined) author.leave(scope)
    },
  ],
  bind: [8, bind],
  unbind: [4, unbind],
  resize: [
    4,
    withObject(
      () => true,
      (author, { id }, b) => author.say({ kind: 'ResizeObject', object: id, bytes: 8 * (b % 5) }),
    ),
  ],
  immortal: [
    1,
    withObject(
      ({ layout }) => layout !== 'weakref',
      (author, object) => author.makeImmortal(object),
    ),
  ],
  untrack: [
    1,
    withObject(
      ({ id, layout }, { untracked }) => !untracked.has(id) && UNTRACKED.includes(layout),
      (author, object) => author.untrack(object),
    ),
  ],
  track: [
    1,
    withObject(
      () => true,
      (author, object) => author.track(object),
    ),
  ],
  clearWeakReferences: [
    1,
    withObject(
      () => true,
      (author, object) => author.clearWeakReferences(object),
    ),
  ],
  collect: [5, (author, a) => author.say({ kind: 'Collect', generation: a % 3 })],
  checkEvalBreaker: [6, (author) => author.say({ kind: 'CheckEvalBreaker' })],
  setThresholds: [
    2,
    (author, a) => author.say({ kind: 'SetThresholds', thresholds: [...(THRESHOLDS[a % THRESHOLDS.length] ?? THRESHOLDS[0])] }),
  ],
  switch: [4, (author, a) => author.say({ kind: a % 3 === 0 ? 'DisableCollector' : 'EnableCollector' })],
  freeze: [1, (author, a) => author.say({ kind: a % 2 === 0 ? 'FreezeObjects' : 'UnfreezeObjects' })],
  saveAll: [1, (author, a) => author.say({ kind: 'SetSaveAll', saveAll: a % 2 === 0 })],
  clearGarbage: [1, (author) => author.say({ kind: 'ClearGarbage' })],
  callbacks: [1, (author, a) => author.say({ kind: 'SetCallbacks', callbacks: a % 2 })],
}

export interface Deed {
  readonly do: string
  readonly a: number
  readonly b: number
  readonly c: number
}

/** Deeds that the collector alone cares for. */
const COLLECTOR_DEEDS = ['collect', 'checkEvalBreaker', 'setThresholds', 'switch', 'freeze', 'saveAll', 'clearGarbage', 'callbacks']

/** @param hasCollector does the program speak to the collector? */
export function heapDeeds(hasCollector: boolean): fc.Arbitrary<Deed> {
  const drawn = Object.entries(DEEDS).filter(([name]) => hasCollector || !COLLECTOR_DEEDS.includes(name))
  const name = fc.oneof(...drawn.map(([name, [weight]]) => ({ weight, arbitrary: fc.constant(name) })))
  return fc.record({ do: name, a: fc.nat(999), b: fc.nat(999), c: fc.nat(999) })
}

export function doDeed(author: HeapAuthor, { do: name, a, b, c }: Deed): void {
  DEEDS[name]?.[1](author, a, b, c)
}
