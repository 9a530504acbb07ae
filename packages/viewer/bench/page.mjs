/**
 * Speed of the page in a real Chromium: `node bench/page.mjs [LOG...]`, after `npm start`; without a log, one of the
 * size that matters is made: a snapshot of a million entries.
 *
 * Prints for each log the time from the choice of the file to the figures, moves of the cursor to random places, frames a second while the timeline
 * zooms and pans, how long curves of single events take, and the most memory that all processes of the browser held; moves with pools coloured by age
 * and with the types of objects, where the log has them, and the most memory then; the time from the address of `reheap view` to the figures; the same
 * log through the command in Node. Beside each wall time stands processor time: on a machine that others use, only that one can be compared. Then the
 * size of the page's own code. Each figure stands beside its goal, where there is one; none that is missed makes the run fail.
 *
 * `node bench/long-log.mjs FILE` records a log of 20 million events, `reheap run -o FILE bench/graph.py` one of objects.
 */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { chromium } from 'playwright-core'
import { memoryBytes, processorSeconds } from './processes.mjs'

const EXECUTABLE = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find((path) => existsSync(path))
const COMMAND = fileURLToPath(new URL('../../cli/dist/main.js', import.meta.url))
const SNAPSHOT = fileURLToPath(new URL('../../trace/bench/large-snapshot.mjs', import.meta.url))
const PAGE = fileURLToPath(new URL('../dist/page/', import.meta.url))
const FLAGS = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-sync']
const MOVES = 40
const FRAMES = 160
const SAMPLE_MS = 200
/** From so many on, and up to twice as many, a log is held against the goals of one of 20 million events. */
const LONG_EVENTS = 15_000_000

const given = process.argv.slice(2)
const made = given.length === 0 ? mkdtempSync(join(tmpdir(), 'reheap-bench-')) : null
for (const log of made === null ? given : [largeSnapshot(made)]) {
  report(log, await inBrowser(log))
  inNode(log)
}
if (made !== null) rmSync(made, { recursive: true })
let code = 0
for (const name of readdirSync(join(PAGE, 'assets'))) {
  if (/\.(js|css)$/.test(name)) code += gzipSync(readFileSync(join(PAGE, 'assets', name))).length
}
console.log(`the page's own code: ${(code / 1000).toFixed(0)} kB gzipped (goal: under 400 kB)`)

/** Each figure beside its goal, where the log is of the size that the goal is for. */
function report(log, { events, open, opened, moves, moved, views, frames, closer, bytes, allBytes, served }) {
  const isLong = events >= LONG_EVENTS && events <= 2 * LONG_EVENTS
  const openGoal = /\.pickle(\.gz)?$/.test(log) ? ' (goal: under 5 s)' : isLong ? ' (goal: under 15 s)' : ''
  const bytesGoal = isLong ? ' (goal: under 1.5 GB)' : ''
  const cursorGoal = '(goal: under 50 ms)'
  console.log(`${log}: ${events.toLocaleString('en-US')} events`)
  console.log(`  page: open ${open.toFixed(2)} s${openGoal} (processor ${opened.toFixed(2)} s)`)
  console.log(
    `  page: cursor to a random event: median ${share(moves, 0.5)} ms, worst ${share(moves, 1)} ms ${cursorGoal} (processor ${((moved * 1000) / MOVES).toFixed(0)} ms)`,
  )
  console.log(`  page: ${frames.toFixed(0)} frames a second while zooming and panning (goal: 50 or more)`)
  console.log(`  page: a thousand events amid all: each has its own value after ${closer.toFixed(0)} ms`)
  console.log(`  page: ${mebibytes(bytes)} at most until then, all processes of the browser${bytesGoal}`)
  for (const [view, times] of views)
    console.log(`  page: ${view} at a random event: median ${share(times, 0.5)} ms, worst ${share(times, 1)} ms ${cursorGoal}`)
  if (views.length > 0) console.log(`  page: ${mebibytes(allBytes)} at most with them${bytesGoal}`)
  console.log(`  served: open ${served.toFixed(2)} s${openGoal}`)
}

function mebibytes(bytes) {
  return `${(bytes / 2 ** 20).toFixed(0)} MiB`
}

/** A share of times in ascending order. */
function share(times, part) {
  return times[Math.min(times.length - 1, Math.floor(times.length * part))].toFixed(0)
}

/** A snapshot of a million entries. */
function largeSnapshot(folder) {
  const file = join(folder, 'snapshot.pickle')
  const { status } = spawnSync(process.execPath, [SNAPSHOT, file], { stdio: 'inherit' })
  if (status !== 0) throw new Error(`no snapshot was made by ${SNAPSHOT}`)
  return file
}

