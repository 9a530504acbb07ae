/** What is true of every state between two events: cheap checks look at counters, full ones at every object, reference and name. */
import { forEachId, handleOfId, type Sealed } from '@reheap/kernel'
import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { LAYOUTS } from './layout.ts'
import { FLAGS, IMMORTAL_COUNT, keeper, MARKS, NO_CELL, NONE, type RefcountState } from './state.ts'

/** A broken invariant: which, and the figures that show it. */
export interface Violation {
  readonly invariant: string
  readonly message: string
}

type Check = (s: RefcountState) => string | null

/** Nothing is left of a cascade, and no free list keeps more than it may. O(1) in the objects. */
const settled: Check = (s) => {
  if (s.nesting !== 0 || s.asideLength !== 0 || s.stackLength !== 0)
    return `0 deaths are under way: nesting ${s.nesting}, put aside ${s.asideLength}, work-list ${s.stackLength}`
  for (let list = 0; list < s.listLength.length; list++)
    if (s.listLength[list] > s.rules.listMax[list] || s.listLength[list] < 0)
      return `free list ${list} keeps ${s.listLength[list]} of at most ${s.rules.listMax[list]}`
  if (s.objectCount < 0 || s.liveBytes < 0 || s.objectCount >= s.rows) return `${s.objectCount} objects with ${s.liveBytes} bytes`
  return s.listedFrames > s.profile.framesMax ? `${s.listedFrames} frames are listed` : null
}

/** Rows that are live: those of the log by the table of ids, and what these own. */
function liveRows(s: RefcountState): readonly number[] {
  const rows: number[] = []
  forEachId(s.objects, (_, row) => {
    rows.push(row)
    if ((s.mark[row] & MARKS.dictOwner) !== 0) rows.push(s.target[s.firstReference[row]])
  })
  return rows
}

/** count = outside + names + references + places in gc.garbage; a dead row has none. */
const counts: Check = (s) => {
  const held = Int32Array.from(s.outside.subarray(0, s.rows))
  const rows = liveRows(s)
  for (const row of rows) {
    const end = s.firstReference[row] + s.referenceCount[row]
    for (let cell = s.firstReference[row]; cell < end; cell++) held[s.target[cell]]++
  }
  for (let scope = s.innermostScope; scope !== NONE; scope = s.scopeNext[scope])
    for (let binding = s.scopeFirst[scope]; binding !== NONE; binding = s.bindingNext[binding]) held[s.bindingObject[binding]]++
  for (let place = 0; place < s.garbageLength; place++) held[s.garbage[place]]++
  const live = new Set(rows)
  if (live.size !== rows.length) return `${rows.length} live objects lie in ${live.size} rows`
  let bytes = 0
  for (let row = 1; row < s.rows; row++) {
    if (!live.has(row)) {
      if (s.count[row] !== 0 || held[row] !== 0) return `row ${row} has no object: count ${s.count[row]}, held ${held[row]} times`
      continue
    }
    const isImmortal = (s.flags[row] & FLAGS.immortal) !== 0
    const wanted = isImmortal ? IMMORTAL_COUNT : held[row]
    if (s.count[row] !== wanted || wanted === 0) return `object ${s.object[row]}: count ${s.count[row]} = held ${wanted} times, and never 0`
    if (s.typeOf[row] !== 0) bytes += s.bytes[row] + s.bytesBeside[row]
  }
  if (bytes !== s.liveBytes) return `bytes of live objects ${bytes} = counted ${s.liveBytes}`
  let objects = 0
  forEachId(s.objects, () => objects++)
  return objects === s.objectCount ? null : `live objects ${objects} = counted ${s.objectCount}`
}

