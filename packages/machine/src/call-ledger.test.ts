import { FACT_OPCODES as COLLECTOR } from '@reheap/cycle-gc'
import { Columns, NO_ID } from '@reheap/kernel'
import { FACT_OPCODES as OBJECTS } from '@reheap/refcount'
import { describe, expect, test } from 'vitest'
import { type CallKind, CallLedger } from './call-ledger.ts'
import { type Mismatch, MismatchList } from './mismatch.ts'

type Call = readonly [CallKind, ...number[]]

/** Groups of calls, simulated and observed; the request of group `n` is event `10 n`, its observations come behind it. */
function ledgerOf(groups: readonly { readonly ran: readonly Call[]; readonly seen: readonly Call[] }[]): {
  first: readonly Mismatch[]
  count: number
} {
  const mismatches = new MismatchList()
  const ledger = new CallLedger(mismatches)
  for (const [group, { ran, seen }] of groups.entries()) {
    const facts = new Columns()
    for (const [kind, first = 0, second = 0] of ran) {
      if (kind === 'collection') facts.push(COLLECTOR.CollectionFinished, group * 10, first, second, 0, 0, 0)
      else facts.push(kind === 'finalizer' ? OBJECTS.FinalizerRan : OBJECTS.WeakReferenceCalled, group * 10, 0, first, NO_ID, 0, 0)
    }
    for (let row = 0; row < facts.length; row++) ledger.simulate(facts, row)
    for (const [place, [kind, first, second]] of seen.entries()) {
      const values = { collection: { generation: first, collected: second }, finalizer: { object: first }, weakCallback: { weak: first } }[
        kind
      ]
      ledger.observe(kind, group * 10 + 1 + place, values)
    }
    ledger.close()
  }
  return { first: mismatches.first(), count: mismatches.count }
}

const F = (object: number): Call => ['finalizer', object]
const W = (weak: number): Call => ['weakCallback', weak]
const C = (generation: number, collected: number): Call => ['collection', generation, collected]

describe('calls that run by themselves', () => {
  test('[M24] the same calls in the same order are no mismatch, whatever their kinds', () => {
    const calls = [F(1), W(2), F(3), C(0, 2), F(1)]
    expect(ledgerOf([{ ran: calls, seen: calls }])).toEqual({ first: [], count: 0 })
  })

  test.each<[string, readonly Call[], readonly Call[], readonly Partial<Mismatch>[]]>([
    ['a spoiled one', [F(1), F(2), F(3)], [F(1), F(9), F(3)], [{ index: 2, of: 'finalizer.object', expected: 9, simulated: 2 }]],
    [
      'one spoiled into a later one',
      [F(1), F(2), F(3)],
      [F(3), F(2), F(3)],
      [{ index: 1, of: 'finalizer.object', expected: 3, simulated: 1 }],
    ],
    ['a missing one', [F(1), W(2), F(3)], [F(1), F(3)], [{ index: 0, of: 'weakCallback.weak', expected: null, simulated: 2 }]],
    ['an invented one', [F(1), F(3)], [F(1), W(2), F(3)], [{ index: 2, of: 'weakCallback.weak', expected: 2, simulated: null }]],
    [
      'other figures of a collection',
      [C(1, 5)],
      [C(2, 6)],
      [
        { of: 'collection.generation', expected: 2, simulated: 1 },
        { of: 'collection.collected', expected: 6, simulated: 5 },
      ],
    ],
    [
      'two kinds in the other order',
      [F(1), W(2)],
      [W(2), F(1)],
      [
        { of: 'finalizer.object', expected: null, simulated: 1 },
        { of: 'weakCallback.weak', expected: null, simulated: 2 },
        { of: 'weakCallback.weak', expected: 2, simulated: null },
        { of: 'finalizer.object', expected: 1, simulated: null },
      ],
    ],
  ])('[M24] %s is found', (_what, ran, seen, expected) => {
    const { first, count } = ledgerOf([{ ran: [...ran, W(0), C(0, 0), F(0)], seen: [...seen, W(0), C(0, 0), F(0)] }])
    expect(count).toBe(expected.length)
    expect(first).toEqual(expected.map((mismatch) => expect.objectContaining(mismatch)))
  })

  test('[M24] a call of another group is missing in its own and invented there', () => {
    const late = ledgerOf([
      { ran: [F(1), F(2)], seen: [F(1)] },
      { ran: [F(3)], seen: [F(2), F(3)] },
    ])
    expect(late.first).toEqual([
      { index: 0, of: 'finalizer.object', expected: null, simulated: 2 },
      { index: 11, of: 'finalizer.object', expected: 2, simulated: null },
    ])
  })

  test('[M25] a kind that the log never observes is passed over; what ran before its first observation was missing', () => {
    expect(ledgerOf([{ ran: [F(1), C(0, 3)], seen: [C(0, 3)] }])).toEqual({ first: [], count: 0 })
    const asked = ledgerOf([
      { ran: [F(1), F(2)], seen: [] },
      { ran: [F(3)], seen: [F(3)] },
    ])
    expect(asked.first.map(({ simulated }) => simulated)).toEqual([1, 2])
  })

  test('[M25] more calls than a report names are counted', () => {
    const many = Array.from({ length: 150_000 }, (_, object) => F(object))
    const { first, count } = ledgerOf([
      { ran: many, seen: [] },
      { ran: [F(0)], seen: [F(0)] },
    ])
    expect([first.length, count]).toEqual([20, 150_000])
  })
})
