import { REQUEST_OPCODES } from '@reheap/cycle-gc'
import { ANY_LAYER_OPCODES, EventColumns, NO_ID } from '@reheap/kernel'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LineHistory } from '../src/page/playground/line-history.ts'

const { Stack, Observe } = ANY_LAYER_OPCODES
const LINES = 7
const STEPS = 5000

/** A program that runs seven lines again and again, and collects now and then. */
function program(): EventColumns {
  const log = new EventColumns()
  const add = (code: number, detail: string | null, stack = NO_ID): void => {
    const row = log.length
    log.push(code, 0, NO_ID, NO_ID, Number.NaN, Number.NaN)
    log.setContext(row, { stack })
    if (detail !== null) log.setDetail(row, detail)
  }
  for (let line = 1; line <= LINES; line++)
    add(Stack, JSON.stringify({ stack: line, frames: [{ file: 'program.py', line, function: 'main' }] }))
  for (let step = 0; step < STEPS; step++) {
    const line = (step % LINES) + 1
    if (step % 50 === 0) add(REQUEST_OPCODES.Collect, null)
    if (step % 50 === 0) add(Observe, `{"of":"collection","values":{"generation":2,"collected":${step},"uncollectable":0}}`, line)
    const values = {
      line,
      runs: 1,
      born: step % 3,
      died: step % 2,
      bytesRequested: step,
      bytesReleased: 1,
      names: { [`name${step % 5}`]: step },
    }
    add(Observe, JSON.stringify({ of: 'line', values }), line)
  }
  return log
}

test('[V148] wherever the cursor comes from, figures of lines are those up to it', () => {
  const log = program()
  const history = new LineHistory()
  history.append(log)
  expect(history.steps.length).toBe(STEPS)
  const plain = (told: LineHistory, at: number): unknown =>
    JSON.parse(JSON.stringify([...told.lines(at)].map(([line, { names, ...rest }]) => [line, rest, [...names]])))
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: log.length }), { minLength: 1, maxLength: 6 }), (places) => {
      for (const at of places) {
        const fresh = new LineHistory()
        fresh.append(log)
        expect(plain(history, at)).toEqual(plain(fresh, at))
        const done = history.steps.filter((step) => step.at <= at)
        expect(history.placeAt(at)).toBe(done.length - 1)
        for (let line = 1; line <= LINES; line++) expect(history.lastRun(line, at)).toBe(done.findLast((step) => step.line === line)?.at)
      }
    }),
    { numRuns: 40 },
  )
})
