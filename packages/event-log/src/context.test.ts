import { NO_ID } from '@reheap/kernel'
import { describe, expect, it } from 'vitest'
import { columnsOf, logOf, must, open, someRows } from '../test/logs.ts'
import { contextOf, unwrapDetail, wrapDetail } from './context.ts'
import { Malformed } from './error.ts'

describe('context without a column', () => {
  it.each([
    { detail: null, context: null, stored: null },
    { detail: '{"label":"x"}', context: null, stored: '{"label":"x"}' },
    { detail: null, context: { thread: 1 }, stored: '{"":{"thread":1}}' },
    { detail: '{"label":"x"}', context: { time: 5, heap: 2 }, stored: '{"":{"time":5,"heap":2},"label":"x"}' },
    { detail: '{}', context: { thread: 1 }, stored: '{"":{"detail":"{}","thread":1}}' },
    { detail: '{"":{"thread":9}}', context: null, stored: '{"":{"detail":"{\\"\\":{\\"thread\\":9}}"}}' },
    { detail: '{"a":{"b":"}"},"":{"thread":9}}', context: { thread: 1 }, stored: '{"":{"thread":1},"a":{"b":"}"},"":{"thread":9}}' },
  ])('[E5] $detail with $context is stored as $stored and comes back', ({ detail, context, stored }) => {
    expect(wrapDetail(detail, context)).toBe(stored)
    if (stored?.startsWith('{"":{')) expect(unwrapDetail(stored)).toEqual({ detail, context: context ?? {} })
  })

  it('[E5] the batch has the column where one row has a value, and only then', async () => {
    const rows = someRows(3).map((row) => ({ ...row, context: {} }))
    const { log } = await logOf([rows, [...rows, { ...(rows[0] as (typeof rows)[0]), context: { heap: 2, stack: 5 } }]])
    const opened = must(await open(log))
    const first = must(await opened.batch(0))
    const second = must(await opened.batch(1))
    expect([first.time, first.thread, first.heap, first.stack]).toEqual([null, null, null, null])
    expect([second.time, second.thread, second.heap, second.stack]).toEqual([
      null,
      null,
      Uint16Array.of(0, 0, 0, 2),
      Uint32Array.of(NO_ID, NO_ID, NO_ID, 5),
    ])
  })

  it('[E5] contextOf leaves out what holds its default', () => {
    const columns = columnsOf(someRows(2).map((row) => ({ ...row, context: { time: 1, stack: 3 } })))
    columns.push(1, 0, 0, 0, 0, 0)
    expect(contextOf(columns, 0)).toEqual({ time: 1, stack: 3 })
    expect(contextOf(columns, 2)).toEqual({})
  })

  it.each([
    '{"":{"thread":70000}}',
    '{"":{"stack":-1}}',
    '{"":{"thread":"x"}}',
    '{"":{oops}}',
    '{"":{"detail":3}}',
    '{"":{"heap":1.5}}',
    '{"":{',
  ])('[E27] an impossible context is refused: %s', (stored) => {
    expect(() => unwrapDetail(stored)).toThrow(Malformed)
  })
})
