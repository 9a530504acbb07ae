/**
 * Tries the packages as a user would: packs them, installs the tarballs into empty projects outside of this checkout, runs the projects of
 * `examples/` there, and compares what they print with the `expected.txt` beside them.
 *
 *     node scripts/examples.mjs [--node 22 ...] [NAME ...]
 *
 * `--node` runs what runs in Node on further versions, which npm brings. Without Chromium the page is left out, and with CI=true that fails.
 */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ROOT } from './checks/files.mjs'
import { everyPackage } from './examples/every-package.mjs'
import { installTarballs } from './examples/install.mjs'
import { nodesOf } from './examples/nodes.mjs'
import { browserPage, RUNS } from './examples/runs.mjs'
import { packAll } from './packages/packed.mjs'

const { values, positionals } = parseArgs({
  options: { node: { type: 'string', multiple: true, default: [] } },
  allowPositionals: true,
})
const names = readdirSync(join(ROOT, 'examples'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
const chosen = positionals.length > 0 ? positionals : [...names, 'every-package']

const nodes = nodesOf(values.node)
const packages = packAll()
// Outside of the checkout: nothing of the workspace may be found from there.
const folder = mkdtempSync(join(tmpdir(), 'reheap-examples-'))
let failed = 0
try {
  for (const name of names) cpSync(join(ROOT, 'examples', name), join(folder, name), { recursive: true })
  everyPackage(join(folder, 'every-package'), packages)
  installTarballs(folder, packages)
  for (const name of chosen) {
    const runs =
      name === 'browser-page'
        ? [{ on: 'Chromium', run: browserPage }]
        : nodes.map(({ version, path }) => ({ on: version, run: RUNS[name], path }))
    const expected = readFileSync(join(folder, name, 'expected.txt'), 'utf8')
    for (const { on, run, path } of runs) {
      const printed = await run(join(folder, name), path)
      const verdict = printed === null ? 'left out: no Chromium is found' : printed === expected ? 'as expected' : 'DIFFERS'
      if (printed !== expected && (printed !== null || process.env.CI === 'true')) failed++
      console.log(`${name} on ${on}: ${verdict}`)
      if (verdict === 'DIFFERS') console.log(`expected:\n${expected}printed:\n${printed}`)
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
process.exit(failed === 0 ? 0 : 1)
