import { ANY_LAYER_OPCODES, EventColumns, NO_ID } from '@reheap/kernel'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LogBatches } from './log-batches.ts'
import { SourceLines } from './source-lines.ts'
import { Stacks } from './stacks.ts'

/** Lines of so many stacks: two of them are one line, and one has no frames. */
const LINES = [7, 7, 9, null] as const
const SOME_KIND = 1

/** A log of events by their stacks, in batches. */
function linesOf(batches: readonly (readonly (number | null)[])[], ofStacks: readonly (number | null)[] = LINES): SourceLines {
  const log = new LogBatches()
  const head = new EventColumns(ofStacks.length, 0)
  for (const [stack, line] of ofStacks.entries()) {
    head.push(ANY_LAYER_OPCODES.Stack, 0, NO_ID, NO_ID, Number.NaN, Number.NaN)
    head.setDetail(stack, JSON.stringify({ stack, frames: line === null ? [] : [{ file: 'program.py', line, function: 'run' }] }))
  }
  log.add(head)
  for (const stacks of batches) {
    const batch = new EventColumns(stacks.length, log.length)
    for (const [row, stack] of stacks.entries()) {
      batch.push(SOME_KIND, 0, NO_ID, NO_ID, Number.NaN, Number.NaN)
      if (stack !== null) batch.setContext(row, { stack })
    }
    log.add(batch)
  }
  const store = {
    name: 'log',
    header: { reheap: 1 as const, runtime: { name: 'cpython', version: '3.13' } },
    batches: log,
    length: log.length,
    notes: [],
  }
  return new SourceLines(store, new Stacks(store))
}

/** The answer, and the steps before it. */
function stepped(lines: SourceLines, from: number, direction: 1 | -1): { readonly index: number | null; readonly steps: number } {
  const answer = lines.step(from, direction)
  for (let steps = 0; ; steps++) {
    const step = answer.next()
    if (step.done === true) return { index: step.value, steps }
  }
}

/** The same event by event. */
function walked(all: readonly (number | null)[], from: number, direction: 1 | -1): number | null {
  const lineOf = (index: number): number | null => LINES[all[index] ?? NO_ID] ?? null
  let own: number | null = null
  for (let index = from; index >= 0; index--)
    if (all[index] !== null) {
      own = lineOf(index)
      break
    }
  for (let index = from + direction; index >= 0 && index < all.length; index += direction)
    if (all[index] !== null && lineOf(index) !== own) return index
  return null
}

const stack = fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, fc.nat(LINES.length - 1))

test('[V87] the next line and the one before are those that a walk event by event finds', () => {
  fc.assert(
    fc.property(fc.array(fc.array(stack, { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 5 }), (batches) => {
      const all = [...LINES.map(() => null), ...batches.flat()]
      const lines = linesOf(batches)
      for (let from = -1; from < all.length; from++)
        for (const direction of [1, -1] as const)
          expect([from, direction, stepped(lines, from, direction).index]).toEqual([from, direction, walked(all, from, direction)])
    }),
  )
})

test('[V87] a line that many events are of is passed in steps, both ways', () => {
  const alike = Array.from({ length: 100_000 }, (_, index) => index % 2)
  const lines = linesOf([[2], alike, [2]])
  const first = LINES.length
  const last = first + alike.length + 1
  expect(stepped(lines, first + 1, 1)).toMatchObject({ index: last })
  expect(stepped(lines, last - 1, -1)).toMatchObject({ index: first })
  for (const [from, direction] of [
    [first + 1, 1],
    [last - 1, -1],
  ] as const)
    expect(stepped(lines, from, direction).steps).toBeGreaterThanOrEqual(6)
})

test('[V87] so is one that many stacks are of', () => {
  const ofStacks = [...Array.from({ length: 1000 }, () => 7), 9]
  const lines = linesOf([[...ofStacks.keys()]], ofStacks)
  const { index, steps } = stepped(lines, ofStacks.length, 1)
  expect(index).toBe(2 * ofStacks.length - 1)
  expect(steps).toBeGreaterThanOrEqual(5)
})
