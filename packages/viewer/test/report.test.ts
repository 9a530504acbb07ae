import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { command, inBrowser } from './browser.ts'

const fixture = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url))
const HELLO = fixture('machine/test/fixtures/cpython-3.11.7-64-hello.jsonl.gz')
const TRAIN = fixture('device-memory/test/fixtures/pytorch-2.11-train-default.jsonl.gz')
const PICTURES = process.env.REHEAP_PICTURES

inBrowser('a report', (window) => {
  const folder = mkdtempSync(join(tmpdir(), 'reheap-report-'))
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true })
  })

  /** Makes a report and opens it from disk. */
  async function opened(log: string, name: string): Promise<string> {
    const path = join(folder, name)
    await command(['report', log, '-o', path])
    await window.goto(pathToFileURL(path).href)
    await window.page.waitForSelector('.figures, .fault')
    return path
  }

  test('[V30] a report opens from disk with the figures of the command, and its cursor moves', async () => {
    await opened(HELLO, 'hello.html')
    expect(await window.page.textContent('header b')).toBe('cpython-3.11.7-64-hello.jsonl.gz')
    await window.seek(20_000)
    const { final } = (await command(['replay', HELLO, '--until', '20000'])) as never as { final: Record<string, number> }
    const { heldBytes, arenaBytes, requestedBytes } = final
    expect(await window.figures()).toMatchObject({ heldBytes, arenaBytes, requestedBytes })
    if (PICTURES === undefined) return
    mkdirSync(PICTURES, { recursive: true })
    await window.page.screenshot({ path: `${PICTURES}/report.png` })
  })

  test('[V30] a report of a device too', async () => {
    await opened(TRAIN, 'train.html')
    await window.seek(3000)
    const { devices } = (await command(['stats', TRAIN, '--until', '3000'])) as never as {
      devices: readonly { memoryStats: Record<string, number> }[]
    }
    const shown = await window.figures()
    expect(shown['0.reserved_bytes.all.current']).toBe(devices[0]?.memoryStats['reserved_bytes.all.current'])
  })

  test('[V30] a what-if runs in a report', async () => {
    await window.tab('Beside')
    await window.page.locator('.vary select').selectOption('capacity')
    await window.page.locator('.vary input').fill('1GiB')
    await window.page.click('button:text-is("Replay")')
    await window.page.waitForSelector('table[aria-label="what-if"]')
    const { rows } = (await command(['whatif', TRAIN, '--vary', 'capacity=1GiB'])) as never as {
      rows: { devices: { reservedBytesPeak: number }[] }[]
    }
    const shown = await window.page.getAttribute('tr.picked [data-key="reservedBytesPeak"]', 'value')
    expect(Number(shown)).toBe(rows[1]?.devices[0]?.reservedBytesPeak)
  })

  test('[V31] a report asks for nothing but itself, and has nothing to complain of', () => {
    expect(window.asked.length).toBeGreaterThan(1)
    expect(window.asked.filter((url) => !/^(file:\/\/.*\.html$|data:|blob:|about:)/.test(url))).toEqual([])
    expect(window.complaints).toEqual([])
  })

  test('[V32] its policy lets only its own script run', async () => {
    const path = await opened(HELLO, 'policy.html')
    const text = readFileSync(path, 'utf8')
    const changed = join(folder, 'changed.html')
    writeFileSync(
      changed,
      text.replace('<div id="page"></div>', '<div id="page"></div><script>document.documentElement.dataset.ran = "yes"</script>'),
    )
    await window.goto(pathToFileURL(changed).href)
    await window.page.waitForSelector('.figures')
    expect(await window.page.getAttribute('html', 'data-ran')).toBe(null)
    const refused = await window.page.evaluate('fetch("http://127.0.0.1:9/").then(() => "answered", () => "refused")')
    expect(refused).toBe('refused')
    // Nothing listens there: the browser complains of its policy, and not of the network.
    for (const what of ['inline script', 'http://127.0.0.1:9/'])
      await expect.poll(() => window.complaints.filter((line) => line.includes(what))).not.toEqual([])
    expect(window.complaints.splice(0).every((line) => line.includes('Content Security Policy'))).toBe(true)
  })
})
