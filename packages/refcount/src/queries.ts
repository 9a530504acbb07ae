/** Read-only questions on a sealed state. */
import { forEachId, handleOfId, NO_ID, type Sealed } from '@reheap/kernel'
import { holderOf } from './holding.ts'
import { LAYOUTS, type Layout } from './layout.ts'
import { FLAGS, keeper, MARKS, NONE, type RefcountState } from './state.ts'

/** A live object. */
export interface LiveObject {
  readonly object: number
  readonly type: number
  readonly layout: Layout
  /** `sys.getrefcount` less its own argument. */
  readonly count: number
  /** References by holders that are no object of the log. */
  readonly outside: number
  readonly bytes: number
  /** What it holds beside its own block. */
  readonly bytesBeside: number
  readonly isTracked: boolean
  readonly isImmortal: boolean
}

/** One reference of an object, or of another to it. */
export interface Reference {
  readonly object: number
  readonly slot: number
  /** Of the attribute or key that it is; null: the log does not say. */
  readonly name: number | null
}

/** A name of an open scope. */
export interface BoundName {
  readonly scope: number
  readonly name: number
  readonly object: number
}

/** Live objects of the log. */
export const objectCount = (state: Sealed<RefcountState>): number => keeper.read(state).objectCount

/** Their bytes, those beside their own blocks among them. */
export const liveBytes = (state: Sealed<RefcountState>): number => keeper.read(state).liveBytes

/** What each object of the log holds beside its own block, by the rows that facts name. @shape [rows] @unit bytes */
export function bytesBesideByRow(state: Sealed<RefcountState>): Float64Array<ArrayBuffer> {
  const s = keeper.read(state)
  const bytes = new Float64Array(s.bytesBeside.length)
  forEachId(s.objects, (_, row) => {
    bytes[row] = s.bytesBeside[row]
  })
  return bytes
}

const countIn = (s: RefcountState, row: number): number =>
  (s.flags[row] & FLAGS.immortal) !== 0 ? (s.profile.immortalCount ?? 0) : s.count[row]

/** References to a live object, as `sys.getrefcount` tells less its own argument; null if it is not live. */
export function countOf(state: Sealed<RefcountState>, object: number): number | null {
  const s = keeper.read(state)
  const row = handleOfId(s.objects, object)
  return row === NONE ? null : countIn(s, row)
}

function described(s: RefcountState, row: number): LiveObject {
  return {
    object: s.object[row],
    type: s.typeId[s.typeOf[row]],
    layout: LAYOUTS[s.layout[row]] as Layout,
    count: countIn(s, row),
    outside: s.outside[row],
    bytes: s.bytes[row],
    bytesBeside: s.bytesBeside[row],
    isTracked: (s.mark[row] & MARKS.tracked) !== 0,
    isImmortal: (s.flags[row] & FLAGS.immortal) !== 0,
  }
}

/** Row of a live object in what `objectGraph` gives; 0 if it is not live. */
export const rowOf = (state: Sealed<RefcountState>, object: number): number => handleOfId(keeper.read(state).objects, object)

/** What is known of a live object; null if it is not live. */
export function objectOf(state: Sealed<RefcountState>, object: number): LiveObject | null {
  const s = keeper.read(state)
  const row = handleOfId(s.objects, object)
  return row === NONE ? null : described(s, row)
}

/** Every live object of the log, in ascending order of ids. */
export function forEachObject(state: Sealed<RefcountState>, visit: (object: LiveObject) => void): void {
  const s = keeper.read(state)
  forEachId(s.objects, (_, row) => visit(described(s, row)))
}

const referenceAt = (s: RefcountState, cell: number, object: number): Reference => ({
  object,
  slot: s.slot[cell],
  name: s.name[cell] === NO_ID ? null : s.name[cell],
})

/** What a live object refers to, in the order of its slots. An instance's attributes are its own, in a dict or not. */
export function referencesOf(state: Sealed<RefcountState>, object: number): readonly Reference[] {
  const s = keeper.read(state)
  const row = handleOfId(s.objects, object)
  const found: Reference[] = []
  const holder = row === NONE ? NONE : holderOf(s, row)
  if (holder === NONE) return found
  const end = s.firstReference[holder] + s.referenceCount[holder]
  for (let cell = s.firstReference[holder]; cell < end; cell++) found.push(referenceAt(s, cell, s.object[s.target[cell]]))
  return found
}

/** Who refers to an object, by a scan of all. A holder that the runtime made for itself is named as the object it belongs to, or not at all. */
export function holdersOf(state: Sealed<RefcountState>, object: number): readonly Reference[] {
  const s = keeper.read(state)
  const found: Reference[] = []
  const wanted = handleOfId(s.objects, object)
  if (wanted === NONE) return found
  forEachId(s.objects, (id, row) => {
    const holder = holderOf(s, row)
    if (holder === NONE) return
    const end = s.firstReference[holder] + s.referenceCount[holder]
    for (let cell = s.firstReference[holder]; cell < end; cell++) if (s.target[cell] === wanted) found.push(referenceAt(s, cell, id))
  })
  return found
}

/** Every bound name, the innermost scope first, in each in the order in which names were first bound. */
export function forEachBinding(state: Sealed<RefcountState>, visit: (binding: BoundName) => void): void {
  const s = keeper.read(state)
  for (let scope = s.innermostScope; scope !== NONE; scope = s.scopeNext[scope]) {
    for (let binding = s.scopeFirst[scope]; binding !== NONE; binding = s.bindingNext[binding]) {
      const row = s.bindingObject[binding]
      if (row !== NONE) visit({ scope: s.scopeId[scope], name: s.bindingName[binding], object: s.object[row] })
    }
  }
}

/** Names that are bound to an object. */
export function namesOf(state: Sealed<RefcountState>, object: number): readonly BoundName[] {
  const found: BoundName[] = []
  forEachBinding(state, (binding) => {
    if (binding.object === object) found.push(binding)
  })
  return found
}

/** Live objects that something other than an object holds: the outside, a name, or that they are immortal. In ascending order of ids. */
export function rootsOf(state: Sealed<RefcountState>): readonly number[] {
  const s = keeper.read(state)
  const named = new Set<number>()
  forEachBinding(state, ({ object }) => named.add(object))
  for (let place = 0; place < s.garbageLength; place++) named.add(s.object[s.garbage[place]])
  const roots: number[] = []
  forEachId(s.objects, (id, row) => {
    if (s.outside[row] > 0 || (s.flags[row] & FLAGS.immortal) !== 0 || named.has(id)) roots.push(id)
  })
  return roots
}

/** Object that a weak reference refers to; null if it was cleared or is none. */
export function referentOf(state: Sealed<RefcountState>, weak: number): number | null {
  const s = keeper.read(state)
  const row = handleOfId(s.objects, weak)
  if (row === NONE || s.annex[row] === NONE || s.weakTarget[s.annex[row]] === NONE) return null
  const object = s.object[s.weakTarget[s.annex[row]]]
  return object === NO_ID ? null : object
}
