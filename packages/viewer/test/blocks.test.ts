/** Who made the blocks of a heap, asked of the worker's session without a page. */
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { REQUEST_OPCODES } from '@reheap/allocator'
import { afterAll, describe, expect, test } from 'vitest'
import { BlockQuestions } from '../src/session/block-questions.ts'
import { BEFORE_LOG, EMPTY, NO_OBJECT } from '../src/session/explore-messages.ts'
import { PythonSession } from '../src/session/python-session.ts'
import { CYCLES, eventsOf, HELLO, Workplace } from './recordings.ts'
import { opened } from './sessions.ts'
import { Told } from './told.ts'
import { Births, HeapTold } from './told-heap.ts'

const { Malloc, Calloc, Realloc } = REQUEST_OPCODES

/** The items of one list are moved 20,000 times: every one is a block that the last became. */
const MOVED = `kept = [0]
for turn in range(10000):
    kept.extend((turn, turn, turn, turn, turn, turn, turn, turn))
    del kept[1:]
`

const PLAIN = `class Node:
    pass

kept = [Node() for number in range(40)]
`

const place = new Workplace()
afterAll(place.remove)

async function asked(path: string): Promise<{ readonly session: PythonSession; readonly blocks: BlockQuestions }> {
  const { session } = await opened(new Uint8Array(readFileSync(path)), path)
  if (!(session instanceof PythonSession)) throw new Error(`${path} is no log of an interpreter`)
  return { session, blocks: new BlockQuestions(session) }
}

/** Every block of every pool. */
function blocksOf({ session, blocks }: Awaited<ReturnType<typeof asked>>, at: number) {
  const { pools } = session.view(at)
  return Array.from(pools.arenas, (address, arena) => blocks.pool(at, address, (pools.pools[arena] ?? 0) * pools.poolBytes).blocks).flat()
}

test('[V133] a block that was resized ever so often is followed back to where it began', async () => {
  const log = await asked(place.record('moved', MOVED))
  const { length } = log.session.log
  /** By block, how often it was resized so far. */
  const times = new Map<number, number>()
  for (const { code, id, other, length: rows } of log.session.log.batches)
    for (let row = 0; row < rows; row++) {
      if (code[row] === Malloc || code[row] === Calloc) times.set(id[row], 0)
      else if (code[row] === Realloc) times.set(other[row], (times.get(id[row]) ?? 0) + 1)
    }
  expect(Math.max(...blocksOf(log, length).map(({ block }) => times.get(block) ?? 0))).toBeGreaterThan(19_000)
  expect(log.blocks.facets(length, 'type').column.length).toBeGreaterThan(0)
})

test('[V133] and to the object that it was made for', async () => {
  const times = 20_000
  const events = [
    { reheap: 1, runtime: { name: 'cpython', version: '3.13.0', pointerBits: 64 } },
    { kind: 'DefineType', type: 3, layout: 'plain', name: 'Buffer' },
    { kind: 'Malloc', domain: 'obj', block: 1, bytes: 64 },
    { kind: 'Malloc', domain: 'obj', block: 2, bytes: 64 },
    { kind: 'CreateObject', object: 7, type: 3, bytes: 64, block: 2 },
    ...Array.from({ length: times }, (_, turn) => ({
      kind: 'Realloc',
      domain: 'obj',
      block: turn + 2,
      newBlock: turn + 3,
      bytes: 64 + 16 * (turn % 4),
    })),
  ]
  const bytes = new TextEncoder().encode(events.map((event) => `${JSON.stringify(event)}\n`).join(''))
  const { session } = await opened(bytes, 'buffer.jsonl')
  const log = { session: session as PythonSession, blocks: new BlockQuestions(session as PythonSession) }
  const told = blocksOf(log, session.log.length).map(({ block, object, type }) => [block, object, type])
  expect(told.sort()).toEqual([
    [1, null, null],
    [times + 2, 7, 'Buffer'],
  ])
})

