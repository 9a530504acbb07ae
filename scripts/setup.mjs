/**
 * Installs and builds the workspace on a machine with Node and npm alone. pnpm comes through npm.
 * Quiet when all is well; the output of a step is shown when the step fails.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))

/** Fails with one line unless this Node is as new as `engines` asks. */
function requireNode() {
  const wanted = manifest.engines.node.replace('>=', '')
  const [major, minor] = wanted.split('.').map(Number)
  const [ownMajor, ownMinor] = process.versions.node.split('.').map(Number)
  if (ownMajor > major || (ownMajor === major && ownMinor >= minor)) return
  console.error(`setup: Node ${process.versions.node} is too old: install Node ${wanted} or newer and run the same command again`)
  process.exit(2)
}

/** Runs one step; shows what it printed only if it failed. */
function step(name, command, args) {
  const started = performance.now()
  // `npm --silent` would keep pnpm from saying why it failed.
  const env = { ...process.env, npm_config_loglevel: 'warn' }
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd: root, env, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
  if (status === 0) {
    if (process.stderr.isTTY) console.error(`setup: ${name}, ${((performance.now() - started) / 1000).toFixed(1)} s`)
    return
  }
  process.stderr.write(`${stdout ?? ''}${stderr ?? ''}`)
  console.error(`setup: ${name} failed${error ? `: ${error.message}` : ''}; the lines above say why`)
  process.exit(1)
}

requireNode()
const pnpm = manifest.packageManager.split('+')[0]
// What builds the documentation is not needed to use or test anything: `scripts/docs.mjs` installs it.
step('packages installed', 'npx', ['--yes', pnpm, 'install', '--frozen-lockfile', '--prefer-offline', '--filter', '!reheap-docs'])
step('packages built', process.execPath, ['node_modules/typescript/bin/tsc', '-b'])
step('page built', 'npx', ['--yes', pnpm, '--filter', '@reheap/viewer', 'run', 'build'])
