/**
 * Throws broken snapshots at the reader: `node scripts/fuzz/snapshot.mjs [--minutes N] [--seed N]`, after a build.
 *
 * Every file must end in a log or in an error of one line: no exception, no more than ten seconds, no more than
 * 64 MiB beside a thousand times the file. A file that does otherwise is written to the folder for temporary files.
 */
import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { gzipSync } from 'node:zlib'
import { deviceMemoryWording, FIRST_FIT } from '../../packages/device-memory/dist/index.js'
import { EventColumns } from '../../packages/kernel/dist/index.js'
import { encodeEvents, readSnapshot, writeSnapshot } from '../../packages/trace/dist/index.js'

const CASES_AT_ONCE = 200
const SILENT_MS = 10_000
const CHUNKS = [1, 7, 512, 65_536]
/** Opcodes, keys and counts that mutations are made of. */
const PIECES = [
  '(',
  '.',
  'N',
  'K\x01',
  'M\x00\x01',
  'J\xff\xff\xff\xff',
  'X\xff\xff\xff\x7f',
  'B\x01\x00\x00\x00a',
  ']',
  'a',
  'e',
  's',
  'u',
  '}',
  ')',
  't',
]
  .concat([
    'h\x00',
    'h\x05',
    'j\x10\x00\x00\x00',
    'q\x01',
    'r\xff\xff\x00\x00',
    '\x94',
    '\x8c\x04addr',
    '\x8c\x06action',
    '\x8c\x05alloc',
    '\x8a\x09',
  ])
  .concat([
    '\x8a\x08\xff\xff\xff\xff\xff\xff\xff\x7f',
    '\x8b\xff\xff\xff\x7f',
    '\x85',
    '\x86',
    '\x87',
    '\x88',
    '\x89',
    'G\x7f\xf0\x00\x00\x00\x00\x00\x00',
  ])
  .concat([
    '\x95\x00\x00\x00\x00\x00\x00\x00\x80',
    'c',
    'R',
    'b',
    '\x81',
    '\x93',
    '0',
    '2',
    '(]]]]',
    '\x8d\xff\xff\xff\xff\xff\xff\xff\xff',
    ']\x94(h\x00h\x00e',
  ])
  .map((piece) => Buffer.from(piece, 'latin1'))

function randomOf(seed) {
  let state = seed >>> 0
  return (bound) => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) >>> 0
    return Math.floor((((state ^ (state >>> 13)) >>> 0) / 2 ** 32) * bound)
  }
}

/** A whole snapshot of a small program. */
async function seedFile(random, version) {
  const rows = new EventColumns(64)
  const put = (request, stack) => {
    deviceMemoryWording.write(request, rows)
    rows.setContext(rows.length - 1, { time: rows.length * 1000, stack })
  }
  for (const device of [0, 1]) put({ kind: 'DeviceOpened', device, capacityBytes: 2 ** 28, contextBytes: 0 })
  put({ kind: 'Configure', settings: random(2) === 0 ? '' : 'expandable_segments:True' })
  const live = []
  for (let block = 1; block < 40; block++) {
    if (live.length > 0 && random(3) === 0) put({ kind: 'DeviceFree', block: live.splice(random(live.length), 1)[0] })
    else {
      live.push(block)
      put({ kind: 'DeviceMalloc', block, device: random(2), stream: random(3), bytes: 1 + random(2 ** 24) })
    }
    if (random(12) === 0) put({ kind: 'EmptyCache' })
  }
  const parts = []
  const header = { reheap: 1, runtime: { name: 'pytorch', version }, recordedAt: '2026-11-25T12:00:00.000001Z', driver: FIRST_FIT }
  for await (const part of writeSnapshot(header, [rows], { name: 'seed' })) parts.push(part.right)
  return Buffer.concat(parts)
}

