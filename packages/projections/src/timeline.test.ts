import { expect, test } from 'vitest'
import { type Request, ran } from '../test/objects.ts'
import { Timeline } from './timeline.ts'

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
