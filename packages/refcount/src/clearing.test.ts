import { fc, test } from '@fast-check/vitest'
import { type Draft, Emit } from '@reheap/kernel'
import { describe, expect } from 'vitest'
import { tries } from '../../../scripts/tests/effort.ts'
import { Heap, PROFILES, tiny } from '../test/heap.ts'
import { openClearing } from './clearing.ts'
import { closeGarbage } from './closed-garbage.ts'
import {
  answerTo,
  checkFull,
  connectTracking,
  type FactOpcode,
  heapEditor,
  heapReader,
  heapView,
  type Layout,
  type RefcountState,
  refcountMechanism,
} from './index.ts'
import { FLAGS, keeper, MARKS, NO_CELL, NONE } from './state.ts'

const CAUSE = 99
const OUTER = 1000
const MADE: readonly Layout[] = [
  'list',
  'list',
  'tuple',
  'dict',
  'instance',
  'slots',
  'set',
  'function',
  'cell',
  'method',
  'generator',
  'float',
]
/** Columns that hold nothing between events, whatever is left in them. */
const WORK_LISTS = ['stackKind', 'stackRow', 'stackSpan', 'stackSize', 'stackCell', 'stackStep', 'stackLeft', 'aside', 'asideCode']
const CLEARED: readonly Layout[] = ['list', 'list', 'dict', 'instance', 'slots', 'set', 'function', 'cell']

const CLOSED = { numRuns: 25, seed: 2 }
/** Deaths around a collection. */
const arbitraryNesting = fc.constantFrom(0, 0, 0, 1, 2)

/** An object: what it is, and numbers to choose with what it holds and who holds it. */
type Node = readonly [layout: number, a: number, b: number, extra: number]
const arbitraryNodes = fc.array(fc.tuple(fc.nat(99), fc.nat(999), fc.nat(999), fc.nat(19)), { minLength: 1, maxLength: 60, size: 'max' })

/** Objects that refer to each other at random, dropped by whoever made them; a few lie outside, and end with a call. */
function graph(nodes: readonly Node[], profile: (typeof PROFILES)[number]): Heap {
  const heap = new Heap(profile)
  const layouts = nodes.map(([layout]) => MADE[layout % MADE.length] as Layout)
  for (const [object, layout] of layouts.entries()) heap.create(object, layout, layout === 'tuple' ? 2 : 0)
  for (const [object, [, a, b, extra]] of nodes.entries()) {
    if (extra === 7) heap.do({ kind: 'ResizeObject', object, bytes: 128 })
    if (layouts[object] === 'float') continue
    for (const to of [a, b]) heap.hold(object, to % nodes.length)
    if (extra > 3) continue
    const outer = OUTER + 2 * object
    heap.create(outer, 'instance')
    heap.give(object, outer)
    if (extra === 0) heap.do({ kind: 'SetFinalizer', object: outer, resurrectsInto: a % nodes.length, code: 1 })
    if (extra === 1) {
      heap.create(outer + 1, 'weakref')
      heap.do({ kind: 'CreateWeakReference', weak: outer + 1, object: outer, callback: b % 2 === 1, code: 1 })
    }
    if (extra === 2) heap.hold(null, outer)
  }
  for (const [object, [, , , extra]] of nodes.entries()) if (extra !== 19) heap.drop(null, object)
  return heap
}

/** Objects that a collection clears, cycles at random along a ring, all dropped; beside them they hold what lives on. */
function closedGraph(nodes: readonly Node[], profile: (typeof PROFILES)[number]): Heap {
  const heap = new Heap(profile)
  for (const other of [OUTER, OUTER + 1]) heap.create(other, 'type')
  for (const [object, [layout]] of nodes.entries()) heap.create(object, CLEARED[layout % CLEARED.length] as Layout)
  for (const [object, [, a, b, extra]] of nodes.entries()) {
    if (extra === 7) heap.do({ kind: 'ResizeObject', object, bytes: 128 })
    for (const to of [a, b, a + b, a + 1].slice(0, extra % 5)) heap.hold(object, to % nodes.length)
    if (extra % 4 > 0) heap.hold(object, (object + 1) % nodes.length)
    if (extra > 12) heap.hold(object, OUTER + (extra % 2))
  }
  for (const object of nodes.keys()) heap.drop(null, object)
  return heap
}

