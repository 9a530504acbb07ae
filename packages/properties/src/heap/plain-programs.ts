/** Programs of a collector over its plain heap: a few kinds of object, references, weak references and finalizers. */
import { PLAIN_KINDS, type PlainKind } from '@reheap/cycle-gc'
import fc from 'fast-check'
import type { Program } from '../subject.ts'
import { NaiveHeap, NaiveObject } from './naive-heap.ts'
import type { PlainAsked } from './plain-witness.ts'
import type { HeapSetting } from './profiles.ts'

/** A program over the plain heap of the collector. */
export type PlainProgram = Program<HeapSetting, PlainAsked>

/** Kinds that get references after their birth; what a full collection untracked, this heap never tracks again. */
const OPEN: readonly PlainKind[] = ['list', 'instance']
const THRESHOLDS: readonly (readonly [number, number, number])[] = [
  [1, 1, 1],
  [3, 0, 0],
  [0, 1, 1],
]

class PlainAuthor {
  readonly requests: PlainAsked[] = []
  readonly known = new NaiveHeap()
  readonly open = new Set<number>()
  #made = 0

  pick(pick: number, among: readonly NaiveObject[] = [...this.known.objects.values()]): NaiveObject | undefined {
    return among[pick % Math.max(1, among.length)]
  }

  get containers(): readonly NaiveObject[] {
    return [...this.known.objects.values()].filter(({ id }) => this.open.has(id))
  }

  make(type: PlainKind, held?: NaiveObject): NaiveObject {
    const object = new NaiveObject(this.#made++, 'list', 0)
    this.requests.push({ kind: 'MakeObject', object: object.id, type })
    this.known.objects.set(object.id, object)
    if (OPEN.includes(type)) this.open.add(object.id)
    if (held !== undefined && type !== 'atom') this.hold(object, held)
    return object
  }

  hold(from: NaiveObject, to: NaiveObject): void {
    this.requests.push({ kind: 'Hold', from: from.id, to: to.id })
    this.known.refer(from.id, to.id)
  }

  release(object: NaiveObject): void {
    this.requests.push({ kind: 'LetGo', from: null, to: object.id })
    object.outside--
    this.#forget()
  }

  letGo(from: NaiveObject, to: number): void {
    this.requests.push({ kind: 'LetGo', from: from.id, to })
    this.known.drop(from.id, this.known.placeOf(from.id, to))
    this.#forget()
  }

  #forget(): void {
    const reachable = this.known.reachableFrom(this.known.roots())
    for (const id of this.known.objects.keys()) if (!reachable.has(id)) this.known.objects.delete(id)
  }
}

type PlainDeed = (author: PlainAuthor, a: number, b: number, c: number) => void

const make: PlainDeed = (author, a, b) => {
  const kinds = PLAIN_KINDS.filter((kind) => kind !== 'legacy' && kind !== 'weakref')
  author.make(kinds[a % kinds.length] as PlainKind, b % 2 === 0 ? author.pick(b) : undefined)
}

const ring: PlainDeed = (author, a, b, c) => {
  const members = Array.from({ length: (a % 3) + 1 }, (_, at) => author.make(OPEN[(b + at) % 2] as PlainKind))
  for (const [at, member] of members.entries()) author.hold(member, members[(at + 1) % members.length] as NaiveObject)
  const into = author.pick(c, author.containers)?.id ?? null
  if (c % 3 === 0) author.requests.push({ kind: 'GiveFinalizer', object: (members[0] as NaiveObject).id, into: c % 2 === 0 ? null : into })
  for (const member of members) author.release(member)
}

