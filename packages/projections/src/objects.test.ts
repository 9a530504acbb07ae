import { objectGraph } from '@reheap/refcount'
import { describe, expect, test } from 'vitest'
import { type Request, ran } from '../test/objects.ts'
import { RunningObjects } from './objects.ts'

const LIST = 0
const NODE = 1
const BEGIN: readonly Request[] = [
  { kind: 'DefineType', type: LIST, layout: 'list', name: 'list' },
  { kind: 'DefineType', type: NODE, layout: 'slots', name: 'Node' },
]
const made = (object: number, type = LIST, bytes = 56): Request => ({ kind: 'CreateObject', object, type, bytes })
const held = (from: number | null, to: number): Request => ({ kind: 'AddReference', from, to })
const dropped = (to: number, from: number | null = null): Request => ({ kind: 'DropReference', from, to })
const resized = (object: number, bytes: number): Request => ({ kind: 'ResizeObject', object, bytes })

function counted(requests: readonly Request[]): RunningObjects {
  const counts = new RunningObjects()
  counts.feed(ran([...BEGIN, ...requests]).facts)
  return counts
}

describe('live objects', () => {
  test('[P8] they and their bytes are those of the heap', () => {
    const requests = [
      made(0),
      resized(0, 64),
      made(1, NODE, 40),
      held(0, 1),
      dropped(1),
      resized(0, 96),
      made(2),
      dropped(2),
      made(3, NODE, 40),
    ]
    for (let length = 0; length <= requests.length; length++) {
      const log = [...BEGIN, ...requests.slice(0, length)]
      const graph = objectGraph(ran(log).objects)
      const live = Array.from({ length: graph.rows }, (_, row) => row).filter((row) => graph.count[row] > 0)
      const { objects, bytes } = counted(requests.slice(0, length))
      expect([objects, bytes]).toEqual([live.length, live.reduce((sum, row) => sum + graph.bytesOf(row), 0)])
    }
  })

  test('[P8] a peak is the largest value, with the event after which it was first reached', () => {
    const counts = counted([made(0), made(1), dropped(1), resized(0, 1000), resized(0, 0), made(2)])
    expect(counts.peak('objects')).toEqual({ value: 2, index: 3 })
    expect(counts.peak('objectBytes')).toEqual({ value: 1056, index: 5 })
    expect([counts.born, counts.died, counts.reused]).toEqual([3, 1, 1])
  })

  test('[P8] births and deaths are counted by type, those with the most live bytes first', () => {
    const counts = counted([made(0, NODE, 40), made(1), made(2), dropped(1), made(3, NODE, 40)])
    expect(counts.types()).toEqual([
      { type: NODE, born: 2, died: 0, bytes: 80 },
      { type: LIST, born: 2, died: 1, bytes: 56 },
    ])
  })

  test('[P8] types with sparse numbers are counted too', () => {
    const counts = counted([{ kind: 'DefineType', type: 5000, layout: 'plain', name: 'str' }, made(0, 5000, 49)])
    expect(counts.types()).toEqual([{ type: 5000, born: 1, died: 0, bytes: 49 }])
  })
})
