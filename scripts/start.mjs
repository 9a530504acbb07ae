/**
 * The project's main job on a real recording that lies in the repository: store it, prove it right,
 * see how the memory went, and ask what another version would have made of it.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const RECORDING = 'packages/machine/test/fixtures/cpython-3.9.18-64-stress.jsonl.gz'
const FOLDER = '.cache/start'
const LOG = `${FOLDER}/stress.arrows`

/** Runs one command line of reheap and shows it with what it printed; stops at the first that fails. */
function reheap(args, isShown = true) {
  console.log(`$ npm run -s reheap -- ${args.join(' ')}`)
  const { status, stdout, stderr } = spawnSync(process.execPath, ['packages/cli/dist/main.js', ...args], { cwd: root, encoding: 'utf8' })
  if (isShown) process.stdout.write(stdout)
  if (status === 0) return
  process.stderr.write(stderr)
  process.exit(status ?? 1)
}

mkdirSync(new URL(`../${FOLDER}`, import.meta.url), { recursive: true })
reheap(['import', RECORDING, '-o', LOG, '--force'], false)
reheap(['verify', LOG])
reheap(['timeline', LOG, '--width', '100', '--height', '4'])
reheap(['whatif', LOG, '--vary', 'profile=cpython-3.13'])
