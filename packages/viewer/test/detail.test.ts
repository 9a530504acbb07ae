import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Curve } from '../src/session/messages.ts'
import { HELLO_38, NATIVE, OOM, SESSIONS, TRAIN } from './recordings.ts'
import { opened } from './sessions.ts'

type Opened = Awaited<ReturnType<typeof opened>>

function detailOf({ session }: Opened, from: number, to: number): readonly Curve[] {
  const steps = session.detail(from, to)
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
  }
}

// So short that the curves of the whole have a stretch for each event: a part has to be the same.
describe.each([HELLO_38, NATIVE, SESSIONS, TRAIN, OOM])('%s', (path) => {
  test('[V49] curves of a part are those of the whole, wherever it begins', async () => {
    const log = await opened(readFileSync(path), basename(path))
    const { curves, events } = log.overview
    expect(curves.map(({ width }) => width)).toEqual(curves.map(() => 1))
    for (const share of [0, 0.1, 0.5, 0.93]) {
      const from = Math.floor(events * share)
      const to = Math.min(events, from + 5000)
      const detail = detailOf(log, from, to)
      for (const { key, min, max } of curves) {
        const part = detail.find((each) => each.key === key)
        expect([key, from, part?.from, part?.width]).toEqual([key, from, from, 1])
        expect([key, from, [...(part?.max ?? [])]]).toEqual([key, from, [...max.subarray(from, to)]])
        expect([key, from, [...(part?.min ?? [])]]).toEqual([key, from, [...min.subarray(from, to)]])
      }
    }
  })
})
