import type { Batch } from '@reheap/kernel'
import { Columns, NO_ID } from '@reheap/kernel'
import { describe, expect, test } from 'vitest'
import { Heap } from '../test/heap.ts'
import { allocatedBlocks, allocatorReducer, type Domain, REJECTIONS, REQUEST_OPCODES, type Request, type RequestOpcode } from './index.ts'

/** Block 1 lies in a pool, block 2 in the C library; block 3 was freed. */
function heap(): Heap {
  const made = new Heap()
  for (const [block, bytes] of [
    [1, 16],
    [2, 100],
    [3, 16],
  ] as const)
    made.do({ kind: 'Malloc', domain: 'obj', block, bytes })
  made.free(3)
  return made
}

const NO_DOMAIN = 'none' as Domain

/** Each row repairs the first fault of the one before; the last row of a kind is accepted. */
const MALLOC: readonly (readonly [Request, string | null])[] = [
  [{ kind: 'Malloc', domain: NO_DOMAIN, block: 1, bytes: -1 }, 'UnknownDomain'],
  [{ kind: 'Malloc', domain: 'obj', block: 1, bytes: -1 }, 'InvalidBytes'],
  [{ kind: 'Malloc', domain: 'obj', block: 1, bytes: 16 }, 'BlockAlreadyLive'],
  [{ kind: 'Malloc', domain: 'obj', block: 9, bytes: 16 }, null],
]
const CALLOC: typeof MALLOC = [
  [{ kind: 'Calloc', domain: NO_DOMAIN, block: 2, count: 2, elementBytes: Number.NaN }, 'UnknownDomain'],
  [{ kind: 'Calloc', domain: 'obj', block: 2, count: 2, elementBytes: Number.NaN }, 'InvalidBytes'],
  [{ kind: 'Calloc', domain: 'obj', block: 2, count: 2, elementBytes: 8 }, 'BlockAlreadyLive'],
  [{ kind: 'Calloc', domain: 'obj', block: 9, count: 2, elementBytes: 8 }, null],
]
const REALLOC: typeof MALLOC = [
  [{ kind: 'Realloc', domain: NO_DOMAIN, block: 3, newBlock: 2, bytes: -1 }, 'UnknownDomain'],
  [{ kind: 'Realloc', domain: 'raw', block: 3, newBlock: 2, bytes: -1 }, 'InvalidBytes'],
  [{ kind: 'Realloc', domain: 'raw', block: 3, newBlock: 2, bytes: 16 }, 'BlockNotLive'],
  [{ kind: 'Realloc', domain: 'raw', block: 1, newBlock: 2, bytes: 16 }, 'BlockAlreadyLive'],
  [{ kind: 'Realloc', domain: 'raw', block: 1, newBlock: 9, bytes: 16 }, 'PoolBlockInRawDomain'],
  [{ kind: 'Realloc', domain: 'obj', block: 1, newBlock: 9, bytes: 16 }, null],
]
const REALLOC_NULL: typeof MALLOC = [
  [{ kind: 'Realloc', domain: NO_DOMAIN, block: null, newBlock: 1, bytes: -1 }, 'UnknownDomain'],
  [{ kind: 'Realloc', domain: 'raw', block: null, newBlock: 1, bytes: -1 }, 'InvalidBytes'],
  [{ kind: 'Realloc', domain: 'raw', block: null, newBlock: 1, bytes: 16 }, 'BlockAlreadyLive'],
  [{ kind: 'Realloc', domain: 'raw', block: null, newBlock: 9, bytes: 16 }, null],
]
const FREE: typeof MALLOC = [
  [{ kind: 'Free', domain: NO_DOMAIN, block: 3 }, 'UnknownDomain'],
  [{ kind: 'Free', domain: 'raw', block: 3 }, 'BlockNotLive'],
  [{ kind: 'Free', domain: 'raw', block: 1 }, 'PoolBlockInRawDomain'],
  [{ kind: 'Free', domain: 'obj', block: 1 }, null],
]
const ARENA: typeof MALLOC = [
  [{ kind: 'ArenaMapped', address: -1, bytes: -1 }, 'InvalidBytes'],
  [{ kind: 'ArenaMapped', address: -1, bytes: 1024 }, 'InvalidAddress'],
  [{ kind: 'ArenaMapped', address: 4096, bytes: 1024 }, null],
]

