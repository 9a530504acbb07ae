/**
 * Runs random request streams on the real malloc of this machine and on ours, and prints how many addresses and heap sizes agree.
 *
 * usage, in a built checkout: node scripts/compare-heap.mjs [--runs N] [--seed S] [--requests N]
 * A C compiler and glibc are needed; exit 1 if an answer differs.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { HEAP_STREAM_KINDS, heapAnswers, parseHeapStream } from './heap/stream.mjs'

const SOURCE = fileURLToPath(new URL('../packages/host-memory/test/oracle/heap-stream.c', import.meta.url))
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    requests: { type: 'string', default: '5000' },
  },
})

const folder = mkdtempSync(join(tmpdir(), 'reheap-heap-'))
try {
  const program = join(folder, 'heap-stream')
  execFileSync(process.env.CC ?? 'cc', ['-O1', '-o', program, SOURCE])
  for (const kind of HEAP_STREAM_KINDS) compare(program, kind)
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function compare(program, kind) {
  let requests = 0
  let exact = 0
  let first = null
  for (let run = 0; run < Number(values.runs); run++) {
    const seed = Number(values.seed) + run
    const text = execFileSync(program, [kind, String(seed), values.requests], { encoding: 'utf8', maxBuffer: 1 << 28 })
    const stream = parseHeapStream(text)
    const answers = heapAnswers(stream)
    stream.forEach(({ answer, line }, at) => {
      requests += 1
      if (answers[at] === answer) exact += 1
      else first ??= `seed ${seed}, request ${at + 1}: "${line}", ours ${answers[at]}`
    })
  }
  const share = requests === 0 ? 0 : (exact / requests) * 100
  console.log(
    `${kind.padEnd(8)} ${String(requests).padStart(9)} answers  ${share.toFixed(3).padStart(7)} % exact${first === null ? '' : `  first: ${first}`}`,
  )
  if (exact < requests) process.exitCode = 1
}
