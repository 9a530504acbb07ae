import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { command, LACKING, Window } from './browser.ts'

const fixture = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url))
const HELLO = fixture('machine/test/fixtures/cpython-3.11.7-64-hello.jsonl.gz')
const TRAIN = fixture('device-memory/test/fixtures/pytorch-2.11-train-default.jsonl.gz')
const OOM = fixture('device-memory/test/fixtures/pytorch-2.11-oomstorm-default.jsonl.gz')

if (LACKING !== null) console.log(`viewer tests are left out: ${LACKING}`)

describe.skipIf(LACKING !== null)('the page in a browser', () => {
  let window: Window

  beforeAll(async () => {
    window = await Window.open()
  })
  afterAll(async () => {
    await window?.close()
  })

  test('[V1] every figure of an interpreter is that of reheap stats and replay at the same event', async () => {
    await window.view(HELLO)
    for (const until of [1000, 20_000]) {
      await window.seek(until)
      const stats = (await command(['stats', HELLO, '--until', String(until)])) as never as Stats
      const { final } = (await command(['replay', HELLO, '--until', String(until)])) as never as { final: Record<string, number> }
      const { heldBytes, arenaBytes, cLibraryBytes, blockBytes, requestedBytes } = final
      expect(await window.figures()).toMatchObject({
        heldBytes,
        arenaBytes,
        cLibraryBytes,
        blockBytes,
        requestedBytes,
        allocatedBlocks: stats.allocatedBlocks,
        arenas: stats.allocatorStats.arenas,
        unusedPools: stats.allocatorStats.unusedPools,
        internal: stats.fragmentation.internal,
        external: stats.fragmentation.external,
      })
    }
    await window.picture('heap')
  })

  test('[V2] every figure of a device is that of reheap stats at the same event', async () => {
    await window.view(TRAIN)
    for (const until of [500, 3000]) {
      await window.seek(until)
      const { devices } = (await command(['stats', TRAIN, '--until', String(until)])) as never as { devices: readonly Device[] }
      const shown = await window.figures()
      const keys = Object.keys(shown).filter((key) => key.startsWith('0.') && key !== '0.fragmentation')
      expect(keys.length).toBeGreaterThan(8)
      for (const key of keys) expect([key, shown[key]]).toEqual([key, devices[0]?.memoryStats[key.slice(2)]])
    }
    await window.picture('device')
  })

  test('[V3] a dropped file is opened; one that is damaged is refused with one line, and the log before stays', async () => {
    await window.drop(readFileSync(OOM), 'storm.jsonl.gz')
    await window.page.waitForSelector('b:text-is("storm.jsonl.gz")')
    await window.drop(new TextEncoder().encode('no log at all'), 'odd.txt')
    expect(await window.page.textContent('[role=alert]')).toContain('odd.txt: expected a log')
    expect(await window.page.textContent('header b')).toBe('storm.jsonl.gz')
  })

  test('[V4] keys move the cursor: to the ends, by one event, to the next out-of-memory', async () => {
    const { page } = window
    const at = async (): Promise<number> => Number(await page.inputValue('#event'))
    await page.keyboard.press('Home')
    await page.keyboard.press('ArrowRight')
    expect(await at()).toBe(1)
    await page.keyboard.press('o')
    await page.waitForFunction(`document.querySelector('[data-figure="0.num_ooms"] data')?.value === '1'`)
    const { devices } = (await command(['stats', OOM, '--until', String(await at())])) as never as { devices: readonly Device[] }
    expect(devices[0]?.memoryStats.num_ooms).toBe(1)
    await window.picture('out-of-memory')
    await page.keyboard.press('?')
    expect(await page.textContent('dialog')).toContain('next out-of-memory')
    await page.keyboard.press('Escape')
  })

  test('[V5] nothing is asked for but the page and its files, and the page has nothing to complain of', () => {
    expect(window.asked.length).toBeGreaterThan(3)
    expect(window.asked.filter((url) => !/^(http:\/\/127\.0\.0\.1:\d+\/|data:|blob:|about:)/.test(url))).toEqual([])
    expect(window.complaints).toEqual([])
  })

  test('[V6] the page is served to its own host and origin, on its own path, and serves nothing else', async () => {
    const url = new URL(await window.view(HELLO))
    const status = async (path: string, headers: Record<string, string> = {}): Promise<number> =>
      (await fetch(new URL(path, url), { headers })).status
    expect(await status(url.pathname)).toBe(200)
    expect(await status(`${url.pathname}files/0`)).toBe(200)
    expect(await status('/')).toBe(404)
    expect(await status(`${url.pathname}files/1`)).toBe(404)
    expect(await status(`${url.pathname}..%2f..%2fpackage.json`)).toBe(404)
    expect(await status(url.pathname, { origin: 'http://evil.example' })).toBe(403)
    const page = await fetch(new URL(url.pathname, url))
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
  })
})

interface Stats {
  readonly allocatedBlocks: number
  readonly allocatorStats: Readonly<Record<string, number>>
  readonly fragmentation: Readonly<Record<string, number>>
}
interface Device {
  readonly memoryStats: Readonly<Record<string, number>>
}
