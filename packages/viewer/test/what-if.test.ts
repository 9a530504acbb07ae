/** The page's what-if without a page: the session that its worker holds, beside the command. */
import { openAsBlob, readFileSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { answerBeside } from '../src/session/beside.ts'
import { readLog } from '../src/session/log-store.ts'
import { command, LACKING } from './browser.ts'
import { CALLBACKS, HELLO, SESSIONS, TRAIN, Workplace } from './recordings.ts'

describe.skipIf(LACKING !== null)('a what-if', () => {
  const place = new Workplace()
  afterAll(place.remove)

  test.each([
    ['profiles', () => HELLO, ['profile=cpython-3.9,cpython-3.13']],
    ['settings of the collector', () => SESSIONS, ['gc.threshold0=50,2000', 'gc.enabled=true,false']],
    // Finalizers and callbacks run at other events: what the log tells of them late must be known before.
    [
      'settings of a collector that runs functions',
      () => place.record('callbacks', readFileSync(CALLBACKS, 'utf8'), '--python', '3.13.2', '--objects-only'),
      ['gc.threshold0=20'],
    ],
    ['settings of a device', () => TRAIN, ['settings=max_split_size_mb:40,expandable_segments:True']],
  ] as const)('[V33] its rows are those of reheap whatif, whole: %s', async (_what, log, vary) => {
    const file = log()
    const read = await readLog(await openAsBlob(file), 'log', () => {})
    if (read._tag === 'Left') throw new Error(read.left)
    const answer = (await answerBeside(read.right, 'whatIf', { vary }, () => {})) as { readonly rows: readonly unknown[] }
    const told = await command(['whatif', file, ...vary.flatMap((each) => ['--vary', each])])
    expect(JSON.parse(JSON.stringify(answer.rows))).toEqual(told.rows)
  })
})
