/**
 * Runs the benchmarks, each in a process of its own, one after the other; a mechanism's benchmark replays one recorded log through ours and
 * through the native thing and prints the ratio. A benchmark prints; it does not fail.
 *
 * usage, in a built checkout: node scripts/bench.mjs [NAME [ARGUMENT...]]
 *   NAME      one of those listed by an unknown name (default: all, with their default arguments)
 *   ARGUMENT  handed on; what each takes stands at the top of its file
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const BENCHMARKS = {
  allocator: 'scripts/bench/allocator.mjs',
  refcount: 'packages/refcount/bench/objects.mjs',
  'cycle-gc': 'packages/cycle-gc/bench/collect.mjs',
  'device-memory': 'packages/device-memory/bench/requests.mjs',
  'host-memory': 'packages/host-memory/bench/heap.mjs',
  'event-log': 'packages/event-log/bench/log.mjs',
  layers: 'packages/machine/bench/layers.mjs',
  viewer: 'packages/viewer/bench/page.mjs',
  report: 'packages/viewer/bench/report.mjs',
}
const ROOT = fileURLToPath(new URL('../', import.meta.url))

const [name, ...args] = process.argv.slice(2)
if (name !== undefined && !Object.hasOwn(BENCHMARKS, name)) {
  console.error(`bench: no benchmark is called "${name}"; known are ${Object.keys(BENCHMARKS).join(', ')}`)
  process.exit(2)
}
for (const [each, path] of Object.entries(BENCHMARKS)) {
  if (name !== undefined && each !== name) continue
  console.log(`\n${each}: node ${path}`)
  const { status } = spawnSync(process.execPath, [path, ...args], { cwd: ROOT, stdio: 'inherit' })
  if (status !== 0) process.exitCode = 1
}