const DEEDS: readonly (readonly [weight: number, deed: PlainDeed])[] = [
  [8, make],
  [6, ring],
  [
    6,
    (author, a, b) => {
      const from = author.pick(a, author.containers)
      const to = author.pick(b)
      if (from !== undefined && to !== undefined) author.hold(from, to)
    },
  ],
  [
    3,
    (author, a, b) => {
      const from = author.pick(a, author.containers)
      const reference = from?.references[b % Math.max(1, from.references.length)]
      if (from !== undefined && reference !== undefined) author.letGo(from, reference.to)
    },
  ],
  [
    6,
    (author, a) => {
      const held = [...author.known.objects.values()].filter(({ outside }) => outside > 0)
      const object = author.pick(a, held)
      if (object !== undefined) author.release(object)
    },
  ],
  [
    3,
    (author, a, b) => {
      const object = author.pick(a)
      if (object === undefined) return
      const weak = author.make('weakref')
      author.requests.push({ kind: 'ReferWeakly', weak: weak.id, object: object.id, callback: b % 2 === 0 })
    },
  ],
  [4, (author, a) => author.requests.push({ kind: 'Collect', generation: a % 3 })],
  [4, (author) => author.requests.push({ kind: 'CheckEvalBreaker' })],
  [
    1,
    (author, a) =>
      author.requests.push({ kind: 'SetThresholds', thresholds: [...(THRESHOLDS[a % 3] ?? [1, 1, 1])] as [number, number, number] }),
  ],
  [1, (author, a) => author.requests.push({ kind: a % 3 === 0 ? 'DisableCollector' : 'EnableCollector' })],
  [1, (author, a) => author.requests.push({ kind: a % 2 === 0 ? 'FreezeObjects' : 'UnfreezeObjects' })],
  [1, (author, a) => author.requests.push({ kind: 'SetSaveAll', saveAll: a % 2 === 0 })],
  [1, (author) => author.requests.push({ kind: 'ClearGarbage' })],
]

/** Valid programs. */
export function plainPrograms(settings: fc.Arbitrary<HeapSetting>, deedsMax = 30): fc.Arbitrary<PlainProgram> {
  const deed = fc.oneof(...DEEDS.map(([weight, done]) => ({ weight, arbitrary: fc.constant(done) })))
  const plan = fc.array(fc.tuple(deed, fc.nat(999), fc.nat(999), fc.nat(999)), { maxLength: deedsMax, size: 'max' })
  return fc.tuple(settings, plan).map(([setting, deeds]) => {
    const author = new PlainAuthor()
    for (const [done, a, b, c] of deeds) done(author, a, b, c)
    return { setting, requests: author.requests }
  })
}

/** Lets go of all that the program holds, and collects twice. */
export function plainDrain({ requests }: PlainProgram): readonly PlainAsked[] {
  const held = new Map<number, number>()
  for (const request of requests) {
    if (request.kind === 'MakeObject') held.set(request.object, 1)
    else if (request.kind === 'LetGo' && request.from === null) held.set(request.to, (held.get(request.to) ?? 0) - 1)
  }
  const drops = [...held].filter(([, count]) => count > 0).map(([to]): PlainAsked => ({ kind: 'LetGo', from: null, to }))
  const collect: PlainAsked = { kind: 'Collect', generation: 2 }
  return [{ kind: 'SetSaveAll', saveAll: false }, { kind: 'UnfreezeObjects' }, ...drops, { kind: 'ClearGarbage' }, collect, collect]
}

/** New objects and full collections: what waits unreachable comes to light. */
export function plainProbe({ requests }: PlainProgram): readonly PlainAsked[] {
  let first = 0
  for (const request of requests) if (request.kind === 'MakeObject') first = Math.max(first, request.object + 1)
  const made = [0, 1, 2].map((at): PlainAsked => ({ kind: 'MakeObject', object: first + at, type: 'list' }))
  const collect: PlainAsked = { kind: 'Collect', generation: 2 }
  return [...made, { kind: 'CheckEvalBreaker' }, collect, { kind: 'UnfreezeObjects' }, { kind: 'ClearGarbage' }, collect]
}

/** Requests of which most cannot have happened after a program. */
export function plainImpossible({ requests }: PlainProgram): fc.Arbitrary<PlainAsked> {
  const made = requests.flatMap((request) => (request.kind === 'MakeObject' ? [request.object] : []))
  const object = fc.constantFrom(...made, 5000)
  const orNull = fc.option(object)
  return fc.oneof(
    fc.record({ kind: fc.constant('MakeObject' as const), object, type: fc.constant('list' as const) }),
    fc.record({ kind: fc.constant('Hold' as const), from: orNull, to: fc.constant(5000) }),
    fc.record({ kind: fc.constant('LetGo' as const), from: orNull, to: object }),
    fc.record({ kind: fc.constant('ReferWeakly' as const), weak: object, object, callback: fc.boolean() }),
    fc.record({ kind: fc.constant('GiveFinalizer' as const), object, into: orNull }),
    fc.constant<PlainAsked>({ kind: 'Collect', generation: 3 }),
  )
}
