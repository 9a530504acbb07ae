import { EventColumns } from '@reheap/kernel'
import { expect, test } from 'vitest'
import { EVENTS_PER_SECOND, PlayedEvents } from './played-events.ts'

/** A batch of rows whose times are given in milliseconds; null: without one. */
function timed(times: readonly (number | null)[]): EventColumns {
  const rows = new EventColumns()
  for (const [row, time] of times.entries()) {
    rows.push(1, 0, 0, 0, 0, 0)
    if (time !== null) rows.setContext(row, { time: time * 1e6 })
  }
  return rows
}

test('[C95] a log with times plays as fast as the program ran, times the speed', () => {
  const batch = timed([100, 200, null, 400])
  const clock = new PlayedEvents(2)
  clock.begin(batch)
  expect(clock.dueRow(batch, 0, 4)).toBe(1)
  clock.advance(0.05)
  expect([clock.dueRow(batch, 1, 4), clock.seconds]).toEqual([3, 0.2])
  clock.pace.isPaused = true
  clock.advance(10)
  expect(clock.dueRow(batch, 3, 4)).toBe(3)
})

test('[C95] a log without times plays so many events a second, times the speed', () => {
  const batch = timed(Array.from({ length: 100 }, () => null))
  const clock = new PlayedEvents(0.5)
  clock.begin(batch)
  expect([clock.dueRow(batch, 0, 100), clock.seconds]).toEqual([0, null])
  clock.advance(0.004)
  expect(clock.dueRow(batch, 0, 100)).toBe((EVENTS_PER_SECOND * 0.004) / 2)
  clock.played(20)
  expect(clock.dueRow(batch, 20, 100)).toBe(20)
})

test('[C95] a few marks are no clock, and at full speed all is due', () => {
  const batch = timed([5, ...Array.from({ length: 2000 }, () => null)])
  const clock = new PlayedEvents(Number.POSITIVE_INFINITY)
  clock.begin(batch)
  clock.advance(0)
  expect(clock.seconds).toBe(null)
  clock.advance(0.001)
  expect(clock.dueRow(batch, 0, 2001)).toBe(2001)
})