test('[V134] in a log without calls of the allocator a block is made by the event that made its object', async () => {
  const path = place.record('plain', PLAIN, '--objects-only')
  place.run(['export', 'plain.arrows', '-o', 'plain.jsonl.gz'])
  const events = eventsOf(place.at('plain.jsonl.gz')) as readonly Record<string, unknown>[]
  const log = await asked(path)
  const at = events.length
  const types = new Map(events.filter(({ kind }) => kind === 'DefineType').map(({ type, name }) => [type, name]))
  const mapped = blocksOf(log, at)
  const nodes = mapped.filter(({ type }) => type === 'Node')
  expect(nodes.length).toBe(40)
  for (const { born, object, type } of mapped) {
    if (born === null || object === null) continue
    const event = events[born] ?? {}
    expect([event.kind, event.object]).toEqual([event.kind === 'ResizeObject' ? 'ResizeObject' : 'CreateObject', object])
    if (event.kind === 'CreateObject') expect(types.get(event.type)).toBe(type)
  }
  // What an object holds beside its own block is made by the event that gave it its size last.
  const list = events.findLast(({ kind, type }) => kind === 'CreateObject' && types.get(type) === 'list')?.object
  const own = (kind: string): number => events.findLastIndex((event) => event.kind === kind && event.object === list)
  expect(mapped.flatMap(({ object, born }) => (object === list ? [born ?? -1] : [])).sort((a, b) => a - b)).toEqual([
    own('CreateObject'),
    own('ResizeObject'),
  ])
  const { types: named, column } = log.blocks.facets(at, 'type')
  expect([...column].map((value) => named[value])).toContain('Node')
  expect(Math.min(...log.blocks.facets(at, 'thread').column.filter((value) => value > BEFORE_LOG))).toBe(0)
})

test('[V135] threads keep their numbers, up to the largest that a log may have', async () => {
  const lines = gunzipSync(readFileSync(HELLO)).toString().trim().split('\n')
  const threaded = lines.map((line, row) => (row === 0 ? line : JSON.stringify({ ...JSON.parse(line), thread: 65_535 })))
  const { session } = await opened(new TextEncoder().encode(threaded.join('\n')), 'threads.jsonl')
  const { column } = new BlockQuestions(session as PythonSession).facets(session.log.length, 'thread')
  expect([...new Set(column)].filter((value) => value >= 0)).toEqual([65_535])
})

/** What is there most often, of several the first. */
function most<A>(values: readonly A[]): A | undefined {
  const many = (value: A): number => values.filter((each) => each === value).length
  return values.reduce<A | undefined>((best, each) => (best === undefined || many(each) > many(best) ? each : best), undefined)
}

describe.each([
  ['requests alone', (): string => HELLO, 60_000],
  ['objects', (): string => place.record('cycles', CYCLES), 900],
  ['objects, to its end', (): string => place.at('cycles.arrows'), Number.POSITIVE_INFINITY],
])('pools in a log of %s', (_, pathOf, until) => {
  test('[V169] have the thread and the type of most of their blocks, and the mean of their events, as the recording has them', async () => {
    const path = pathOf()
    place.run(['export', path, '-o', 'exported.jsonl', '--force'])
    const events = eventsOf(place.at('exported.jsonl'))
    const at = Math.min(until, events.length)
    const births = new Births(events.slice(0, at))
    const heap = await HeapTold.of(new Told(path), at)
    const { blocks } = await asked(path)
    const [age, thread, type] = (['age', 'thread', 'type'] as const).map((by) => blocks.facets(at, by))
    if (age === undefined || thread === undefined || type === undefined) throw new Error('a question has no answer')
    const nameOf = (value: number): string | number => type.types[value] ?? value
    const told = heap.pools.map((_pool, pool) => [age.born[pool], thread.column[pool], nameOf(type.column[pool] ?? EMPTY)])
    const expected = heap.pools.map((pool) => {
      const all = pool.blocks.map(({ block }) => block).sort((a, b) => a - b)
      const known = all.filter((block) => births.born(block) >= 0)
      const none = all.length === 0 ? EMPTY : BEFORE_LOG
      const mean = known.reduce((sum, block) => sum + births.born(block), 0) / known.length
      return [mean, most(known.map(births.thread)) ?? none, most(known.map((block) => births.owner(block)?.type ?? NO_OBJECT)) ?? none]
    })
    expect(told).toEqual(expected)
    expect(expected.filter(([mean]) => !Number.isNaN(mean)).length).toBeGreaterThan(10)
  })
})
