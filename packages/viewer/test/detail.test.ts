import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { describe, expect, test } from 'vitest'
import { DeviceSession } from '../src/session/device-session.ts'
import { readLog } from '../src/session/log-store.ts'
import type { Curve } from '../src/session/messages.ts'
import { PythonSession } from '../src/session/python-session.ts'
import { HELLO_38, NATIVE, OOM, SESSIONS, TRAIN } from './recordings.ts'

type Session = PythonSession | DeviceSession

async function opened(path: string): Promise<{ readonly session: Session; readonly curves: readonly Curve[]; readonly events: number }> {
  const log = await readLog(new Blob([readFileSync(path)]), basename(path), () => {})
  if (log._tag === 'Left') throw new Error(log.left)
  const session = log.right.header.runtime.name === 'pytorch' ? new DeviceSession(log.right) : new PythonSession(log.right)
  const overview = session.open(() => {})
  if (overview._tag === 'Left') throw new Error(overview.left)
  return { session, curves: overview.right.curves, events: overview.right.events }
}

function detailOf(session: Session, from: number, to: number): readonly Curve[] {
  const steps = session.detail(from, to)
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
  }
}

// So short that the curves of the whole have a stretch for each event: a part has to be the same.
describe.each([HELLO_38, NATIVE, SESSIONS, TRAIN, OOM])('%s', (path) => {
  test('[V49] curves of a part are those of the whole, wherever it begins', async () => {
    const { session, curves, events } = await opened(path)
    expect(curves.map(({ width }) => width)).toEqual(curves.map(() => 1))
    for (const share of [0, 0.1, 0.5, 0.93]) {
      const from = Math.floor(events * share)
      const to = Math.min(events, from + 5000)
      const detail = detailOf(session, from, to)
      for (const { key, min, max } of curves) {
        const part = detail.find((each) => each.key === key)
        expect([key, from, part?.from, part?.width]).toEqual([key, from, from, 1])
        expect([key, from, [...(part?.max ?? [])]]).toEqual([key, from, [...max.subarray(from, to)]])
        expect([key, from, [...(part?.min ?? [])]]).toEqual([key, from, [...min.subarray(from, to)]])
      }
    }
  })
})
