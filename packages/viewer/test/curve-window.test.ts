import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { type CloserPart, cellWidth, closerPart, wantedPart, windowOf } from '../src/page/curve-window.ts'
import type { Curve } from '../src/session/messages.ts'
import { overviewOf } from './overview.ts'

const EVENTS = 200

/** Values after each event as a curve, from event `from` up to `to`. */
function curveOf(values: readonly number[], width: number, from = 0, to = values.length): Curve {
  const stretches = Array.from({ length: Math.ceil((to - from) / width) }, (_, place) =>
    values.slice(from + place * width, Math.min(to, from + (place + 1) * width)),
  )
  return {
    key: 'heldBytes',
    label: 'held',
    unit: 'bytes',
    axis: 'bytes',
    from,
    width,
    min: Float64Array.from(stretches, (each) => Math.min(...each)),
    max: Float64Array.from(stretches, (each) => Math.max(...each)),
  }
}

const level = (value: number, width: number, from: number, to: number): Curve => curveOf(Array(to).fill(value), width, from, to)

const arbitraryValues = fc.array(fc.nat(1000), { minLength: EVENTS, maxLength: EVENTS })

describe('curves on the screen', () => {
  test.prop([
    arbitraryValues,
    fc.constantFrom(1, 2, 4, 8),
    fc.constantFrom(8, 16, 64, 256),
    fc.nat(EVENTS - 1),
    fc.integer({ min: 1, max: EVENTS }),
  ])(
    '[V49] a cell has the smallest and largest value of its events, whatever the width of the stretches below it',
    (values, stretch, width, from, span) => {
      const { x, min, max } = windowOf([curveOf(values, stretch)], [], from, Math.min(EVENTS, from + span), width)
      expect(x[0]).toBe(Math.floor(from / width) * width)
      x.forEach((cell, place) => {
        const within = values.slice(cell, cell + width)
        expect([min[0]?.[place], max[0]?.[place]]).toEqual([Math.min(...within), Math.max(...within)])
      })
    },
  )

  test.prop([arbitraryValues, fc.constantFrom(1, 2), fc.nat(EVENTS / 8 - 2)])(
    '[V49] where a part is known closer it is drawn closer, and around it as the whole log is',
    (values, width, eighth) => {
      const [from, to] = [eighth * 8, eighth * 8 + 16]
      const log = overviewOf(EVENTS, [curveOf(values, 8)])
      const part = closerPart(log, { from, to, curves: [curveOf(values, width, from, to)], times: null })
      const { x, max } = windowOf(log.curves, [part], 0, EVENTS, width)
      x.forEach((cell, place) => {
        const stretch = cell - (cell % 8)
        const known = cell >= from && cell < to ? values.slice(cell, cell + width) : values.slice(stretch, stretch + 8)
        expect([cell, max[0]?.[place]]).toEqual([cell, Math.max(...known)])
      })
    },
  )

  test('[V49] of two parts the closer one is drawn, and what a part does not name holds nothing there', () => {
    const log = overviewOf(EVENTS, [level(7, 8, 0, EVENTS), { ...level(7, 8, 0, EVENTS), key: 'objects' }])
    const coarse = closerPart(log, { from: 0, to: 64, curves: [level(5, 4, 0, 64)], times: null })
    const close = closerPart(log, { from: 32, to: 48, curves: [level(3, 1, 32, 48)], times: null })
    for (const parts of [
      [coarse, close],
      [close, coarse],
    ]) {
      const { max } = windowOf(log.curves, parts, 16, 72, 8)
      expect(max).toEqual([
        [5, 5, 3, 3, 5, 5, 7],
        [0, 0, 0, 0, 0, 0, 7],
      ])
    }
  })

  test('[V125] of two logs on one axis the shorter has no value behind its end, and none where it ends within a stretch', () => {
    const curves = [curveOf([1, 2, 3, 4], 1), level(9, 4, 0, 8), { ...level(5, 4, 0, 4), end: 3 }]
    const { min, max } = windowOf(curves, [], 0, 8, 1)
    expect(max).toEqual([
      [1, 2, 3, 4, null, null, null, null],
      [9, 9, 9, 9, 9, 9, 9, 9],
      [5, 5, 5, null, null, null, null, null],
    ])
    expect(min[0]).toEqual([1, 2, 3, 4, null, null, null, null])
    expect(windowOf(curves, [], 0, 8, 2).max[0]).toEqual([2, 4, null, null])
  })

  test.prop([fc.nat(10 ** 8), fc.integer({ min: 1, max: 10 ** 8 }), fc.integer({ min: 1, max: 4000 })])(
    '[V49] cells are no more than can be told apart, and more than half as many',
    (from, span, points) => {
      const width = cellWidth(from, from + span, points)
      expect(Math.log2(width) % 1).toBe(0)
      expect(span / width).toBeLessThanOrEqual(points)
      if (width > 1) expect(span / width).toBeGreaterThan(points / 2)
    },
  )
})

describe('what is asked for closer', () => {
  const log = overviewOf(1024 * 1000, [level(1, 1024, 0, 1024 * 1000)])
  const part = (from: number, to: number, width: number): CloserPart => ({ from, to, width, curves: new Map(), times: null })

  test('[V49] nothing while a stretch is no wider than a pixel, or a closer part holds what is shown', () => {
    expect(wantedPart(log, [], [0, 1024 * 1000], 1000)).toBeNull()
    expect(wantedPart(log, [part(0, 65_536, 4)], [1000, 5000], 1000)).toBeNull()
    expect(wantedPart(overviewOf(EVENTS, [level(1, 1, 0, EVENTS)]), [], [0, 10], 1000)).toBeNull()
  })

  test('[V49] else what is shown and as much on both sides, from a place where a state may be kept, within the log', () => {
    expect(wantedPart(log, [], [100_000, 101_000], 1000)).toEqual({ from: 98_304, to: 114_688 })
    expect(wantedPart(log, [part(0, 65_536, 4)], [60_000, 70_000], 1000)).toEqual({ from: 49_152, to: 81_920 })
    expect(wantedPart(log, [part(0, 65_536, 4)], [1000, 1100], 1000)).toEqual({ from: 0, to: 16_384 })
    expect(wantedPart(log, [], [1_020_000, 1_030_000], 1000)).toEqual({ from: 999_424, to: 1_024_000 })
  })

  test('[V36] nothing behind the end of the log, where a longer one stands beside it', () => {
    expect(wantedPart(log, [], [1_024_000, 1_025_000], 1000)).toBeNull()
  })
})
