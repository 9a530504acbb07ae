import { readFileSync } from 'node:fs'
import { get } from 'node:http'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { command, inBrowser, LACKING } from './browser.ts'

const fixture = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url))
const HELLO = fixture('machine/test/fixtures/cpython-3.11.7-64-hello.jsonl.gz')
const TRAIN = fixture('device-memory/test/fixtures/pytorch-2.11-train-default.jsonl.gz')
const OOM = fixture('device-memory/test/fixtures/pytorch-2.11-oomstorm-default.jsonl.gz')

if (LACKING !== null) console.log(`viewer tests are left out: ${LACKING}`)

inBrowser('the page in a browser', (window) => {
  test('[V1] every figure of an interpreter is that of reheap stats and replay at the same event', async () => {
    await window.view(HELLO)
    for (const until of [1000, 20_500, 20_000, 19_990, 20_000]) {
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
    await window.tab('Size classes')
    await window.picture('size-classes')
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
    await window.tab('Segments')
    await window.picture('segments')
  })

  test('[V3] a dropped file is opened; one that is damaged is refused with one line, and the log before stays', async () => {
    await window.show(readFileSync(OOM), 'storm.jsonl.gz')
    await window.drop(new TextEncoder().encode('no log at all'), 'odd.txt')
    expect(await window.page.textContent('[role=alert]')).toContain('odd.txt: expected a log')
    expect(await window.page.textContent('header b')).toBe('storm.jsonl.gz')
  })

  test('[V4] keys move the cursor: to the ends, by one event, to the next out-of-memory', async () => {
    const { page } = window
    const at = async (): Promise<number> => Number(await page.inputValue('#event'))
    // A tab that has the focus has these keys for itself.
    await page.evaluate('document.activeElement.blur()')
    await page.keyboard.press('Home')
    await page.keyboard.press('ArrowRight')
    await expect.poll(at).toBe(1)
    await page.keyboard.press('o')
    await page.waitForSelector('[data-figure="0.num_ooms"] data[value="1"]')
    const { devices } = (await command(['stats', OOM, '--until', String(await at())])) as never as { devices: readonly Device[] }
    expect(devices[0]?.memoryStats.num_ooms).toBe(1)
    await page.keyboard.press('Escape')
    expect(await page.locator('[role=alert]').count()).toBe(0)
    await window.picture('out-of-memory')
    await page.keyboard.press('?')
    expect(await page.textContent('dialog')).toContain('next, previous out-of-memory')
    await window.escape()
  })

  test('[V41] the cursor is a line at its event; zoomed away from it, it is hidden', async () => {
    const { page } = window
    const share = (): Promise<number | null> =>
      page.evaluate(
        `(() => { const line = document.querySelector('.timeline .at'); return line.hidden ? null : (line.getBoundingClientRect().left - line.parentElement.getBoundingClientRect().left) / line.parentElement.clientWidth })()`,
      )
    const events = Number(await page.getAttribute('#event', 'max'))
    await window.seek(Math.round(events / 4))
    await expect.poll(share).toBeCloseTo(0.25, 2)
    await window.seek(events)
    await page.keyboard.press('w')
    await page.keyboard.press('Home')
    await expect.poll(share).toBe(null)
    await page.keyboard.press('0')
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
    // fetch sets the host itself: a page of another name that was led to this address asks with its own.
    expect(await statusAsHost(url, `evil.example:${url.port}`)).toBe(403)
    expect(await statusAsHost(url, url.host)).toBe(200)
    const page = await fetch(new URL(url.pathname, url))
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
  })
})

/** Status of a request with a host header of its own. */
const statusAsHost = (url: URL, host: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    get({ host: url.hostname, port: url.port, path: url.pathname, headers: { host } }, (answer) => {
      answer.resume()
      resolve(answer.statusCode)
    }).on('error', reject)
  })

interface Stats {
  readonly allocatedBlocks: number
  readonly allocatorStats: Readonly<Record<string, number>>
  readonly fragmentation: Readonly<Record<string, number>>
}
interface Device {
  readonly memoryStats: Readonly<Record<string, number>>
}
