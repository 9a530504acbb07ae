import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { formatCount } from '@reheap/kernel'
import { left } from 'fp-ts/lib/Either.js'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readLog } from '../src/session/log-store.ts'
import { command, inBrowser } from './browser.ts'
import { COMMAND, HELLO, SESSIONS, TRAIN, Workplace } from './recordings.ts'

/** A snapshot that Python's own pickler wrote. */
const pickled = (protocol: number): Uint8Array =>
  Uint8Array.from(readFileSync(new URL(`fixtures/python-${protocol}.pickle`, import.meta.url)))

/** A stored log with one byte of its middle changed. */
function flipped(stored: Uint8Array): Uint8Array {
  const made = Uint8Array.from(stored)
  const middle = Math.floor(made.length / 2)
  made[middle] = (made[middle] ?? 0) ^ 0x55
  return made
}

inBrowser('files that are dropped', (window) => {
  const place = new Workplace()
  beforeAll(async () => {
    await window.view(SESSIONS)
  })
  afterAll(place.remove)

  /** Drops a file and waits until it is open. */
  const drop = async (bytes: Uint8Array, name: string): Promise<string> => {
    await window.show(bytes, name)
    return (await window.page.textContent('.about')) ?? ''
  }
  const refused = async (bytes: Uint8Array, name: string): Promise<string> => {
    await window.drop(bytes, name)
    await window.page.waitForSelector(`[role=alert]:has-text("${name}")`)
    return (await window.page.textContent('[role=alert]')) ?? ''
  }

  test('[V3] an interpreter’s log opens as JSON lines, packed or not, and as stored', async () => {
    place.run(['import', SESSIONS, '-o', 'sessions.arrows'])
    const packed = readFileSync(SESSIONS)
    for (const [bytes, name] of [
      [packed, basename(SESSIONS)],
      [gunzipSync(packed), 'sessions.jsonl'],
      [readFileSync(place.at('sessions.arrows')), 'sessions.arrows'],
    ] as const)
      expect(await drop(bytes, name)).toContain('10,742 events of cpython 3.13.2')
  })

  test('[V3] of a stored log that is torn the whole batches open, with the line of the command', async () => {
    place.run(['import', SESSIONS, '-o', 'torn.arrows', '--force'])
    const stored = readFileSync(place.at('torn.arrows'))
    writeFileSync(place.at('torn.arrows'), stored.subarray(0, stored.length - 4))
    expect(await drop(readFileSync(place.at('torn.arrows')), 'torn.arrows')).toContain('10,742 events of cpython 3.13.2')
    const { stderr } = spawnSync(process.execPath, [COMMAND, 'stats', 'torn.arrows'], { cwd: place.at('.'), encoding: 'utf8' })
    expect(stderr).toContain('cut at byte')
    const note = await window.page.textContent('.note')
    expect(stderr).toContain(note?.replace(/; restore.*/, ''))
    expect(note).toMatch(/, or keep its whole part, which is shown here, with reheap import --allow-torn$/)
    place.run(['import', 'torn.arrows', '-o', 'whole.arrows', '--allow-torn'])
  })

  test('[V93] a log that reheap view serves is read from any place on, and one whose server has ended is told', async () => {
    place.run(['import', SESSIONS, '-o', 'served.arrows', '--force'])
    const url = await window.view(place.at('served.arrows'))
    expect(await window.page.textContent('.about')).toContain('10,742 events of cpython 3.13.2')
    const whole = readFileSync(place.at('served.arrows'))
    const file = new URL('files/0', url.replace(/#.*/, '')).href
    const asked = (range: string) => fetch(file, { headers: { range } })
    const part = await asked('bytes=1000-')
    expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes 1000-${whole.length - 1}/${whole.length}`])
    expect(Buffer.compare(Buffer.from(await part.arrayBuffer()), whole.subarray(1000))).toBe(0)
    expect((await asked(`bytes=${whole.length}-`)).status).toBe(416)
    const gone = await readLog({ url: file.replace('files/0', 'files/7'), size: 4096 }, 'served.arrows', () => {})
    expect(gone).toEqual(
      left(
        'served.arrows: cannot be read: the server that showed it has ended, or does not give it any more; run reheap view again and open the new address',
      ),
    )
  })

  test('[V3] a snapshot of a GPU opens in protocol 4 and in protocol 5, with the figures of reheap stats', async () => {
    place.run(['export', TRAIN, '-o', 'four.pickle'])
    const four = Uint8Array.from(readFileSync(place.at('four.pickle')))
    const dumped = [4, 5].map((protocol) => [pickled(protocol), `python-${protocol}.pickle`, protocol] as const)
    for (const [bytes, name, protocol] of [[four, 'four.pickle', 4] as const, ...dumped]) {
      expect([...bytes.subarray(0, 2)]).toEqual([0x80, protocol])
      writeFileSync(place.at(name), bytes)
      const about = await drop(bytes, name)
      const { devices, events } = (await command(['stats', place.at(name)])) as never as {
        events: number
        devices: readonly { memoryStats: Record<string, number> }[]
      }
      expect(about).toContain(`${formatCount(events)} events`)
      await window.page.waitForSelector('[data-figure="0.reserved_bytes.all.current"]')
      const shown = await window.figures()
      expect(shown['0.reserved_bytes.all.current']).toBe(devices[0]?.memoryStats['reserved_bytes.all.current'])
      expect(shown['0.allocated_bytes.all.current']).toBe(devices[0]?.memoryStats['allocated_bytes.all.current'])
    }
  })

  test('[V50] of two files that are dropped one after the other the second is shown, though the first takes longer', async () => {
    // So long that the worker hears of the second one while it reads.
    const header = '{"reheap":1,"runtime":{"name":"cpython","version":"3.11.7"}}\n'
    await window.dropOneByOne([
      { bytes: Buffer.from(header + '{"kind":"Mark","label":"on"}\n'.repeat(300_000)), name: 'long.jsonl' },
      { bytes: readFileSync(SESSIONS), name: 'short.jsonl.gz' },
    ])
    await window.page.waitForSelector('header b:text-is("short.jsonl.gz")')
    // The first one is given up by then, or would be shown.
    await window.rests()
    expect(await window.page.textContent('header b')).toBe('short.jsonl.gz')
    expect(await window.page.title()).toBe('short.jsonl.gz - reheap')
    expect(await window.page.locator('.busy, [role=alert]').count()).toBe(0)
    // The worker answers about the second one too.
    await window.seek(5000)
    const { allocatedBlocks } = (await command(['stats', SESSIONS, '--until', '5000'])) as never as { allocatedBlocks: number }
    expect((await window.figures()).allocatedBlocks).toBe(allocatedBlocks)
  })

  test('[V3] a file that is cut off or damaged is refused with one line that names it, and the log before it stays', async () => {
    const before = await window.page.textContent('header b')
    for (const [bytes, name] of [
      [readFileSync(SESSIONS).subarray(0, 9000), 'cut.jsonl.gz'],
      [gunzipSync(readFileSync(SESSIONS)).subarray(0, 40_000), 'cut.jsonl'],
      [Uint8Array.from(readFileSync(place.at('four.pickle'))).subarray(0, 30_000), 'cut.pickle'],
      [flipped(readFileSync(place.at('sessions.arrows'))), 'flipped.arrows'],
      [new Uint8Array(0), 'empty.arrows'],
    ] as const) {
      const told = await refused(bytes, name)
      expect(told).toContain(name)
      expect(told.trim()).not.toContain('\n')
      expect(await window.page.textContent('header b')).toBe(before)
    }
  })

  test('[V91] what was chosen of a log goes with it: another one shows nothing of it, not when it is opened, not after Back, not after a reload', async () => {
    const { page } = window
    const chosen = (): Promise<readonly string[]> => page.evaluate(`[...new URLSearchParams(location.hash.slice(1)).keys()].sort()`)
    const hasNothing = async (): Promise<void> => {
      await window.rests()
      await expect.poll(chosen).toEqual(['at', 'log', 'tab', 'theme'])
      expect(await page.textContent('aside h2')).toBe('After 162,778 events')
      expect(await page.locator('.neighbourhood, tr.picked, [role=alert]').count()).toBe(0)
    }
    await window.view(SESSIONS)
    await page.click('#theme')
    await window.tab('Heap map')
    await page.locator('#heap').click({ position: { x: 8, y: 8 } })
    await page.waitForSelector('table[aria-label="blocks of the pool"]')
    await window.tab('Objects')
    await window.rests()
    await page.click('[data-reason=late]')
    await window.rests()
    await page.locator('table[aria-label=objects] tbody tr').first().click()
    await page.waitForSelector('.neighbourhood h3')
    await window.press('w')
    await expect.poll(chosen).toEqual(['at', 'held', 'log', 'object', 'pool', 'tab', 'theme', 'zoom'])
    await drop(readFileSync(HELLO), 'another.jsonl.gz')
    await hasNothing()
    for (const _ of [1, 2]) {
      await page.evaluate('history.back()')
      await hasNothing()
    }
    await window.seek(500)
    await page.reload()
    await page.waitForSelector(`h2:text-is("After 10,742 events")`)
    await expect.poll(chosen).toEqual(['at', 'log', 'tab', 'theme'])
  })
})
