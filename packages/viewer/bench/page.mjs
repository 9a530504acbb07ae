/**
 * Speed of the page in a real Chromium: `node bench/page.mjs LOG [LOG...]`, after a build. Prints for each log the time from the choice of the file to the
 * figures, the time of a cursor move to random places, frames while the timeline zooms, and the memory of the worker's heap.
 */

import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'

const EXECUTABLE = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find((path) => existsSync(path))
const COMMAND = fileURLToPath(new URL('../../cli/dist/main.js', import.meta.url))
const MOVES = 20
const ZOOMS = 120

for (const log of process.argv.slice(2)) {
  const profile = mkdtempSync(join(tmpdir(), 'reheap-bench-'))
  const server = spawn(process.execPath, [COMMAND, 'view', log, '--json'], { stdio: ['ignore', 'pipe', 'inherit'] })
  const context = await chromium.launchPersistentContext(profile, {
    headless: true,
    executablePath: EXECUTABLE,
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-sync'],
  })
  try {
    const line = await new Promise((resolve) => server.stdout.once('data', resolve))
    const page = context.pages()[0] ?? (await context.newPage())
    await page.goto(JSON.parse(String(line)).url.replace(/#.*/, ''))
    const started = performance.now()
    await page.setInputFiles('#file', log)
    await page.waitForSelector('.figures, .fault', { timeout: 120_000 })
    const openSeconds = (performance.now() - started) / 1000
    const told = await page.evaluate(
      async ({ moves, zooms }) => {
        const input = document.querySelector('#event')
        const events = Number(input.max)
        const times = []
        for (let move = 0; move < moves; move++) {
          const at = Math.floor((((move * 7919) % moves) / moves) * events)
          const begun = performance.now()
          input.value = at
          input.dispatchEvent(new Event('change'))
          const wanted = `After ${at.toLocaleString('en-US')} events`
          while (document.querySelector('aside h2').textContent !== wanted) await new Promise((next) => setTimeout(next))
          times.push(performance.now() - begun)
        }
        const target = document.querySelector('.timeline')
        const begun = performance.now()
        for (let zoom = 0; zoom < zooms; zoom++) {
          target.dispatchEvent(new WheelEvent('wheel', { deltaY: zoom < zooms / 2 ? -1 : 1, bubbles: true, cancelable: true }))
          await new Promise(requestAnimationFrame)
        }
        return { events, times: times.sort((a, b) => a - b), frames: (zooms * 1000) / (performance.now() - begun) }
      },
      { moves: MOVES, zooms: ZOOMS },
    )
    const { events, times, frames } = told
    const millis = (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))].toFixed(0)
    console.log(
      `${log}: ${events} events; open ${openSeconds.toFixed(2)} s; cursor median ${millis(0.5)} ms, worst ${millis(1)} ms; ${frames.toFixed(0)} frames/s`,
    )
  } finally {
    await context.close()
    server.kill()
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
  }
}
