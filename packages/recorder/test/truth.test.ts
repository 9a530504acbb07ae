/** Real programs under every CPython of this machine: what is recorded is replayed, and every address and figure must agree. */
import { readFileSync, rmSync } from 'node:fs'
import { isRight } from 'fp-ts/lib/Either.js'
import { afterAll, describe, expect, test } from 'vitest'
import { someOf } from '../../../scripts/tests/effort.ts'
import type { Interpreter } from '../src/interpreter.ts'
import { folder, lack, pythons, type Recorded, recorded } from './recorded.ts'

afterAll(() => rmSync(folder, { recursive: true }))

const CHURN = `
import random
random.seed(1)
class Node:
    def __init__(self, n): self.n, self.other = n, self
live = []
for i in range(12000):
    k = random.random()
    if k < 0.4: live.append([i] * random.randrange(1, 80))
    elif k < 0.5: live.append({j: str(j) for j in range(random.randrange(20))})
    elif k < 0.6: live.append(b'x' * random.randrange(0, 600))
    elif k < 0.7: live.append(Node(i))
    elif live: live[random.randrange(len(live))] = None
    if len(live) > 3000: del live[:1500]
`
const THREADS = `
import threading
def work():
    kept = []
    for i in range(4000):
        kept.append([i] * (i % 50))
        if len(kept) > 100: kept.pop(i % 100)
threads = [threading.Thread(target=work) for _ in range(3)]
for thread in threads: thread.start()
for thread in threads: thread.join()
`
/** Interpreters one after the other, then side by side; the last line says how many have a heap of their own. */
const INTERPRETERS = `
import sys, threading
code = '''
kept = []
for i in range(5000):
    kept.append([i] * (i % 50))
    if len(kept) > 100: kept.pop(i % 100)
'''
try:
    import _interpreters as interpreters
    run = interpreters.exec
except ImportError:
    import _xxsubinterpreters as interpreters
    run = interpreters.run_string
ids = [interpreters.create() for _ in range(3)]
run(ids[0], code)
interpreters.destroy(ids[0])
threads = [threading.Thread(target=run, args=(id, code)) for id in ids[1:]]
for thread in threads: thread.start()
exec(code)
for thread in threads: thread.join()
for id in ids[1:]: interpreters.destroy(id)
`
/** What the README tells programs to do. */
const [, MARKS = ''] = /^```python\n([\s\S]*?)^```/m.exec(readFileSync(new URL('../README.md', import.meta.url), 'utf8')) ?? []
const STATES = `
import reheap_recorder
reheap_recorder.mark('first')
kept = [[i] for i in range(1000)]
reheap_recorder.observe()
reheap_recorder.mark('second')
`

const labels = ({ events }: Recorded): unknown[] =>
  events.filter(({ kind }) => kind === 'Mark').map(({ detail }) => (detail as { label: string }).label)
const observed = ({ events }: Recorded): unknown[] =>
  events.filter(({ kind }) => kind === 'Observe').map(({ detail }) => (detail as { of: string }).of)

/** The replay agrees with the recording in everything, and the recording is whole. */
function expectTrue({ result, report }: Recorded): void {
  expect(result).toMatchObject({ right: { findings: [], isFinalized: true, unknownFrees: 0, lostFrees: 0, exit: { status: 0 } } })
  expect(report).toMatchObject({ mismatches: 0, first: [], unanswered: 0 })
  expect(report?.events).toBe(isRight(result) ? result.right.events : -1)
}

const name = ({ version, pointerBits }: Interpreter): string => `${version} (${pointerBits}-bit)`
const each = pythons.map((python) => [name(python), python] as const)

