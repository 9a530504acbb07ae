import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../checks/files.mjs'
import { settled } from '../packages/packed.mjs'
import { pageText } from './page-text.mjs'

/** A recording of a script on a real CPython 3.13.2. */
const RECORDING = join(ROOT, 'packages/cli/test/fixtures/sessions.jsonl.gz')

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => existsSync(path))

const spawned = (folder, node, args) =>
  spawnSync(node, args, { cwd: folder, encoding: 'utf8', env: { ...process.env, CI: '', NO_COLOR: '1' }, maxBuffer: 64 * 1024 * 1024 })

/** What a command of a project prints; ends with its output if it fails. */
const printed = (folder, node, args) => settled(spawned(folder, node, args), `${folder}: ${args.join(' ')}`)

const tool = (folder, path) => join(folder, 'node_modules', path)

/** What a project of `examples` prints under a Node, by its name. */
export const RUNS = {
  'replay-in-node': (folder, node) => printed(folder, node, ['replay.js', RECORDING]),
  'collector-policy': (folder, node) => {
    printed(folder, node, [tool(folder, 'typescript/bin/tsc')])
    return printed(folder, node, ['dist/compare.js'])
  },
  'own-allocator': (folder, node) => {
    // A test that fails is told by its name and its first line, not by ending all of this.
    const { stdout } = spawned(folder, node, [tool(folder, 'vitest/vitest.mjs'), 'run', '--reporter=json'])
    const results = JSON.parse(stdout).testResults.flatMap(({ assertionResults }) => assertionResults)
    return results
      .map(({ fullName, status, failureMessages }) => [status, fullName, ...failureMessages].join(': ').split('\n')[0])
      .join('\n')
      .concat('\n')
  },
  'every-package': (folder, node) => {
    printed(folder, node, [tool(folder, 'typescript/bin/tsc')])
    return printed(folder, node, ['every.js']) + printed(folder, node, [tool(folder, 'reheap/dist/main.js'), '--version'])
  },
}

/** What the built page shows in a real browser; null where there is none. */
export async function browserPage(folder) {
  if (CHROMIUM === undefined) return null
  printed(folder, process.execPath, [tool(folder, 'vite/bin/vite.js'), 'build', '--logLevel', 'warn'])
  return pageText(CHROMIUM, join(folder, 'dist'), 'answer')
}
