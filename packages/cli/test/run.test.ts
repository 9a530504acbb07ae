import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, writeFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import { CLI, json, reheap, workplace } from './command.ts'

const place = workplace()
afterAll(place.remove)

writeFileSync(
  place.at('cycle.py'),
  'import gc, sys\na = []\nb = [a]\na.append(b)\nprint(sys.getrefcount(a), *sys.argv[1:])\ndel a, b\nprint(gc.collect())\nsys.exit(7)\n',
)
writeFileSync(place.at('loop.py'), 'kept = []\nwhile True:\n    kept = [kept]\n    kept = []\n')

test("[C50] run: output and exit status are the script's own, the source is annotated, and the log verifies", () => {
  const { status, stdout, stderr } = reheap(['run', '--verify', 'cycle.py', '--size', '3'], { cwd: place.folder })
  expect({ status, stdout }, stderr).toEqual({ status: 7, stdout: '3 --size 3\n2\n' })
  expect(stderr).toMatch(/^ +1x +\+1 -0 .*\| a = \[\] {2}# a: 1$/m)
  expect(stderr).toMatch(/\| print\(gc\.collect\(\)\) {2}# gen2: 2 collected, asked for$/m)
  expect(stderr).toMatch(/^reheap: cycle\.arrows: [\d,]+ events of CPython 3\.14\.2, [\d.]+ KiB$/m)
  expect(stderr).toMatch(/^[\d,]+ observations compared: all as recorded$/m)
  expect(json(reheap(['verify', place.at('cycle.arrows'), '--json']))).toMatchObject({ mismatches: 0 })
})

/** Prints what 3.15 counts itself: the objects that each of three collections looked at. */
const CANDIDATES = `import gc
class Node: pass
for each in range(300):
    node = Node(); node.me = node
def seen():
    return sum(each['candidates'] for each in gc.get_stats())
before = seen()
for generation in range(3):
    gc.collect(generation)
    print(seen() - before)
    before = seen()
`

test('[C175] run: the objects that a collection visits are as many as CPython 3.15 counts', () => {
  writeFileSync(place.at('candidates.py'), CANDIDATES)
  const { stdout } = reheap(['run', '-q', '--python', '3.15.0rc1', 'candidates.py'], { cwd: place.folder })
  const { objects } = json<{ objects: { collections: readonly { visited: number }[] } }>(
    reheap(['timeline', place.at('candidates.arrows'), '--json']),
  )
  const counted = stdout.trim().split('\n').map(Number)
  expect(counted.length).toBe(3)
  expect(objects.collections.map(({ visited }) => visited)).toEqual(counted)
})

test('[C50] run --timeout leaves a log and exits 124; --json prints one document', () => {
  const { status, stdout } = reheap(['run', '--timeout', '1', '--json', '--objects-only', '-o', 'l.arrows', 'loop.py'], {
    cwd: place.folder,
  })
  expect(status).toBe(124)
  expect(JSON.parse(stdout)).toMatchObject({ output: 'l.arrows', version: '3.14.2', end: { kind: 'timedOut' } })
  expect(json(reheap(['verify', place.at('l.arrows'), '--json']))).toMatchObject({ mismatches: 0 })
})

test('[C50] run: killed half-way it leaves a log whose whole batches verify, and that says that it is torn', async () => {
  const log = place.at('killed.arrows')
  const running = spawn(process.execPath, [CLI, 'run', '-q', '-o', 'killed.arrows', 'loop.py'], { cwd: place.folder, stdio: 'ignore' })
  const exited = once(running, 'exit')
  const verified = () => reheap(['verify', log, '--allow-torn', '--json'])
  const observed = (): number => {
    const { status, stdout } = verified()
    return status === 0 ? JSON.parse(stdout).observations : 0
  }
  try {
    while (running.exitCode === null && !(existsSync(log) && observed() > 10)) await pause(300)
  } finally {
    running.kill('SIGKILL')
  }
  expect(await exited).toEqual([null, 'SIGKILL'])
  const refused = reheap(['verify', log])
  expect(refused.status).toBe(2)
  expect(refused.stderr).toMatch(/^reheap: [^\n]*--allow-torn\n$/)
  const { status, stdout } = verified()
  expect(status).toBe(0)
  const report = JSON.parse(stdout)
  expect(report).toMatchObject({ mismatches: 0 })
  expect(report.observations).toBeGreaterThan(10)
})

test('[C51] run: what cannot be run is refused in one line, and nothing is left', () => {
  for (const [args, line] of [
    [['missing.py'], 'missing.py: cannot be read: no such file'],
    [['--python', '9.99', '-o', 'new.arrows', 'cycle.py'], 'there is no interpreter 9.99'],
    [['-o', 'x.jsonl', 'cycle.py'], 'reheap run writes a stored log'],
    [['--python', '3.12.7', '-o', 'old.arrows', 'cycle.py'], 'PyRefTracer came with 3.13'],
  ] as const) {
    const { status, stdout, stderr } = reheap(['run', ...args], { cwd: place.folder })
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).toMatch(/^reheap: [^\n]+\n$/)
    expect(stderr).toContain(line)
  }
  expect(existsSync(place.at('old.arrows'))).toBe(false)
})