/** Slots ascend, and spans tile the cells: each belongs to one object or one free list. */
const spans: Check = (s) => {
  const owner = new Uint8Array(s.cells)
  const take = (span: number, size: number): boolean => {
    const cells = 1 << (size - 1)
    if (span % cells !== 0 || span + cells > s.cells) return false
    for (let cell = span; cell < span + cells; cell++) if (owner[cell]++ > 0) return false
    return true
  }
  for (const row of liveRows(s)) {
    const size = s.spanSize[row]
    const count = s.referenceCount[row]
    if (size === 0) {
      if (count !== 0) return `object ${s.object[row]} has ${count} references and no span`
      continue
    }
    const first = s.firstReference[row]
    const cells = 1 << (size - 1)
    if (count < 1 || (first & (cells - 1)) + count > cells) return `object ${s.object[row]}: ${count} references in ${cells} cells`
    if (!take(first & -cells, size)) return `the span of object ${s.object[row]} overlaps another`
    for (let cell = first + 1; cell < first + count; cell++)
      if (s.slot[cell] < s.slot[cell - 1]) return `object ${s.object[row]}: slot ${s.slot[cell]} behind slot ${s.slot[cell - 1]}`
  }
  for (let size = 1; size < s.freeSpans.length; size++)
    for (let span = s.freeSpans[size]; span !== NO_CELL; span = s.target[span])
      if (!take(span, size)) return `free span ${span} of size ${size} overlaps another`
  const lost = owner.indexOf(0)
  return lost === -1 ? null : `cell ${lost} belongs to nobody`
}

/** Every binding of an open scope is found by its name, and no other is. */
const names: Check = (s) => {
  let bindings = 0
  for (let scope = s.innermostScope; scope !== NONE; scope = s.scopeNext[scope]) {
    if (handleOfId(s.scopes, s.scopeId[scope]) !== scope) return `scope ${s.scopeId[scope]} is not found by its id`
    for (let binding = s.scopeFirst[scope]; binding !== NONE; binding = s.bindingNext[binding]) {
      bindings++
      if (s.bindingScope[binding] !== scope) return `name ${s.bindingName[binding]} stands in another scope's list`
      if (s.bindingTable.indexOf(binding) === -1) return `name ${s.bindingName[binding]} of scope ${s.scopeId[scope]} is not in the table`
    }
  }
  const entered = s.bindingTable.reduce((sum, binding) => sum + (binding === NONE ? 0 : 1), 0)
  return bindings === s.liveBindings && entered === bindings
    ? null
    : `names listed ${bindings} = counted ${s.liveBindings} = in the table ${entered}`
}

/** Weak references and their object know each other, those without a callback first. */
const weakReferences: Check = (s) => {
  for (const row of liveRows(s)) {
    const annex = s.annex[row]
    if (annex === NONE) continue
    let prev = NONE
    for (let weak = s.weakHead[annex]; weak !== NONE; weak = s.weakNext[s.annex[weak]]) {
      if (s.weakTarget[s.annex[weak]] !== row) return `weak reference ${s.object[weak]} does not refer to object ${s.object[row]}`
      if (s.weakPrev[s.annex[weak]] !== prev) return `weak reference ${s.object[weak]} links back to another`
      const isLate = (s.mark[weak] & MARKS.callback) === 0 && prev !== NONE && (s.mark[prev] & MARKS.callback) !== 0
      if (isLate) return `weak reference ${s.object[weak]} without a callback stands behind one with`
      prev = weak
    }
    const isReferring = s.weakTarget[annex] !== NONE
    const isFlagged = (s.flags[row] & FLAGS.weaklyReferenced) !== 0
    if (isFlagged !== (isReferring || s.weakHead[annex] !== NONE)) return `object ${s.object[row]} is weakly referenced: ${isFlagged}`
  }
  return null
}

/** A container that is tracked when needed is tracked, unless a collector knew better, and what has no header never is. */
const tracking: Check = (s) => {
  for (const row of liveRows(s)) {
    const isTracked = (s.mark[row] & MARKS.tracked) !== 0
    if (isTracked && (s.flags[row] & FLAGS.gc) === 0) return `object ${s.object[row]} of layout ${LAYOUTS[s.layout[row]]} is tracked`
  }
  return null
}

const CHEAP: Readonly<Record<string, Check>> = { settled }
const FULL: Readonly<Record<string, Check>> = { settled, counts, spans, names, weakReferences, tracking }

function firstFault(s: RefcountState, checks: Readonly<Record<string, Check>>): Either<Violation, void> {
  for (const [invariant, check] of Object.entries(checks)) {
    const message = check(s)
    if (message !== null) return left({ invariant, message })
  }
  return right(undefined)
}

/** Checks counters: as fast as asking them. Left: the first rule that does not hold. */
export const checkCheap = (state: Sealed<RefcountState>): Either<Violation, void> => firstFault(keeper.read(state), CHEAP)

/** Checks every object, reference, name and weak reference. Left: the first rule that does not hold. */
export const checkFull = (state: Sealed<RefcountState>): Either<Violation, void> => firstFault(keeper.read(state), FULL)
