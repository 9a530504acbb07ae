import { fc } from '@fast-check/vitest'
import { LAYOUTS, type Layout, type Request } from '../src/index.ts'
import type { NaiveHeap } from './model.ts'

/** A step before it is known what is alive: what to do, and numbers to choose with. */
export type Step = readonly [deed: number, a: number, b: number, c: number]

export const arbitrarySteps: fc.Arbitrary<Step[]> = fc.array(
  fc.tuple(fc.nat({ max: 99 }), fc.nat({ max: 999 }), fc.nat({ max: 999 }), fc.nat({ max: 9 })),
  { minLength: 1, maxLength: 90, size: 'max' },
)

const MADE: readonly Layout[] = [
  'list',
  'tuple',
  'dict',
  'instance',
  'slots',
  'set',
  'weakref',
  'function',
  'float',
  'builtinMethod',
  'cell',
  'method',
]
const SCOPES = 3
const NAMES = 4
const CODES = 3

/** The request that a step is, given what lives in the model; now and then one that cannot be. */
export function requestOf(step: Step, heap: NaiveHeap, nextId: number): Request {
  const [deed, a, b, c] = step
  const ids = [...heap.things.keys()]
  const pick = (n: number): number => (n === 999 || ids.length === 0 ? 77_777 : (ids[n % ids.length] as number))
  const code = c % 4 === 0 ? {} : { code: c % CODES }
  if (deed < 25 || ids.length === 0) {
    const layout = MADE[a % MADE.length] as Layout
    return {
      kind: 'CreateObject',
      object: nextId,
      type: LAYOUTS.indexOf(layout),
      bytes: 32 + (b % 3),
      items: layout === 'tuple' ? c : c % 3 === 1 ? 1 : 0,
    }
  }
  if (deed < 45) return { kind: 'AddReference', from: pick(a), to: pick(b), ...placeOf(c) }
  if (deed < 62) return { kind: 'DropReference', from: null, to: outsideHeld(heap, a) }
  if (deed < 72) return dropOf(heap, a, c)
  if (deed < 77) return { kind: 'BindName', scope: a % SCOPES, name: c % NAMES, object: pick(b) }
  if (deed < 79) return { kind: 'UnbindName', scope: a % SCOPES, name: c % NAMES }
  if (deed < 82) return { kind: 'EnterScope', scope: a % SCOPES, ...code }
  if (deed < 84) return { kind: 'LeaveScope', scope: a % SCOPES }
  if (deed === 84) return { kind: 'ClearWeakReferences', object: watched(heap, a) ?? pick(a) }
  if (deed === 85) return { kind: 'SetCallback', weak: referring(heap, a), dropsFrom: c < 6 ? null : pick(b) }
  if (deed < 90) return { kind: 'CreateWeakReference', weak: weakOf(heap, a), object: pick(b), callback: c > 2, ...code }
  if (deed < 95) return { kind: 'SetFinalizer', object: pick(a), resurrectsInto: c < 5 ? null : pick(b), ...code }
  if (deed < 96) return { kind: 'ResizeObject', object: pick(a), bytes: 8 * c }
  if (deed < 97) return { kind: 'MakeImmortal', object: pick(a) }
  if (deed < 98) return { kind: 'UntrackObject', object: pick(a) }
  if (deed < 99) return { kind: 'TrackObject', object: pick(a) }
  return { kind: 'AddReference', from: null, to: pick(a) }
}

/** Some have a slot, some a name, some both. */
const placeOf = (c: number): { slot?: number; name?: number } => ({
  ...(c < 5 ? {} : { slot: c - 5 }),
  ...(c % 3 === 0 ? {} : { name: c % NAMES }),
})

function outsideHeld(heap: NaiveHeap, n: number): number {
  const held = [...heap.things].filter(([, thing]) => thing.outside > 0).map(([id]) => id)
  return held.length === 0 ? n : (held[n % held.length] as number)
}

function weakOf(heap: NaiveHeap, n: number): number {
  const weak = [...heap.things].filter(([, thing]) => thing.layout === 'weakref' && thing.referredId === -1).map(([id]) => id)
  return weak.length === 0 ? n : (weak[n % weak.length] as number)
}

/** An object that weak references refer to. */
function watched(heap: NaiveHeap, n: number): number | undefined {
  const objects = [...heap.things].filter(([, thing]) => thing.weak.length > 0).map(([id]) => id)
  return objects[n % Math.max(1, objects.length)]
}

/** A weak reference with a function, or any object. */
function referring(heap: NaiveHeap, n: number): number {
  const weak = [...heap.things].filter(([, thing]) => thing.callback).map(([id]) => id)
  return weak.length === 0 ? n : (weak[n % weak.length] as number)
}

/** A reference that an object has, by its slot or as the last one to that target. */
function dropOf(heap: NaiveHeap, n: number, c: number): Request {
  const all = [...heap.things].flatMap(([from, thing]) =>
    (thing.dict ?? thing).held.flatMap(({ to, slot }) => (to.id === null ? [] : [{ from, to: to.id, slot }])),
  )
  const one = all[n % Math.max(1, all.length)]
  if (one === undefined) return { kind: 'DropReference', from: n, to: c }
  return { kind: 'DropReference', from: one.from, to: one.to, ...(c < 5 ? { slot: one.slot } : {}) }
}
