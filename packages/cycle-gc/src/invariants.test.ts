import { describe, expect, test } from 'vitest'
import { Program } from '../test/program.ts'
import { type CollectorState, checkCheap, checkFull } from './index.ts'
import { keeper } from './state.ts'

/** Rows 0 to 2 old, 3 to 5 young, 6 in gc.garbage. */
function program(): Program {
  const made = new Program()
  for (const object of [0, 1, 2]) made.make(object)
  made.collect(2)
  for (const object of [3, 4, 5, 6]) made.make(object)
  made.hold(6, 6)
  made.letGo(6)
  made.do({ kind: 'SetSaveAll', saveAll: true })
  made.collect(0)
  made.make(7)
  return made
}

test('[G47] a state that came about by requests keeps every invariant', () => {
  expect(checkCheap(program().state)._tag).toBe('Right')
  expect(checkFull(program().state)._tag).toBe('Right')
})

/** A column or figure spoilt behind the collector's back, and the invariant that must name it. */
const SPOILT: readonly (readonly [string, (s: CollectorState) => void])[] = [
  ['figures', (s) => s.count.fill(-1)],
  ['figures', (s) => Object.assign(s, { longLivedPending: -1 })],
  ['figures', (s) => Object.assign(s, { longLivedTotal: Number.NaN })],
  ['figures', (s) => Object.assign(s, { garbageLength: -1 })],
  ['atRest', (s) => Object.assign(s, { collecting: 1 })],
  ['atRest', (s) => s.head.fill(3, 5, 6)],
  ['atRest', (s) => s.size.fill(1, 6, 7)],
  ['lists', (s) => s.next.fill(4, 4, 5)],
  ['lists', (s) => s.list.fill(1, 0, 1)],
  ['lists', (s) => s.prev.fill(-1, 1, 2)],
  ['lists', (s) => s.tail.fill(0, 3, 4)],
  ['lists', (s) => s.size.fill(9, 3, 4)],
  ['lists', (s) => s.list.fill(2, 40, 41)],
  ['tracked', (s) => s.heap.count.fill(0, 1, 2)],
  ['tracked', (s) => s.heap.flags.fill(0, 1, 2)],
  ['garbage', (s) => s.garbage.fill(50, 0, 1)],
]

describe.each(SPOILT.map((row, place) => [place, ...row] as const))('spoilt column %i', (_, invariant, spoil) => {
  test(`[G47] ${invariant} is named`, () => {
    const { state } = program()
    spoil(keeper.read(state))
    expect(checkFull(state)).toMatchObject({ _tag: 'Left', left: { invariant } })
    expect(checkCheap(state)._tag).toBe(invariant === 'figures' || invariant === 'atRest' ? 'Left' : 'Right')
  })
})