describe.skipIf(lack !== '')(`every address and figure agrees with the replay${lack}`, () => {
  test.each(someOf(each))('[R1] churn, from the first request to the last, CPython %s', async (_, { command }) => {
    const recording = await recorded({ python: command, script: CHURN, keep: 'all' })
    expectTrue(recording)
    expect(recording.events[0]?.kind).toBe('ArenaMapped')
    expect(recording.events.at(-1)).toMatchObject({ kind: 'Mark', detail: { label: 'finalized' } })
    const ids = recording.events.flatMap((event) =>
      event.kind === 'Realloc' ? [event.other] : /alloc$/.test(event.kind) ? [event.id] : [],
    )
    expect(ids.every((id, place) => id === place + 1)).toBe(true)
  })

  test.each(someOf(each, 1))(
    '[R3] arenas stand just before the request that caused them, and nothing else is one, CPython %s',
    async (_, { command, minor, pointerBits }) => {
      // From 3.11 on the interpreter takes memory for deep recursion from the arena allocator.
      const script = `import sys\nsys.setrecursionlimit(5000)\ndef f(n): return 0 if n == 0 else f(n - 1)\nf(4000)\n${CHURN}`
      const recording = await recorded({ python: command, script, keep: 'all' })
      expectTrue(recording)
      const arenas = recording.events.filter(({ kind }) => kind === 'ArenaMapped')
      expect(new Set(arenas.map(({ size }) => size))).toStrictEqual(new Set([minor >= 10 && pointerBits === 64 ? 1 << 20 : 1 << 18]))
      const isRequest = (kind: string | undefined): boolean => ['Malloc', 'Calloc', 'Realloc', 'Free'].includes(kind ?? '')
      for (const { index, kind } of recording.events)
        if (kind.startsWith('Arena')) expect(isRequest(recording.events[index + 1]?.kind)).toBe(true)
    },
  )

  test.each(someOf(each, 2))('[R4] threads keep their order and have numbers, the main one 0, CPython %s', async (_, { command }) => {
    const recording = await recorded({ python: command, script: THREADS, keep: 'all' })
    expectTrue(recording)
    const first = [...new Set(recording.events.map(({ thread = 0 }) => thread))]
    expect(first).toStrictEqual([0, 1, 2, 3])
  })

  test.each(
    someOf(
      each.filter(([, { minor }]) => minor >= 8),
      3,
    ),
  )('[R5] interpreters with a heap of their own are kept apart, CPython %s', async (_, { command, minor }) => {
    const recording = await recorded({ python: command, script: INTERPRETERS, keep: 'all' })
    expectTrue(recording)
    expect(new Set(recording.events.map(({ heap = 0 }) => heap)).size).toBe(minor >= 12 ? 4 : 1)
  })

  test.each(someOf(each, 1))(
    '[R7] [R8] [R10] marks and observations, of the interpreter and of the program, CPython %s',
    async (_, { command }) => {
      const recording = await recorded({ python: command, script: STATES })
      expectTrue(recording)
      expect(labels(recording)).toStrictEqual(['initialized', 'first', 'second', 'finalizing', 'finalized'])
      expect(observed(recording)).toStrictEqual(['allocatorStats', 'allocatedBlocks', 'allocatorStats', 'allocatedBlocks'])
      const told = await recorded({ python: command, script: MARKS })
      expectTrue(told)
      expect(labels(told)).toStrictEqual(['initialized', 'loaded', 'finalizing', 'finalized'])
      expect(observed(told)).toStrictEqual(observed(recording))
      const times = recording.events.map(({ time }) => time)
      expect(times).toStrictEqual([...times].sort((a = 0, b = 0) => a - b))
    },
  )

  test.each(someOf(each, 2))('[R9] observations at intervals, CPython %s', async (_, { command, minor }) => {
    const recording = await recorded({ python: command, script: CHURN, observeEvery: 2000 })
    expectTrue(recording)
    const of = observed(recording)
    const regular = of.filter((each) => each === 'allocatorStats').length
    expect(regular).toBeGreaterThan(10)
    // In passing, the count can be had up to 3.11 only; at the end, always.
    expect(of.filter((each) => each === 'allocatedBlocks')).toHaveLength(minor <= 11 ? regular : 1)
  })

  test.each(someOf(each, 3))('[R8] observing asks the allocator for nothing, CPython %s', async (_, { command }) => {
    const script = 'import reheap_recorder\nobserve = reheap_recorder.observe\nobserve()\nobserve()\n'
    const recording = await recorded({ python: command, script, keep: 'all' })
    expectTrue(recording)
    const first = recording.events.findIndex(({ kind }) => kind === 'Observe')
    expect(recording.events.slice(first, first + 4).map(({ kind }) => kind)).toStrictEqual(['Observe', 'Observe', 'Observe', 'Observe'])
    expect(recording.events.slice(first, first + 2).map(({ detail }) => detail)).toStrictEqual(
      recording.events.slice(first + 2, first + 4).map(({ detail }) => detail),
    )
  })
})
