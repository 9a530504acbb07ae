/**
 * Nanoseconds a request of the reducer on recordings of the real allocator: `node bench/requests.mjs [FOLDER]`, after a build.
 *
 * Without a folder it takes the recordings that are kept with the tests. The real allocator, on the same kinds of program:
 * 206 to 222 ns a malloc or free of a training or inference loop, 369 with four streams, 1,056 near the limit.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { Emit, EventColumns } from '@reheap/kernel'
import { deviceMemoryMechanism, deviceMemoryWording, emptyDeviceMemory, pytorchProfile } from '../dist/index.js'

const ROUNDS = 41
const folder = process.argv[2] ?? fileURLToPath(new URL('../test/fixtures/', import.meta.url))

/** The requests of a recording, without what was observed. */
function requestsOf(path) {
  const [head, ...lines] = gunzipSync(readFileSync(path)).toString('utf8').trimEnd().split('\n')
  const rows = new EventColumns(lines.length)
  for (const line of lines) if (!line.startsWith('{"kind":"Observe"')) deviceMemoryWording.write(JSON.parse(line), rows)
  return { rows, profile: pytorchProfile(JSON.parse(head).runtime.version) }
}

const median = (values) => values.sort((a, b) => a - b)[values.length >> 1]

function nanoseconds({ rows, profile }, muted) {
  const times = []
  const empty = emptyDeviceMemory(profile)
  for (let round = 0; round < ROUNDS; round++) {
    const draft = deviceMemoryMechanism.thaw(empty)
    const emit = new Emit({ muted, capacity: 1 << 16 })
    const started = process.hrtime.bigint()
    deviceMemoryMechanism.applyBatch(draft, rows, 0, rows.length, emit)
    times.push(Number(process.hrtime.bigint() - started) / rows.length)
  }
  return median(times)
}

for (const name of readdirSync(folder)
  .filter((name) => name.endsWith('.jsonl.gz'))
  .sort()) {
  const recording = requestsOf(join(folder, name))
  const [withFacts, muted] = [nanoseconds(recording, false), nanoseconds(recording, true)]
  console.log(
    `${name.replace('.jsonl.gz', '').padEnd(40)} ${String(recording.rows.length).padStart(6)} requests  ${withFacts.toFixed(0).padStart(5)} ns with facts  ${muted.toFixed(0).padStart(5)} ns muted`,
  )
}
