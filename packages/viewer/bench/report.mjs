/**
 * Size of reports, and how fast one opens from disk in a real Chromium: `node bench/report.mjs [LOG...]`, after `npm start`; without a log, a
 * snapshot of a million events with random sizes and stacks is made. Prints for each log the bytes of its report, the time to make it, and the time
 * from its address to the figures.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { chromium } from 'playwright-core'

const EXECUTABLE = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find((path) => existsSync(path))
/** Entries of a snapshot that tells of a million events. */
const ENTRIES = 600_000
const SNAPSHOT = fileURLToPath(new URL('../../trace/bench/large-snapshot.mjs', import.meta.url))
const COMMAND = fileURLToPath(new URL('../../cli/dist/main.js', import.meta.url))

const given = process.argv.slice(2)
const made = given.length === 0 ? mkdtempSync(join(tmpdir(), 'reheap-bench-')) : null
for (const log of made === null ? given : [snapshot(made)]) {
  const folder = mkdtempSync(join(tmpdir(), 'reheap-bench-'))
  const report = join(folder, 'report.html')
  try {
    const begun = performance.now()
    const { stdout, stderr } = spawnSync(process.execPath, [COMMAND, 'report', log, '-o', report, '--json'], { encoding: 'utf8' })
    const seconds = (performance.now() - begun) / 1000
    if (stdout === '') throw new Error(stderr)
    const { events, bytes } = JSON.parse(stdout)
    const context = await chromium.launchPersistentContext(join(folder, 'profile'), {
      headless: true,
      executablePath: EXECUTABLE,
      args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-sync'],
    })
    const page = context.pages()[0] ?? (await context.newPage())
    const asked = performance.now()
    await page.goto(pathToFileURL(report).href)
    await page.waitForSelector('.figures, .fault', { timeout: 120_000 })
    const opened = (performance.now() - asked) / 1000
    await context.close()
    const size = `${(bytes / 1e6).toFixed(2)} MB, ${((bytes * 1e6) / events / 1e6).toFixed(2)} MB a million events (goal: under 5 MB)`
    console.log(`${log}: ${events} events; report ${size}; made in ${seconds.toFixed(1)} s, opened in ${opened.toFixed(1)} s`)
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}
if (made !== null) rmSync(made, { recursive: true, force: true })

function snapshot(folder) {
  const file = join(folder, 'snapshot.pickle')
  const { status } = spawnSync(process.execPath, [SNAPSHOT, file, String(ENTRIES)], { stdio: 'inherit' })
  if (status !== 0) throw new Error(`no snapshot was made by ${SNAPSHOT}`)
  return file
}