function mutated(file, random) {
  let bytes = file
  for (let edits = random(3) === 0 ? 1 + random(4) : 1; edits > 0; edits--) {
    const at = random(bytes.length)
    const kind = random(2) === 0 ? 2 : random(6)
    const cut = kind === 0 ? random(200) : kind === 2 ? 1 : random(4)
    const piece =
      kind === 1
        ? PIECES[random(PIECES.length)]
        : kind === 2
          ? Buffer.from([random(256)])
          : kind === 3
            ? bytes.subarray(at, at + random(400))
            : Buffer.alloc(0)
    const times = kind === 4 ? 1 + random(2000) : 1
    const put = kind === 4 ? Buffer.concat(Array(times).fill(PIECES[random(PIECES.length)])) : piece
    bytes = Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + cut)])
  }
  return bytes
}

async function* chunked(bytes, size) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

const isLine = (message) => /^fuzz: [^\n]+; [^\n]+$/.test(message)

/** What a file ends in: 'log', 'error', or what is wrong with the answer. */
async function answerOf(bytes, chunkBytes) {
  const log = await readSnapshot(chunked(bytes, chunkBytes), { name: 'fuzz' })
  if (log._tag === 'Left') return isLine(log.left.message) ? 'error' : `no line: ${log.left.message}`
  for await (const batch of log.right.batches) {
    if (batch._tag === 'Left') return isLine(batch.left.message) ? 'error' : `no line: ${batch.left.message}`
    const lines = encodeEvents(batch.right, { name: 'fuzz' })
    if (lines._tag === 'Left') return `a row that no line can say: ${lines.left.message}`
  }
  return 'log'
}

async function work({ minutes, seed }) {
  const random = randomOf(seed)
  const seeds = []
  for (const version of ['2.0', '2.4', '2.5', '2.10', '2.12']) seeds.push(await seedFile(random, version), await seedFile(random, version))
  const counts = { log: 0, error: 0 }
  const end = Date.now() + minutes * 60_000
  while (Date.now() < end) {
    for (let i = 0; i < CASES_AT_ONCE; i++) {
      const plain = mutated(seeds[random(seeds.length)], random)
      const bytes = random(8) === 0 ? gzipSync(plain) : plain
      parentPort.postMessage({ bytes })
      const answer = await answerOf(bytes, CHUNKS[random(CHUNKS.length)])
      if (answer !== 'log' && answer !== 'error') throw new Error(answer)
      counts[answer] += 1
    }
    parentPort.postMessage({ counts, rss: process.memoryUsage().rss })
  }
  parentPort.postMessage({ counts, done: true })
}

function watch(options) {
  const worker = new Worker(new URL(import.meta.url), { workerData: options })
  let last = { bytes: Buffer.alloc(0), at: Date.now() }
  let counts = { log: 0, error: 0 }
  let rssMax = 0
  const fail = (what) => {
    const path = join(tmpdir(), `fuzz-snapshot-${options.seed}.pickle`)
    writeFileSync(path, last.bytes)
    console.error(`${what}; the file is ${path}`)
    process.exit(1)
  }
  worker.on('message', (message) => {
    if (message.bytes !== undefined) last = { bytes: message.bytes, at: Date.now() }
    if (message.counts !== undefined) counts = message.counts
    if (message.rss !== undefined) rssMax = Math.max(rssMax, message.rss)
    if (message.rss > 1.5 * 2 ** 30) fail(`${message.rss} bytes are in use`)
    if (message.done !== true) return
    const files = counts.log + counts.error
    console.log(
      `${files} files in ${options.minutes} minutes: ${counts.log} logs, ${counts.error} errors of one line; at most ${Math.round(rssMax / 2 ** 20)} MiB`,
    )
    process.exit(0)
  })
  worker.on('error', (error) => fail(error.stack ?? String(error)))
  setInterval(() => {
    if (Date.now() - last.at > SILENT_MS) fail(`no answer in ${SILENT_MS / 1000} seconds`)
  }, 1000)
}

if (isMainThread) {
  const { values } = parseArgs({ options: { minutes: { type: 'string', default: '1' }, seed: { type: 'string', default: '1' } } })
  watch({ minutes: Number(values.minutes), seed: Number(values.seed) })
} else await work(workerData)
