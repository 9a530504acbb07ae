/** Arbitraries of whole programs that a law of heaps is tried on. */
import { type Layout, REQUEST_OPCODES } from '@reheap/refcount'
import fc from 'fast-check'
import { objectPrograms } from '../objects/deed.ts'
import { writeProgram } from '../objects/writing.ts'
import type { Program } from '../subject.ts'
import { HeapAuthor, type Numbering } from './author.ts'
import { type Deed, doDeed, heapDeeds } from './deeds.ts'
import type { HeapRequest } from './heap-witness.ts'
import { type HeapSetting, heapProfile } from './profiles.ts'
import { requestAt } from './request-row.ts'

/** One case that the laws of heaps are tried on. */
export type HeapProgram = Program<HeapSetting, HeapRequest>

/** Dense ids, as recorders give them; sparse ones; ones that cross the pages of a table. */
const numberings: fc.Arbitrary<Numbering> = fc.record({ first: fc.constantFrom(1, 0, 250), step: fc.constantFrom(1, 97) })

function requestsOf(setting: HeapSetting, numbering: Numbering, plan: readonly Deed[]): readonly HeapRequest[] {
  const author = new HeapAuthor(heapProfile(setting), numbering)
  for (const deed of plan) doDeed(author, deed)
  return author.requests
}

/** Valid programs. @param hasCollector do they speak to the collector? */
export function heapPrograms(settings: fc.Arbitrary<HeapSetting>, hasCollector = true, deedsMax = 30): fc.Arbitrary<HeapProgram> {
  const plans = fc.array(heapDeeds(hasCollector), { maxLength: deedsMax, size: 'max' })
  return fc
    .tuple(settings, numberings, plans)
    .map(([setting, numbering, plan]) => ({ setting, requests: requestsOf(setting, numbering, plan) }))
}

/** Rows of a script's program that are taken: loops of scripts are long. */
const SCRIPT_ROWS = 300

/** The beginnings of the programs that real interpreters are compared with, as their scripts write them. */
export function scriptedPrograms(settings: fc.Arbitrary<HeapSetting>, deedsMax = 12): fc.Arbitrary<HeapProgram> {
  return fc.tuple(settings, objectPrograms(deedsMax)).map(([setting, program]) => {
    // One that unfreezes has its names in an object of the runtime.
    const { rows } = writeProgram(program, program.unfreezes ? 1 : 0)
    const requests = Array.from({ length: Math.min(rows.length, SCRIPT_ROWS) }, (_, row) => row)
      // A name's text is in no column.
      .filter((row) => rows.code[row] !== REQUEST_OPCODES.DefineName)
      .map((row) => requestAt(rows, row))
    return { setting, requests }
  })
}

/** What a program leaves behind that is its own to let go of. */
interface Left {
  readonly outside: ReadonlyMap<number, number>
  readonly scopes: ReadonlySet<number>
  readonly untracked: ReadonlySet<number>
}

function leftBy(requests: readonly HeapRequest[]): Left {
  const outside = new Map<number, number>()
  const scopes = new Set<number>()
  const untracked = new Set<number>()
  const count = (id: number, change: number): unknown => outside.set(id, (outside.get(id) ?? 0) + change)
  for (const request of requests) {
    if (request.kind === 'CreateObject') outside.set(request.object, 1)
    else if (request.kind === 'AddReference' && request.from === null) count(request.to, 1)
    else if (request.kind === 'DropReference' && request.from === null) count(request.to, -1)
    else if (request.kind === 'EnterScope') scopes.add(request.scope)
    else if (request.kind === 'LeaveScope') scopes.delete(request.scope)
    else if (request.kind === 'UntrackObject') untracked.add(request.object)
    else if (request.kind === 'TrackObject') untracked.delete(request.object)
  }
  return { outside, scopes, untracked }
}

/**
 * Drops every root of a program: names, outside references, frozen objects, `gc.garbage`; then two full collections, the
 * second one for what the finalizers of the first brought back to life.
 */
export function drainOf({ requests }: HeapProgram, hasCollector: boolean): readonly HeapRequest[] {
  const { outside, scopes, untracked } = leftBy(requests)
  const drops = [...outside].flatMap(([to, count]) =>
    Array.from({ length: count }, (): HeapRequest => ({ kind: 'DropReference', from: null, to })),
  )
  const roots: readonly HeapRequest[] = [
    ...[...untracked].map((object): HeapRequest => ({ kind: 'TrackObject', object })),
    ...[...scopes].map((scope): HeapRequest => ({ kind: 'LeaveScope', scope })),
    ...drops,
  ]
  if (!hasCollector) return roots
  return [
    { kind: 'SetSaveAll', saveAll: false },
    { kind: 'SetCallbacks', callbacks: 0 },
    { kind: 'UnfreezeObjects' },
    ...roots,
    { kind: 'ClearGarbage' },
    { kind: 'Collect', generation: 2 },
    { kind: 'Collect', generation: 2 },
  ]
}

