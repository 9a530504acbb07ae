/**
 * What the log costs: writing, reading, replaying and time travel on 10 million events in a temporary folder.
 *
 *     npx tsc -b packages/event-log && node packages/event-log/bench/log.mjs [events]
 */
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createKeeper, EventColumns, NO_ID } from '@reheap/kernel'
import { lastValueFrom } from 'rxjs'
import { replay$, Snapshots } from '../dist/index.js'
import { createLog, openLogFile } from '../dist/node/index.js'

const EVENTS = Number(process.argv[2] ?? 10_000_000)
const BLOCKS = 1 << 20
const VOCABULARY = { Malloc: 1, Free: 4, Mark: 240 }

function must(either) {
  if (either._tag === 'Left') throw new Error(either.left.message ?? either.left)
  return either.right
}

/** One column over a million blocks: sizes of what lives. */
const keeper = createKeeper(({ bytes }) => ({ bytes: bytes.slice() }))
const liveBytes = {
  thaw: keeper.thaw,
  seal: keeper.seal,
  explain: () => 'never',
  applyBatch: (draft, batch, from, to) => {
    const { bytes } = keeper.own(draft)
    const { code, id, size } = batch
    for (let row = from; row < to; row++) {
      if (code[row] === VOCABULARY.Malloc) bytes[id[row]] = size[row]
      else if (code[row] === VOCABULARY.Free) bytes[id[row]] = 0
    }
    keeper.advance(draft, to - from)
    return -1
  },
}
const nothing = keeper.sealed({ bytes: new Float64Array(BLOCKS) }, 0)

/** Rows of a program that allocates and frees at random; every 4096th is a mark with a label. */
function someRows(count) {
  const rows = new EventColumns(count)
  let seed = 1
  for (let row = 0; row < count; row++) {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
    const id = seed % BLOCKS
    if (row % 4096 === 4095) {
      rows.push(VOCABULARY.Mark, 0, NO_ID, NO_ID, Number.NaN, Number.NaN)
      rows.setDetail(row, `{"label":"mark ${row}"}`)
    } else rows.push(seed & 0x10000 ? VOCABULARY.Malloc : VOCABULARY.Free, 2, id, NO_ID, 16 + (seed % 512), 0x7f00_0000_0000 + id * 16)
  }
  return rows
}

/** Runs `work` some times; milliseconds of each, in order of size. */
async function timed(times, work) {
  const milliseconds = []
  for (let i = 0; i < times; i++) {
    const start = performance.now()
    await work(i)
    milliseconds.push(performance.now() - start)
  }
  return milliseconds.sort((a, b) => a - b)
}

const perEvent = (milliseconds, events) => `${((milliseconds * 1e6) / events).toFixed(1)} ns an event`
const folder = mkdtempSync(join(tmpdir(), 'reheap-bench-'))
try {
  const path = join(folder, 'bench.arrows')
  const header = { reheap: 1, runtime: { name: 'cpython', version: '3.11.7', pointerBits: 64 } }
  const rows = someRows(65_536)
  const batches = Math.ceil(EVENTS / rows.length)
  const events = batches * rows.length
  const [write] = await timed(3, async () => {
    const writer = must(await createLog(path, header, { vocabulary: VOCABULARY, overwrite: true }))
    for (let batch = 0; batch < batches; batch++) must(writer.append(rows))
    must(writer.close())
  })
  const { size } = statSync(path)
  const rate = (milliseconds) => `${(size / milliseconds / 1000).toFixed(0)} MB/s`
  console.log(`${events} events, ${(size / events).toFixed(1)} bytes each, best of 3`)
  console.log(`write               ${perEvent(write, events)}, ${rate(write)}`)

  const [copy] = await timed(3, () => readFileSync(path))
  console.log(`read the file only  ${perEvent(copy, events)}, ${rate(copy)}`)
  const log = must(await openLogFile(path, { vocabulary: VOCABULARY }))
  const [ahead] = await timed(3, async () => {
    for await (const batch of log.readAhead()) must(batch)
  })
  console.log(`readAhead           ${perEvent(ahead, events)}, ${rate(ahead)}`)
  const [own] = await timed(3, async () => lastValueFrom(log.batches$))
  console.log(`batches$            ${perEvent(own, events)}, ${rate(own)}`)
  const [replay] = await timed(3, async () => lastValueFrom(replay$(log, liveBytes, nothing, { muted: true })))
  console.log(`replay$             ${perEvent(replay, events)} (one column of ${BLOCKS} blocks)`)

  const snapshots = new Snapshots(log, liveBytes, nothing)
  const [first] = await timed(1, async () => must(await snapshots.fill()))
  console.log(`stateAt first pass  ${first.toFixed(0)} ms, ${snapshots.indexes.length} snapshots`)
  const jumps = await timed(60, async (i) => must(await snapshots.stateAt((i * 7_919_777) % events)))
  console.log(`stateAt anywhere    median ${jumps[30].toFixed(1)} ms, worst ${jumps[59].toFixed(1)} ms`)
  const steps = await timed(60, async (i) => must(await snapshots.stateAt(Math.floor(events / 2) + i)))
  console.log(`stateAt one further median ${steps[30].toFixed(1)} ms, worst ${steps[59].toFixed(1)} ms`)
  console.log(`memory at the end   ${(process.memoryUsage().rss / 1048576).toFixed(0)} MiB resident`)
  await log.close()
} finally {
  rmSync(folder, { recursive: true })
}