describe.each([
  ['Malloc', MALLOC],
  ['Calloc', CALLOC],
  ['Realloc', REALLOC],
  ['Realloc of NULL', REALLOC_NULL],
  ['Free', FREE],
  ['ArenaMapped', ARENA],
])('%s', (_, rows) => {
  test.each(rows)('[A40] %j: %s', (request, expected) => {
    expect(heap().rejection(request)).toBe(expected)
  })

  test('[A40] its reasons come in the order of the list', () => {
    const places = rows.flatMap(([, kind]) => (kind === null ? [] : [(REJECTIONS as readonly string[]).indexOf(kind)]))
    expect(places).toEqual([...places].sort((a, b) => a - b))
  })
})

test.each([-1, 0.5, 100.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])('[A40] %d is no number of bytes', (bytes) => {
  expect(heap().rejection({ kind: 'Malloc', domain: 'obj', block: 9, bytes })).toBe('InvalidBytes')
  expect(heap().rejection({ kind: 'Realloc', domain: 'obj', block: 1, newBlock: 9, bytes })).toBe('InvalidBytes')
  expect(heap().rejection({ kind: 'Realloc', domain: 'obj', block: 2, newBlock: 9, bytes })).toBe('InvalidBytes')
  expect(heap().rejection({ kind: 'ArenaMapped', address: 4096, bytes })).toBe('InvalidBytes')
})

test('[A40] a block of the C library may be freed and resized in any domain', () => {
  for (const domain of ['raw', 'mem', 'obj'] as const) {
    expect(heap().rejection({ kind: 'Free', domain, block: 2 })).toBeNull()
    expect(heap().rejection({ kind: 'Realloc', domain, block: 2, newBlock: 9, bytes: 1 })).toBeNull()
  }
})

test('[A40] realloc to the id that the block has is none', () => {
  expect(heap().rejection({ kind: 'Realloc', domain: 'obj', block: 1, newBlock: 1, bytes: 16 })).toBe('BlockAlreadyLive')
})

test.each<[Request, string]>([
  [{ kind: 'Malloc', domain: 'obj', block: 1, bytes: 16 }, 'block 1 is live already: the new block needs an id of its own'],
  [
    { kind: 'Calloc', domain: 'obj', block: 1, count: 7, elementBytes: 16 },
    'block 1 is live already: the new block needs an id of its own',
  ],
  [{ kind: 'Realloc', domain: 'obj', block: 1, newBlock: 2, bytes: 16 }, 'block 2 is live already: the new block needs an id of its own'],
  [{ kind: 'Free', domain: 'obj', block: 3 }, 'block 3 is not live: it was never given out, or was freed before'],
  [{ kind: 'Free', domain: 'raw', block: 1 }, 'block 1 lies in a pool and is released or resized in the raw domain'],
  [{ kind: 'Malloc', domain: 'obj', block: 9, bytes: -4 }, '-4 is no number of bytes'],
  [{ kind: 'ArenaMapped', address: -1, bytes: 1024 }, '-1 is no address'],
  [{ kind: 'Free', domain: NO_DOMAIN, block: 1 }, 'domain 255 is not raw (0), mem (1) or obj (2)'],
])('[A41] %j: %s', (request, message) => {
  const stepped = allocatorReducer.step(heap().state, request)
  expect(stepped).toMatchObject({ _tag: 'Left', left: { index: 4, reason: { message } } })
})

test('[A41] a batch is rejected whole, at its first impossible row', () => {
  const before = heap().state
  const rows = new Columns()
  rows.firstIndex = before.at
  const malloc = (block: number): void => rows.push(REQUEST_OPCODES.Malloc, 0, 2, block, 0, 16, Number.NaN)
  malloc(10)
  rows.push(REQUEST_OPCODES.Free, 0, 2, 77, 0, 0, Number.NaN)
  malloc(10)
  rows.push(REQUEST_OPCODES.Free, 0, 2, NO_ID, 0, 0, Number.NaN)
  const folded = allocatorReducer.fold(before, rows as Batch<RequestOpcode>)
  expect(folded).toMatchObject({ _tag: 'Left', left: { index: 5, reason: { kind: 'BlockNotLive' } } })
  expect(allocatedBlocks(before)).toBe(2)
})
