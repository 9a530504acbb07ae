import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import type { EventTimes } from '../session/messages.ts'
import { ticksOf, timeAxis } from './timeline-axis.ts'

/** Sums of steps, so that each is larger than the one before. */
const ascending = (length: number, step: number) =>
  fc.array(fc.integer({ min: 1, max: step }), { minLength: length, maxLength: length }).map((steps) => {
    let sum = 0
    return steps.map((each) => (sum += each))
  })

const arbitraryTimes = fc
  .tuple(ascending(12, 50), ascending(12, 1000))
  .map(([event, time]): EventTimes => ({ event: Float64Array.from(event), time: Float64Array.from(time) }))

test.prop([arbitraryTimes, fc.double({ min: 0, max: 1, noNaN: true })])(
  '[V80] a known event is at its time, one between two known ones between their times, and either tells the other',
  (times, share) => {
    const { toAxis, toEvent } = timeAxis(times, [])
    times.event.forEach((event, place) => {
      expect(toAxis(event)).toBe(times.time[place])
      expect(toEvent(times.time[place] as number)).toBe(event)
    })
    const event = (times.event[0] as number) + share * ((times.event.at(-1) as number) - (times.event[0] as number))
    const place = times.event.findLastIndex((known) => known <= event)
    expect(toAxis(event)).toBeGreaterThanOrEqual(times.time[place] as number)
    expect(toAxis(event)).toBeLessThanOrEqual(times.time[Math.min(place + 1, times.time.length - 1)] as number)
    expect(toEvent(toAxis(event))).toBeCloseTo(event, 6)
  },
)

test('[V80] where a part of the log is known closer, its times are asked', () => {
  const whole = { event: Float64Array.of(0, 1000), time: Float64Array.of(0, 1e6) }
  const closer = { event: Float64Array.of(100, 150, 200), time: Float64Array.of(1e5, 1.9e5, 2e5) }
  const { toAxis, toEvent } = timeAxis(whole, [closer])
  expect([toAxis(50), toAxis(150), toAxis(175), toAxis(300)]).toEqual([5e4, 1.9e5, 1.95e5, 3e5])
  expect([toEvent(5e4), toEvent(1.9e5), toEvent(1.95e5), toEvent(3e5)]).toEqual([50, 150, 175, 300])
})

test.prop([fc.nat(10 ** 9), fc.integer({ min: 1, max: 10 ** 9 }), fc.integer({ min: 2, max: 20 })])(
  'ticks are round, whole, between both ends, and no more than wanted and one',
  (from, span, wanted) => {
    const { step, places } = ticksOf(from, from + span, wanted)
    expect([1, 2, 5]).toContain(step / 10 ** Math.floor(Math.log10(step) + 1e-9))
    for (const place of places) {
      expect(place % step).toBe(0)
      expect(place >= from && place <= from + span).toBe(true)
    }
    expect(places.length).toBeLessThanOrEqual(wanted + 1)
  },
)