/** Rows that references from outside of them do not lead to, as a collector lists them. */
function unreachable(draft: Draft<RefcountState>): number[] {
  const s = keeper.own(draft)
  const { rows, count, firstReference, referenceCount, target } = heapView(draft)
  const isLive = (row: number): boolean => count[row] > 0
  const held = new Int32Array(rows)
  const all = Array.from({ length: rows - 1 }, (_, row) => row + 1).filter(isLive)
  const targets = (row: number): number[] => Array.from(target.subarray(firstReference[row], firstReference[row] + referenceCount[row]))
  for (const row of all) if ((s.mark[row] & MARKS.tracked) !== 0) for (const to of targets(row)) held[to]++
  const isReached = new Set<number>()
  const waiting = all.filter((row) => count[row] > held[row] || (s.mark[row] & MARKS.tracked) === 0)
  for (let row = waiting.pop(); row !== undefined; row = waiting.pop()) {
    if (isReached.has(row)) continue
    isReached.add(row)
    if ((s.mark[row] & MARKS.tracked) !== 0 || count[row] > held[row]) waiting.push(...targets(row))
  }
  return all.filter((row) => !isReached.has(row) && (s.mark[row] & MARKS.tracked) !== 0 && s.annex[row] === 0)
}

/** One object that many hold, and that holds one of them: more than fit into a byte. */
function crowd(holders: number, profile: (typeof PROFILES)[number]): Heap {
  const heap = new Heap(profile)
  for (let object = 0; object <= holders; object++) heap.create(object, object % 2 === 0 ? 'list' : 'set')
  for (let object = 1; object <= holders; object++) {
    heap.hold(object, 0)
    heap.hold(object, object === holders ? 1 : object + 1)
  }
  heap.hold(0, holders)
  for (let object = 0; object <= holders; object++) heap.drop(null, object)
  return heap
}

/** How many rows of garbage are known to die as a whole. */
function closedRows(heap: Heap, nesting = 0): number {
  const draft = refcountMechanism.thaw(heap.state)
  keeper.own(draft).nesting = nesting
  const rows = Int32Array.from(unreachable(draft))
  const s = keeper.own(draft)
  const clearing = openClearing(s, rows, rows.length, () => {})
  closeGarbage(s, clearing)
  return clearing.isClosed ? rows.length : 0
}

/** What a collector does with garbage and what it is told meanwhile: as a whole, or row by row; inside of other deaths, or of none. */
function collected(heap: Heap, asWhole: boolean, muted: boolean, nesting = 0) {
  const draft = refcountMechanism.thaw(heap.state)
  keeper.own(draft).nesting = nesting
  const emit = new Emit<FactOpcode>({ capacity: 16, muted })
  answerTo(draft, emit, CAUSE)
  const list = new Set(unreachable(draft))
  const into: number[] = []
  const told = { freed: 0, entered: [] as unknown[], allocated: 0 }
  const figures = () => [heapReader(draft).objects, heapReader(draft).liveBytes, told.freed, told.allocated, [...list], [...into]]
  connectTracking(draft, {
    allocated: () => told.allocated++,
    freed: () => told.freed++,
    track: () => {},
    untrack: (row) => {
      list.delete(row)
      if (into.includes(row)) into.splice(into.indexOf(row), 1)
    },
    entered: () => told.entered.push(figures()),
  })
  const editor = heapEditor(draft)
  const { flags, count } = heapView(draft)
  // Generators are closed before.
  for (const row of [...list]) {
    if ((flags[row] & FLAGS.finalizer) === 0) continue
    editor.hold(row)
    editor.finalize(row)
    editor.release(row)
  }
  const keep = (row: number): void => {
    list.delete(row)
    into.push(row)
  }
  if (asWhole) {
    const rows = Int32Array.from(list)
    const cleared = editor.clearGarbage(rows, rows.length, (before, freed) => {
      told.freed += freed
      for (const [at, row] of rows.entries()) {
        if (!list.has(row)) continue
        if (count[row] === 0) list.delete(row)
        else if (at < before) keep(row)
      }
    })
    const last = rows[cleared - 1]
    if (last !== undefined && list.has(last)) keep(last)
  }
  for (const row of list) {
    editor.hold(row)
    editor.clear(row)
    editor.release(row)
    if (list.has(row)) keep(row)
  }
  const s = keeper.own(draft)
  const { facts } = emit
  const faults = checkFull(refcountMechanism.seal(draft))
  const unused = takeUnused(s)
  const columns = Object.entries(s).filter(
    ([name, column]) => !WORK_LISTS.includes(name) && (ArrayBuffer.isView(column) || typeof column === 'number'),
  )
  return {
    state: Object.fromEntries(columns),
    unused,
    faults,
    ids: [...s.objects.handle],
    facts: [facts.code, facts.tag, facts.id, facts.other, facts.size].map((column) => [...column.subarray(0, facts.length)]),
    told,
    into,
  }
}

