/** Runs `reheap` with a bug planted in it. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const CLI = fileURLToPath(new URL('../../packages/cli/dist/main.js', import.meta.url))
const REGISTER = new URL('./register.mjs', import.meta.url).href

/** One command line. @param bug its name; null: none is planted @returns status, stdout and stderr, and the seconds that it took */
export function reheap(bug, args, cwd) {
  const started = performance.now()
  const loader = bug === null ? [] : ['--import', REGISTER]
  const { status, stdout, stderr } = spawnSync(process.execPath, [...loader, CLI, ...args], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, ...(bug === null ? {} : { PLANTED_BUG: bug }) },
  })
  return { status, stdout, stderr, seconds: (performance.now() - started) / 1000 }
}

/**
 * Has `reheap check` find a bug, and the verbs open what it found.
 *
 * @returns what was found, or what is wrong with it
 */
export function findPlanted({ mechanism, name }, { seed, seconds, folder }) {
  const options = ['--mechanism', mechanism, '--time', String(seconds), '--workers', '2', '--seed', String(seed), '--json']
  const ran = reheap(name, ['check', ...options], folder)
  if (ran.status !== 1 || ran.stdout === '') return { ...ran, fault: ran.stderr.trim() || 'nothing was found' }
  const { finding } = JSON.parse(ran.stdout)
  for (const args of [['stats'], ['replay'], ['verify'], ['replay', '--until', String(finding.outputEvent)]]) {
    const opened = reheap(null, [args[0], finding.output, ...args.slice(1)], folder)
    if (opened.status !== 0) return { ...ran, finding, fault: `${args.join(' ')}: ${opened.stderr.trim() || opened.stdout.trim()}` }
  }
  return { ...ran, finding, fault: null }
}
