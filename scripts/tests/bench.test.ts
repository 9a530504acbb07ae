import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const BENCH = fileURLToPath(new URL('../bench/allocator.mjs', import.meta.url))
const LOG = fileURLToPath(new URL('../../packages/trace/test/fixtures/cpython-3.11-hello.jsonl.gz', import.meta.url))

/** Runs the benchmark where no interpreter is to be found. */
function bench(...args: string[]) {
  const env = { PATH: '/nonexistent', PYENV_ROOT: '/nonexistent' }
  return spawnSync(process.execPath, [BENCH, '--passes', '15', ...args], { env, encoding: 'utf8' })
}

test('without an interpreter the benchmark says so and prints our own times', () => {
  const { status, stdout } = bench(LOG)
  expect(status).toBe(0)
  expect(stdout).toContain('no CPython was found on PATH or in PYENV_ROOT')
  expect(stdout).toMatch(/^ +28895 +- +- +\d+\.\d +\d+\.\d +\d+\.\d\d +- .*cpython-3\.11-hello\.jsonl\.gz$/m)
  expect(stdout).toContain('not replayed natively: no CPython 3.11.7 of 64 bits')
})

test('what the benchmark cannot read ends it with one line and exit code 2', () => {
  for (const [args, line] of [
    [['/nonexistent.jsonl'], /^bench: \/nonexistent\.jsonl: cannot be read .*\n$/],
    [['--wat', LOG], /^bench: Unknown option '--wat'\n$/],
    [['--passes', '3', LOG], /^bench: --passes 3: a median needs 15 passes or more\n$/],
  ] as const) {
    const { status, stderr } = bench(...args)
    expect(stderr).toMatch(line)
    expect(status).toBe(2)
  }
})
