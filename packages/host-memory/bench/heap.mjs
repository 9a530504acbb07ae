/**
 * Nanoseconds a request of the C library's heap on the streams that are kept with the tests: ours, and the real malloc of this machine on the
 * same requests in the same run. Ours does more: it follows the pages that are written.
 *
 * usage: node packages/host-memory/bench/heap.mjs, after a build; without a C compiler it prints our own times only
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { Emit, EventColumns } from '@reheap/kernel'
import { parseHeapStream } from '../../../scripts/heap/stream.mjs'
import { emptyHostMemory, hostMemoryMechanism, hostMemoryProfile, hostMemoryWording } from '../dist/index.js'

const ROUNDS = 31
const FIXTURES = fileURLToPath(new URL('../test/fixtures/', import.meta.url))
const KINDS = ['LibraryMalloc', 'LibraryCalloc', 'LibraryAlign', 'LibraryRealloc', 'LibraryFree']
const empty = emptyHostMemory(hostMemoryProfile('linux-x86_64'))

const median = (values) => values.sort((a, b) => a - b)[values.length >> 1]

function ours(requests, muted) {
  const rows = new EventColumns(requests.length)
  for (const request of requests) hostMemoryWording.write(request, rows)
  const times = []
  for (let round = 0; round < ROUNDS; round++) {
    const draft = hostMemoryMechanism.thaw(empty)
    const emit = new Emit({ muted, capacity: 1 << 18 })
    const started = process.hrtime.bigint()
    hostMemoryMechanism.applyBatch(draft, rows, 0, rows.length, emit)
    times.push(Number(process.hrtime.bigint() - started) / rows.length)
  }
  return median(times)
}

function native(program, requests) {
  const numbers = requests.flatMap((r) => [KINDS.indexOf(r.kind), r.block, r.newBlock ?? r.alignment ?? 0, r.bytes ?? r.elementBytes ?? 0])
  const { stdout } = spawnSync(program, [String(ROUNDS)], {
    input: Buffer.from(BigUint64Array.from(numbers, BigInt).buffer),
    encoding: 'utf8',
  })
  return Number(stdout)
}

const folder = mkdtempSync(join(tmpdir(), 'reheap-bench-'))
try {
  const program = join(folder, 'heap-replay')
  const source = fileURLToPath(new URL('heap-replay.c', import.meta.url))
  const isCompiled = spawnSync(process.env.CC ?? 'cc', ['-O2', '-o', program, source]).status === 0
  if (!isCompiled) console.log('no C compiler: our own times only')
  for (const name of readdirSync(FIXTURES).filter((name) => name.includes('-heap-'))) {
    const stream = parseHeapStream(gunzipSync(readFileSync(join(FIXTURES, name))).toString('utf8'))
    const requests = stream.map(({ request }) => request).filter((request) => request !== null)
    const [facts, muted] = [ours(requests, false), ours(requests, true)]
    const real = isCompiled ? native(program, requests) : Number.NaN
    console.log(
      `${name.replace('.txt.gz', '').padEnd(24)} ${String(requests.length).padStart(6)} requests  ours ${muted.toFixed(0).padStart(4)} ns muted, ${facts.toFixed(0).padStart(4)} ns with facts` +
        (isCompiled ? `  real malloc ${real.toFixed(0).padStart(5)} ns  ratio ${(muted / real).toFixed(2)}` : ''),
    )
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
