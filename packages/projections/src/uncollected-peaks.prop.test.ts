import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import type { WaitingSpan } from './uncollected.ts'
import { UncollectedPeaks } from './uncollected-peaks.ts'

const arbitrarySpans = fc
  .array(fc.record({ since: fc.nat(40), length: fc.integer({ min: 1, max: 20 }), bytes: fc.nat(100), isTracked: fc.boolean() }), {
    maxLength: 30,
  })
  .map((spans) => spans.map(({ since, length, ...span }): WaitingSpan => ({ ...span, since, until: since + length })))
  .map((spans) => spans.sort((a, b) => a.until - b.until))

test.prop([arbitrarySpans])('[P15] the peaks of what waits are those of every single moment', (spans) => {
  const peaks = new UncollectedPeaks()
  for (const span of spans) peaks.add(span)
  const most = (amount: (span: WaitingSpan) => number): number => {
    const moments = spans.map(({ until }) => until)
    const waiting = (event: number) => spans.filter(({ since, until }) => since < event && event <= until)
    return Math.max(0, ...moments.map((event) => waiting(event).reduce((sum, span) => sum + amount(span), 0)))
  }
  expect(peaks.peak('objects').value).toBe(most(() => 1))
  expect(peaks.peak('containers').value).toBe(most(({ isTracked }) => (isTracked ? 1 : 0)))
  expect(peaks.peak('bytes').value).toBe(most(({ bytes }) => bytes))
})