/** Opens a log, moves its cursor, zooms. */
async function inBrowser(log) {
  const profile = mkdtempSync(join(tmpdir(), 'reheap-bench-'))
  const server = spawn(process.execPath, [COMMAND, 'view', log, '--json'], { stdio: ['ignore', 'pipe', 'inherit'] })
  const context = await chromium.launchPersistentContext(profile, { headless: true, executablePath: EXECUTABLE, args: FLAGS })
  let bytes = 0
  const sampler = setInterval(() => {
    bytes = Math.max(bytes, memoryBytes(profile))
  }, SAMPLE_MS)
  try {
    const line = await new Promise((resolve) => server.stdout.once('data', resolve))
    const page = context.pages()[0] ?? (await context.newPage())
    const { url } = JSON.parse(String(line))
    await page.goto(url.replace(/#.*/, ''))
    let busy = processorSeconds(profile)
    const spent = () => {
      const before = busy
      busy = processorSeconds(profile)
      return busy - before
    }
    const started = performance.now()
    await page.setInputFiles('#file', log)
    await page.waitForSelector('.figures, .fault', { timeout: 600_000 })
    const open = (performance.now() - started) / 1000
    const opened = spent()
    const { events, moves } = await page.evaluate(moveAround, { moves: MOVES, answered: null })
    const moved = spent()
    const frames = await page.evaluate(zoomAndPan, FRAMES)
    const closer = await zoomIn(page, events)
    const until = bytes
    const views = await otherViews(page)
    const allBytes = bytes
    const served = await openServed(page, url)
    return { events, open, opened, moves, moved, views, frames, closer, bytes: until, allBytes, served }
  } finally {
    clearInterval(sampler)
    await context.close()
    server.kill()
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
  }
}

/** Opens the log that `reheap view` serves, from its address. @returns seconds until the figures stand there */
async function openServed(page, url) {
  await page.goto('about:blank')
  const begun = performance.now()
  await page.goto(url)
  await page.waitForSelector('.figures, .fault', { timeout: 600_000 })
  return (performance.now() - begun) / 1000
}

/** Shows a thousand events amid all. @returns milliseconds until each of them has its own value */
async function zoomIn(page, events) {
  const middle = Math.floor(events / 2)
  const begun = performance.now()
  await page.evaluate(
    ([from, to]) => {
      const kept = new URLSearchParams(location.hash.slice(1))
      kept.set('zoom', `${from}-${to}`)
      location.hash = kept
    },
    [middle - 500, middle + 500],
  )
  await page.waitForSelector('.timeline[data-stretch="1"]', { timeout: 60_000 })
  const closer = performance.now() - begun
  await page.keyboard.press('0')
  return closer
}

/** Views that ask for more than the figures: pools by age, and types of objects, where the log has them. @returns their names and times */
async function otherViews(page) {
  if ((await page.locator('#heap').count()) === 0) return []
  const timed = async (name, answered) => [name, (await page.evaluate(moveAround, { moves: MOVES, answered })).moves]
  await page.selectOption('section[aria-label="heap map"] select', 'age')
  const ages = await timed('pools by age', 'section[aria-label="heap map"]')
  await page.click('[role=tab]:text-is("Objects")')
  const objects = 'section[aria-label="objects"]'
  return (await page.locator(objects).count()) === 0 ? [ages] : [ages, await timed('types of objects', objects)]
}

/** In the page: milliseconds until the figures of a random event stand there, and what a part of the page was answered, in ascending order. */
async function moveAround({ moves, answered }) {
  const input = document.querySelector('#event')
  const heading = document.querySelector('aside h2')
  const events = Number(input.max)
  const times = []
  for (let move = 0; move < moves; move++) {
    const at = Math.floor(((((move * 7919) % moves) + 0.5) / moves) * events)
    const wanted = `After ${at.toLocaleString('en-US')} events`
    const begun = performance.now()
    const isShown = () =>
      heading.textContent === wanted && (answered === null || document.querySelector(answered)?.dataset.at === String(at))
    const shown = new Promise((resolve) => {
      const watch = new MutationObserver(() => {
        if (!isShown()) return
        watch.disconnect()
        resolve(performance.now() - begun)
      })
      watch.observe(document.querySelector('main'), { subtree: true, childList: true, characterData: true, attributes: true })
    })
    input.value = at
    input.dispatchEvent(new Event('change'))
    if (!isShown()) times.push(await shown)
    // A person looks at what came before the next move.
    await new Promise((next) => setTimeout(next, 50))
  }
  return { events, moves: times.sort((a, b) => a - b) }
}

/** In the page: frames a second. */
async function zoomAndPan(frames) {
  const target = document.querySelector('.timeline [role=img]')
  const begun = performance.now()
  for (let frame = 0; frame < frames; frame++) {
    const isPan = frame % 4 > 1
    const wheel = isPan ? { deltaX: frame < frames / 2 ? 20 : -20 } : { deltaY: frame < frames / 2 ? -1 : 1 }
    target.dispatchEvent(new WheelEvent('wheel', { ...wheel, bubbles: true, cancelable: true }))
    await new Promise(requestAnimationFrame)
  }
  return (frames * 1000) / (performance.now() - begun)
}

/** The same log through the command: imported, where it is a foreign file, and replayed. */
function inNode(log) {
  const folder = mkdtempSync(join(tmpdir(), 'reheap-bench-'))
  try {
    const isForeign = /\.pickle(\.gz)?$/.test(log)
    const stored = isForeign ? join(folder, 'log.arrows') : log
    if (isForeign) timed('import', ['import', log, '-o', stored])
    timed('replay', ['replay', stored])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function timed(what, args) {
  const started = performance.now()
  const { status } = spawnSync(process.execPath, [COMMAND, ...args, '--json'], { stdio: ['ignore', 'ignore', 'inherit'] })
  const seconds = (performance.now() - started) / 1000
  if (status !== 0) throw new Error(`reheap ${args.join(' ')} failed`)
  console.log(`  node: ${what} ${seconds.toFixed(2)} s`)
}
