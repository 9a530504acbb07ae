import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { describe, expect, test } from 'vitest'
import { areaOf } from '../src/session/area.ts'
import type { AreaAnswer } from '../src/session/explore-messages.ts'
import { PART } from '../src/session/messages.ts'
import { command } from './browser.ts'
import { HELLO, HELLO_38, NATIVE, OOM, SESSIONS, TRAIN } from './recordings.ts'
import { opened } from './sessions.ts'

/** An answer, and in how many steps it came. */
function answered({ session }: Awaited<ReturnType<typeof opened>>, from: number, to: number) {
  const steps = areaOf(session, { from, to })
  for (let count = 0; ; count++) {
    const step = steps.next()
    if (step.done === true) return { answer: step.value as AreaAnswer, count }
  }
}

describe.each([HELLO, HELLO_38, NATIVE, SESSIONS, TRAIN, OOM])('%s', async (path) => {
  const log = await opened(readFileSync(path), basename(path))
  const { length } = log.session.log

  test.each([
    [0.31, 0.33],
    [0.6, 1],
  ])('[V83] from %f to %f of the log: what reheap diff tells, whatever was asked before', async (first, last) => {
    const [from, to] = [Math.round(first * length), Math.round(last * length)]
    log.session.view(Math.round(length / 3))
    const { difference } = answered(log, from, to).answer
    const { log: _, damage: __, ...told } = await command(['diff', path, '--since', String(from), '--until', String(to)])
    const named = <Side extends { readonly name: string }>(side: Side): Side => ({ ...side, name: path })
    expect({ ...difference, before: named(difference.before), after: named(difference.after) }).toEqual(told)
  })

  test('[V84] as many steps are taken as the part has parts, wherever it lies', () => {
    for (const from of [0, length >> 1, length - 40]) {
      const to = Math.min(length, from + 2 * PART + 1)
      expect([from, answered(log, from, to).count]).toEqual([from, Math.ceil((to - from) / PART)])
    }
  })
})
