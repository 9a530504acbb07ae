/**
 * Runs random request streams, and the rules' own scripts, on the real malloc of this machine and on ours, and prints how many answers agree:
 * addresses, sizes of the heap, figures of mallinfo2, resident bytes.
 *
 * usage, in a built checkout: node scripts/compare-heap.mjs [--runs N] [--seed S] [--requests N] [--record]
 *   --record  keeps the real answers of the scripts and of one stream of each kind as fixtures of host-memory's tests
 * A C compiler and glibc are needed; exit 1 if an answer differs.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { gzipSync } from 'node:zlib'
import * as host from '../packages/host-memory/dist/index.js'
import * as kernel from '../packages/kernel/dist/index.js'
import { HEAP_STREAM_KINDS, heapAnswers, parseHeapStream, sectionsOf } from './heap/stream.mjs'

const TESTS = fileURLToPath(new URL('../packages/host-memory/test/', import.meta.url))
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    requests: { type: 'string', default: '5000' },
    record: { type: 'boolean', default: false },
  },
})

const folder = mkdtempSync(join(tmpdir(), 'reheap-heap-'))
try {
  const programs = { stream: compiled('heap-stream'), script: compiled('heap-script') }
  const scripts = realScripts(programs.script)
  if (values.record) record(programs.stream, scripts)
  compare('rules', scripts)
  for (const kind of HEAP_STREAM_KINDS) compare(kind, streams(programs.stream, kind))
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function compiled(name) {
  const program = join(folder, name)
  execFileSync(process.env.CC ?? 'cc', ['-O1', '-o', program, join(TESTS, 'oracle', `${name}.c`)])
  return program
}

function real(program, args, input = '') {
  return execFileSync(program, args, { input, encoding: 'utf8', maxBuffer: 1 << 28 })
}

function realScripts(program) {
  const sections = sectionsOf(readFileSync(join(TESTS, 'oracle/heap-rules.txt'), 'utf8'))
  return sections.map(({ title, text }) => ({ title, text: real(program, [], text) }))
}

function* streams(program, kind) {
  for (let run = 0; run < Number(values.runs); run++) {
    const seed = String(Number(values.seed) + run)
    yield { title: `seed ${seed}`, text: real(program, [kind, seed, values.requests]) }
  }
}

function record(program, scripts) {
  const fixtures = join(TESTS, 'fixtures')
  const version = execFileSync('ldd', ['--version'], { encoding: 'utf8' }).match(/^.* (\d+\.\d+)$/m)[1]
  writeFileSync(join(fixtures, `glibc-${version}-rules.txt`), scripts.map(({ title, text }) => `# ${title}\n${text}`).join(''))
  for (const kind of HEAP_STREAM_KINDS) {
    const text = real(program, [kind, '7', kind === 'unsorted' ? '1500' : '3000'])
    writeFileSync(join(fixtures, `glibc-${version}-heap-${kind}.txt.gz`), gzipSync(text, { level: 9 }))
  }
}

function compare(kind, runs) {
  let answers = 0
  let exact = 0
  let first = null
  for (const { title, text } of runs) {
    const stream = parseHeapStream(text)
    const ours = heapAnswers(host, kernel, stream)
    stream.forEach(({ answer, line }, at) => {
      answers += 1
      if (ours[at] === answer) exact += 1
      else first ??= `${title}, line ${at + 1}: "${line}", ours ${ours[at]}`
    })
  }
  const share = answers === 0 ? 0 : (exact / answers) * 100
  console.log(
    `${kind.padEnd(8)} ${String(answers).padStart(9)} answers  ${share.toFixed(3).padStart(7)} % exact${first === null ? '' : `  first: ${first}`}`,
  )
  if (exact < answers) process.exitCode = 1
}
