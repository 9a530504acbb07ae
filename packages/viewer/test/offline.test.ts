import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { command, inBrowser } from './browser.ts'
import { SESSIONS } from './recordings.ts'

const PAGE = new URL('../dist/page/', import.meta.url)
const FOLDER = '/some/folder/'
const TYPES: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' }

/** What any file server does: whole files by their names, with a type, and nothing else. */
function fileServer(): Server {
  return createServer(({ url = '' }, response) => {
    const { pathname } = new URL(url, 'http://127.0.0.1')
    const name = pathname === FOLDER ? 'index.html' : pathname.slice(FOLDER.length)
    try {
      const bytes = readFileSync(new URL(name, PAGE))
      response.writeHead(200, { 'Content-Type': TYPES[extname(name)] ?? 'application/octet-stream' }).end(bytes)
    } catch {
      response.writeHead(404).end()
    }
  })
}

inBrowser('the page on a file server', (window) => {
  const server = fileServer()
  let url = ''
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${FOLDER}`
  })
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })
  const refused = async (): Promise<string> => {
    await window.page.waitForSelector('[role=alert], .trouble')
    return (await window.page.textContent('[role=alert], .trouble')) ?? ''
  }
  /** Takes what the browser wrote of a file that it did not get. */
  const complained = async (): Promise<readonly string[]> => {
    await expect.poll(() => window.complaints.length).toBeGreaterThan(0)
    return window.complaints.splice(0).map((line) => line.replace(/:.*/, ''))
  }

  test('[V105] without a network a log opens, is stepped through, searched, and replayed under another setting', async () => {
    const { page } = window
    await window.goto(url)
    await page.waitForSelector('main.welcome')
    await page.context().setOffline(true)
    await window.drop(readFileSync(SESSIONS), 'sessions.jsonl.gz')
    await page.waitForSelector('.figures')
    await window.seek(9000)
    await window.press('c')
    const { objects } = (await command(['timeline', SESSIONS])) as never as { objects: { collections: readonly { index: number }[] } }
    const next = objects.collections.map(({ index }) => index + 1).find((index) => index > 9000)
    await page.waitForSelector(`h2:text-is("After ${next?.toLocaleString('en-US')} events")`)
    const stats = (await command(['stats', SESSIONS, '--until', String(next)])) as never as { allocatedBlocks: number }
    expect((await window.figures()).allocatedBlocks).toBe(stats.allocatedBlocks)
    await window.tab('Beside')
    await page.locator('.vary select').selectOption('gc.threshold0')
    await page.locator('.vary input').fill('50')
    await page.click('button:text-is("Replay")')
    await page.waitForSelector('table[aria-label="collections of the what-if"]')
    const { rows } = (await command(['whatif', SESSIONS, '--vary', 'gc.threshold0=50'])) as never as {
      rows: readonly { collector: { live: { objects: { value: number } } } }[]
    }
    const shown = await page.getAttribute('tr.picked [data-key="collector.live.objects.value"]', 'value')
    expect(Number(shown)).toBe(rows[1]?.collector.live.objects.value)
  })

  test('[V105] a playground that could not run is not offered', async () => {
    expect(await window.page.locator('#playground').count()).toBe(0)
    expect(await window.page.textContent('header b')).toBe('sessions.jsonl.gz')
    await window.page.context().setOffline(false)
  })

  test('[V106] a file server has no interpreter and no log: an address that names a program or a log says so in one line', async () => {
    await window.goto(`${url}#play=`)
    expect(await refused()).toContain('No interpreter is served beside this page; open it with reheap play')
    expect(await window.page.isDisabled('#run')).toBe(true)
    expect(await complained()).toEqual(['Failed to load resource'])
    await window.goto(`${url}#log=app.arrows`)
    expect(await refused()).toContain('app.arrows: cannot be read: the server that showed it has ended, or does not give it')
    await window.drop(readFileSync(SESSIONS), 'sessions.jsonl.gz')
    await window.page.waitForSelector('.figures')
    expect(await window.page.locator('[role=alert]').count()).toBe(0)
    expect(await complained()).toEqual(['Failed to load resource'])
  })
})
