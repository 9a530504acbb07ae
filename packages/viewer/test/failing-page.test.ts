import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { inBrowser } from './browser.ts'
import { SESSIONS } from './recordings.ts'

const PAGE = fileURLToPath(new URL('../dist/page/', import.meta.url))
const TYPES: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' }

/** A server of files that knows nothing of ranges. */
function plainServer(): Promise<Server> {
  const server = createServer(({ url = '' }, response) => {
    const path = new URL(url, 'http://any').pathname
    const file = path === '/files/0' ? SESSIONS : `${PAGE}${path === '/' ? 'index.html' : path.slice(1)}`
    response.writeHead(200, { 'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream' }).end(readFileSync(file))
  })
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)))
}

inBrowser('a page on which something fails', (window) => {
  const servers: Server[] = []
  afterAll(() => {
    for (const server of servers) server.close()
  })

  test('[V146] beside a server that knows no ranges the log is fetched whole', async () => {
    const server = await plainServer()
    servers.push(server)
    const { port } = server.address() as AddressInfo
    await window.goto(`http://127.0.0.1:${port}/#log=sessions.jsonl.gz`)
    await window.page.waitForSelector('.figures')
    expect(await window.page.textContent('.about')).toContain('10,742 events of cpython 3.13.2')
    window.complaints.length = 0
  })

  test('[V147] a line that is found late does not take the cursor from where it was put meanwhile', async () => {
    const { page } = window
    await window.view(SESSIONS)
    await window.seek(20)
    // The answer to a search for a line comes late.
    await page.evaluate(`(() => {
      const post = Worker.prototype.postMessage
      Worker.prototype.postMessage = function (message, ...rest) {
        if (message.kind !== 'line') post.call(this, message, ...rest)
        else window.late = () => post.call(this, message, ...rest)
      }
    })()`)
    const search = async (): Promise<void> => {
      await page.evaluate('window.late = null')
      await page.locator('h2').first().click()
      await window.press('l')
      await page.waitForFunction('window.late !== null')
    }
    const found = async (): Promise<void> => {
      await page.evaluate('window.late()')
      await window.rests()
    }
    await search()
    await window.seek(5000)
    await found()
    expect(await page.textContent('aside h2')).toBe('After 5,000 events')
    await window.seek(20)
    await search()
    await found()
    expect(await page.textContent('aside h2')).not.toBe('After 20 events')
  })

  test('[V143] a worker that cannot be started is told, and so is each log that is opened then', async () => {
    const { page } = window
    await page.route(/\/worker-[\w-]+\.js$/, (route) => route.abort())
    await window.view(SESSIONS)
    const told = 'The replay stopped: its worker cannot be started; reload the page, or use the command for very large logs'
    expect(await page.textContent('[role=alert]')).toBe(told)
    await window.drop(readFileSync(SESSIONS), 'dropped.jsonl.gz')
    await window.rests()
    expect([await page.textContent('[role=alert]'), await page.locator('.busy').count()]).toEqual([told, 0])
    window.complaints.length = 0
  })
})
