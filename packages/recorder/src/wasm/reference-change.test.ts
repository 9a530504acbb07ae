import { describe, expect, it } from 'vitest'
import { type PlacedReference, referenceChange } from './reference-change.ts'

const placed = (...targets: number[]): PlacedReference[] => targets.map((to, slot) => ({ slot, to }))

/** References after a change, in the order of their places. */
function applied(before: readonly PlacedReference[], after: readonly number[]): number[] {
  const change = referenceChange(before, after)
  if (change === null) return before.map(({ to }) => to)
  const rest = before.filter((reference) => !change.dropped.includes(reference))
  return [...rest, ...change.added].sort((a, b) => a.slot - b.slot).map(({ to }) => to)
}

describe('referenceChange', () => {
  it('is null where nothing changed', () => {
    expect(referenceChange(placed(1, 2), [1, 2])).toBeNull()
  })

  it('drops only the one in front that is gone', () => {
    expect(referenceChange(placed(1, 2, 3), [2, 3])).toEqual({ dropped: [{ slot: 0, to: 1 }], added: [] })
  })

  it('puts a new value where the old one was', () => {
    expect(referenceChange(placed(1, 2, 3), [1, 9, 3])).toEqual({ dropped: [{ slot: 1, to: 2 }], added: [{ slot: 1, to: 9 }] })
  })

  it('gives the wanted order for every pair of short lists', () => {
    const lists = [[], ...[1, 2, 3].flatMap((a) => [[a], ...[1, 2, 3].flatMap((b) => [[a, b], ...[1, 2, 3].map((c) => [a, b, c])])])]
    for (const before of lists) for (const after of lists) expect(applied(placed(...before), after)).toEqual(after)
  })
})
