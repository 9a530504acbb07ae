import { describe, expect, test } from 'vitest'
import { LastEvents } from './last-events.ts'

describe('last events', () => {
  test('[P31] the last event before a moment is found, however often a number is used again', () => {
    const events = new LastEvents(1000)
    for (const [id, index] of [
      [3, 0],
      [900, 5],
      [3, 7],
      [3, 20],
    ] as const)
      events.add(id, index)
    expect([0, 1, 7, 8, 20, 21, 1000].map((at) => events.before(3, at))).toEqual([-1, 0, 0, 7, 7, 20, 20])
    expect([5, 6].map((at) => events.before(900, at))).toEqual([-1, 5])
    expect(events.before(4, 1000)).toBe(-1)
  })

  test('[P31] numbers on both sides of a page are found, and none between them', () => {
    const events = new LastEvents(100_000)
    for (const [at, id] of [8191, 8192, 50_000].entries()) events.add(id, at)
    expect([8191, 8192, 50_000, 8190, 30_000, 199_999].map((id) => events.before(id, 100))).toEqual([0, 1, 2, -1, -1, -1])
  })

  test('[P31] numbers far above the count of events are found too', () => {
    const events = new LastEvents(10)
    events.add(4_294_967_000, 2)
    events.add(4_294_967_000, 4)
    events.add(19, 5)
    expect([2, 3, 9].map((at) => events.before(4_294_967_000, at))).toEqual([-1, 2, 4])
    expect(events.before(19, 9)).toBe(5)
  })
})
