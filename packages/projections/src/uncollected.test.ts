import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { UNCOLLECTED_MEASURES, Uncollected, type WaitingSpan } from './uncollected.ts'
import { UncollectedPeaks } from './uncollected-peaks.ts'

const EVENTS = 60
const spans = fc
  .array(fc.record({ since: fc.nat(EVENTS - 1), length: fc.nat(20), bytes: fc.nat(100), isTracked: fc.boolean() }), { maxLength: 30 })
  .map((all) =>
    all
      .map(({ since, length, ...more }) => ({ since, until: Math.min(EVENTS, since + length), ...more }))
      .sort((a, b) => a.until - b.until),
  )

/** After each event: objects, containers and bytes of the spans that cover it. */
const levels = (all: readonly WaitingSpan[]): readonly (readonly [number, number, number])[] =>
  Array.from({ length: EVENTS }, (_, event) => {
    const waiting = all.filter(({ since, until }) => since <= event && event < until)
    return [waiting.length, waiting.filter(({ isTracked }) => isTracked).length, waiting.reduce((sum, { bytes }) => sum + bytes, 0)]
  })

/** The largest level in each stretch that begins at a bound. */
const most = (values: readonly number[], bounds: readonly number[]): readonly number[] =>
  bounds.map((from, place) => Math.max(0, ...values.slice(from, bounds[place + 1] ?? EVENTS)))

describe('garbage that waits', () => {
  test.prop([spans, fc.integer({ min: 1, max: 9 })])('[P15] within each stretch the most that waited after any event', (all, width) => {
    const waiting = new Uncollected(64)
    for (const span of all) waiting.add(span)
    expect(waiting.width).toBe(1)
    const bounds = Array.from({ length: Math.ceil(EVENTS / width) }, (_, place) => place * width)
    for (const [place, measure] of UNCOLLECTED_MEASURES.entries())
      expect(waiting.most(measure, bounds)).toEqual(
        most(
          levels(all).map((level) => level[place] as number),
          bounds,
        ),
      )
  })

  test.prop([spans])('[P15] with too few stretches it is an upper bound, and what waits nowhere near is not counted', (all) => {
    const waiting = new Uncollected(8)
    for (const span of all) waiting.add(span)
    const bounds = Array.from({ length: EVENTS }, (_, event) => event)
    const exact = levels(all)
    for (const [place, measure] of UNCOLLECTED_MEASURES.entries()) {
      const bound = waiting.most(measure, bounds)
      const { width } = waiting
      for (const event of bounds) {
        expect(bound[event]).toBeGreaterThanOrEqual(exact[event]?.[place] as number)
        const near = all.filter(
          ({ since, until }) => until > since && Math.floor(since / width) * width <= event && event < Math.ceil(until / width) * width,
        )
        if (near.length === 0) expect(bound[event]).toBe(0)
      }
    }
  })

  test.prop([spans])('[P15] the peaks are the largest of these values where garbage goes at collections', (all) => {
    const peaks = new UncollectedPeaks()
    for (const span of all) if (span.until > span.since) peaks.add(span)
    for (const [place, measure] of UNCOLLECTED_MEASURES.entries())
      expect(peaks.peak(measure).value).toBe(Math.max(0, ...levels(all).map((level) => level[place] as number)))
  })
})