const PROBED: readonly Layout[] = ['list', 'tuple', 'dict', 'float', 'instance']
/** Types of a probe have numbers that no program gives. */
const PROBE_TYPES = 2 ** 20

/**
 * New objects from every free list, their end, and full collections: what waits unreachable, how long lists are, and in which
 * order. Every request can happen in any state that the program passes through.
 */
export function probeOf({ requests }: HeapProgram, hasCollector: boolean): readonly HeapRequest[] {
  const first = nextId(requests)
  const made = PROBED.flatMap((layout, at): HeapRequest[] => [
    { kind: 'DefineType', type: PROBE_TYPES + at, layout, name: layout },
    { kind: 'CreateObject', object: first + 2 * at, type: PROBE_TYPES + at, bytes: 64 },
    { kind: 'CreateObject', object: first + 2 * at + 1, type: PROBE_TYPES + at, bytes: 64, items: 1 },
  ])
  const ended = made.flatMap((request): HeapRequest[] =>
    request.kind === 'CreateObject' ? [{ kind: 'DropReference', from: null, to: request.object }] : [],
  )
  if (!hasCollector) return [...made, ...ended]
  const collect: HeapRequest = { kind: 'Collect', generation: 2 }
  return [...made, collect, ...ended, { kind: 'UnfreezeObjects' }, { kind: 'ClearGarbage' }, collect, { kind: 'CheckEvalBreaker' }]
}

/** An id above every object's of a program. */
export function nextId(requests: readonly HeapRequest[]): number {
  let largest = 0
  for (const request of requests) if (request.kind === 'CreateObject') largest = Math.max(largest, request.object)
  return largest + 1
}

/** Requests that cannot have happened after a program: dead or unknown objects, scopes, types, counts that would go below zero. */
export function impossibleRequests({ requests }: HeapProgram, hasCollector: boolean): fc.Arbitrary<HeapRequest> {
  const { outside, scopes } = leftBy(requests)
  const unknown = nextId(requests)
  const object = fc.oneof(fc.constantFrom(...outside.keys(), unknown), fc.integer({ min: unknown, max: unknown + 300 }))
  const orNull = fc.option(object)
  const scope = fc.constantFrom(...scopes, 9999)
  const bytes = fc.constantFrom(16, -1, 0.5, Number.NaN)
  const type = fc.constantFrom(0, 97, 12_345)
  const name = fc.nat(3)
  const slot = fc.nat(9)
  const objects: fc.Arbitrary<HeapRequest>[] = [
    fc.record({
      kind: fc.constant('DefineType' as const),
      type,
      layout: fc.constantFrom<Layout>('list', 'dict', 'float'),
      name: fc.constant('again'),
    }),
    fc.record({ kind: fc.constant('CreateObject' as const), object, type, bytes }),
    fc.record({ kind: fc.constant('ResizeObject' as const), object, bytes }),
    fc.record({ kind: fc.constant('AddReference' as const), from: object, to: fc.integer({ min: unknown, max: unknown + 300 }) }),
    fc.record({ kind: fc.constant('DropReference' as const), from: fc.constant(null), to: object }),
    fc.record({ kind: fc.constant('DropReference' as const), from: orNull, to: object }),
    fc.record({ kind: fc.constant('DropReference' as const), from: object, to: object, slot }),
    fc.record({ kind: fc.constant('BindName' as const), scope, name, object }),
    fc.record({ kind: fc.constant('UnbindName' as const), scope, name }),
    fc.record({ kind: fc.constant('EnterScope' as const), scope }),
    fc.record({ kind: fc.constant('LeaveScope' as const), scope }),
    fc.record({ kind: fc.constant('CreateWeakReference' as const), weak: object, object, callback: fc.boolean() }),
    fc.record({ kind: fc.constant('SetFinalizer' as const), object, resurrectsInto: orNull }),
    fc.record({ kind: fc.constant('SetCallback' as const), weak: object, dropsFrom: orNull }),
    fc.record({
      kind: fc.constantFrom('TrackObject' as const, 'UntrackObject' as const, 'MakeImmortal' as const, 'ClearWeakReferences' as const),
      object,
    }),
  ]
  if (!hasCollector) return fc.oneof(...objects)
  const collector: readonly fc.Arbitrary<HeapRequest>[] = [
    fc.constant<HeapRequest>({ kind: 'Collect', generation: 3 }),
    fc.constantFrom(-1, 0.5, 2 ** 32).map((third): HeapRequest => ({ kind: 'SetThresholds', thresholds: [1, 1, third] })),
  ]
  return fc.oneof(...objects, ...collector)
}
