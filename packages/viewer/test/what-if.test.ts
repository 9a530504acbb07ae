/** The page's what-if without a page: the session that its worker holds, beside the command. */
import { openAsBlob, readFileSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { answerBeside } from '../src/session/beside.ts'
import { type LogStore, readLog } from '../src/session/log-store.ts'
import { command, LACKING } from './browser.ts'
import { CALLBACKS, HELLO, SESSIONS, TRAIN, Workplace } from './recordings.ts'

async function readOf(file: string): Promise<LogStore> {
  const read = await readLog(await openAsBlob(file), 'log', () => {})
  if (read._tag === 'Left') throw new Error(read.left)
  return read.right
}

describe.each([
  ['an interpreter', HELLO, 'profile=cpython-3.9'],
  ['a GPU', TRAIN, 'settings=expandable_segments:True'],
])('what stands beside a log of %s', (_, file, vary) => {
  test.each([
    ['a what-if', 'whatIf', 4, () => ({ vary: [vary] })],
    ['a comparison', 'compare', 8, async () => ({ file: await openAsBlob(file), name: 'other' })],
  ] as const)('[V65] %s is answered in steps, and given up where nobody wants it any more', async (_name, kind, steps, value) => {
    const log = await readOf(file)
    let asked = 0
    const answered = async (isWanted: () => boolean) => answerBeside(log, kind, (await value()) as never, () => {}, isWanted)
    expect(await answered(() => ++asked > 0)).not.toBe(null)
    expect(asked).toBeGreaterThanOrEqual(steps)
    asked = 0
    expect(await answered(() => ++asked < 2)).toBe(null)
    expect(asked).toBe(2)
  })
})

test.each([
  ['an interpreter', HELLO, 'cpython-2.7', 'cpython-3.7, cpython-3.6, cpython-3.8'],
  ['a GPU', TRAIN, 'pytorch-2.1', 'pytorch-2.4, pytorch-2.11, pytorch-2.12'],
  ['a GPU', TRAIN, 'cpython-3.13', 'pytorch-2.13, pytorch-2.11, pytorch-2.12'],
])('[V89] of %s a profile that is not known is refused with the nearest ones', async (_, file, name, nearest) => {
  const vary = `profile=${name}`
  await expect(
    answerBeside(
      await readOf(file),
      'whatIf',
      { vary: [vary] },
      () => {},
      () => true,
    ),
  ).rejects.toThrow(`--vary ${vary}: no profile is called "${name}"; the nearest are ${nearest}`)
})

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
    const answer = (await answerBeside(
      read.right,
      'whatIf',
      { vary },
      () => {},
      () => true,
    )) as { readonly rows: readonly unknown[] }
    const told = await command(['whatif', file, ...vary.flatMap((each) => ['--vary', each])])
    expect(JSON.parse(JSON.stringify(answer.rows))).toEqual(told.rows)
  })
})
