import { Columns, type FactBatch } from '@reheap/kernel'
import { expect, test } from 'vitest'
import { type Request, ran } from '../test/objects.ts'
import { TIMELINE_LAYERS, Timeline } from './timeline.ts'

const LOG: readonly Request[] = [
  { kind: 'DefineType', type: 0, layout: 'list', name: 'list' },
  ...Array.from({ length: 20 }, (_, object): Request => ({ kind: 'CreateObject', object, type: 0, bytes: 56 })),
  ...Array.from({ length: 15 }, (_, to): Request => ({ kind: 'DropReference', from: null, to })),
]

test('[P16] objects and their bytes are layers of a timeline like any other: peaks are kept, stretches join', () => {
  for (const points of [2, 8, 64]) {
    const timeline = new Timeline(16, points)
    timeline.feed(ran(LOG).facts)
    const stretches = timeline.points(LOG.length)
    expect(stretches.length).toBeLessThanOrEqual(points)
    expect(Math.max(...stretches.map(({ max }) => max.objects))).toBe(20)
    expect(Math.max(...stretches.map(({ max }) => max.objectBytes))).toBe(20 * 56)
    expect(stretches.at(-1)?.last).toMatchObject({ objects: 5, objectBytes: 5 * 56 })
    // Event n creates object n - 1, and each event from 21 on takes one.
    for (const { to, last } of stretches) expect(last.objects).toBe(to <= 21 ? to - 1 : 41 - to)
  }
})

/** The facts of the events from one on. */
function causedFrom({ code, cause, tag, id, other, size, address, length }: FactBatch, at: number): FactBatch {
  const rest = new Columns()
  for (let row = 0; row < length; row++)
    if (cause[row] >= at) rest.push(code[row], cause[row], tag[row], id[row], other[row], size[row], address[row])
  return rest
}

/** Objects that hold lists of changing size beside them. */
const HOLDERS: readonly Request[] = [
  { kind: 'DefineType', type: 0, layout: 'list', name: 'list' },
  ...Array.from({ length: 12 }, (_, object): Request[] => [
    { kind: 'CreateObject', object, type: 0, bytes: 56 },
    { kind: 'ResizeObject', object, bytes: 100 + object },
    { kind: 'ResizeObject', object: object >> 1, bytes: 40 },
  ]).flat(),
  ...Array.from({ length: 6 }, (_, to): Request[] => [
    { kind: 'DropReference', from: null, to: 2 * to },
    { kind: 'ResizeObject', object: 2 * to + 1, bytes: 8 },
  ]).flat(),
]

test('[P27] a timeline that begins anywhere within a log has the values that the whole one has from there on', () => {
  const whole = new Timeline(16, 64)
  whole.feed(ran(HOLDERS).facts)
  for (let at = 0; at <= HOLDERS.length; at++) {
    const { objects } = ran(HOLDERS.slice(0, at))
    const usage = { requestedBytes: 0, blockBytes: 0, arenaBytes: 0, cLibraryBytes: 0, liveBlocks: 0, arenas: 0 }
    const part = new Timeline(16, 64, { at, usage, objects })
    part.feed(causedFrom(ran(HOLDERS).facts, at))
    for (const layer of TIMELINE_LAYERS) {
      const { from, width, last } = part.curve(layer, HOLDERS.length)
      expect([at, layer, from, width, [...last]]).toEqual([at, layer, at, 1, [...whole.curve(layer, HOLDERS.length).last.subarray(at)]])
    }
  }
})