/** Takes what is unused out of the columns: in which order it will be used again may differ, and what is left in it. */
function takeUnused(s: RefcountState) {
  const rows: number[] = []
  for (let row = s.unusedRow; row !== NONE; row = s.firstReference[row]) rows.push(row)
  const spans = Array.from(s.freeSpans, (first) => {
    const free: number[] = []
    for (let span = first; span !== NO_CELL; span = s.target[span]) free.push(span)
    for (const span of free) s.target[span] = 0
    return free.sort((a, b) => a - b)
  })
  for (const row of rows) s.firstReference[row] = 0
  s.unusedRow = NONE
  s.freeSpans.fill(NO_CELL)
  return { rows: rows.sort((a, b) => a - b), spans }
}

/** Clears the garbage of a heap both ways. As a whole, what it refers to lost those references when the last of it was lost: not before. */
function expectSameEnd(heap: Heap, muted: boolean, nesting = 0): void {
  const whole = collected(heap, true, muted, nesting)
  const one = collected(heap, false, muted, nesting)
  const { count, lostAt, ...columns } = whole.state
  const { lostAt: dates, ...others } = one.state
  expect({ ...whole, state: { count, ...columns } }).toEqual({ ...one, state: others })
  for (const [row, held] of count.entries()) if (held > 0) expect(lostAt[row]).toBeGreaterThanOrEqual(dates[row])
}

describe.each(PROFILES.flatMap((profile) => [profile, tiny(profile)]))('$name', (profile) => {
  test.prop([arbitraryNodes, fc.boolean()], { numRuns: tries(25), seed: 1 })(
    '[R52] garbage cleared as a whole ends as row by row',
    (nodes, muted) => {
      expectSameEnd(graph(nodes, profile), muted)
    },
  )

  test.prop([arbitraryNodes, arbitraryNesting], { ...CLOSED, numRuns: tries(CLOSED.numRuns) })(
    '[R52] garbage that is sure to die as a whole ends as row by row',
    (nodes, nesting) => {
      expectSameEnd(closedGraph(nodes, profile), true, nesting)
    },
  )

  test('[R52] such garbage is among it, with rows that lie side by side', () => {
    const graphs = fc.sample(fc.tuple(arbitraryNodes, arbitraryNesting), CLOSED)
    const closed = graphs.filter(([nodes, nesting]) => closedRows(closedGraph(nodes, profile), nesting) > 16)
    expect(closed.length).toBeGreaterThanOrEqual(3)
  })
})

test.each([254, 255, 300])('[R52] an object that %i hold ends as row by row', (holders) => {
  const heap = crowd(holders, tiny(PROFILES[0]))
  expect(closedRows(heap)).toBe(holders + 1)
  expectSameEnd(heap, true)
})
