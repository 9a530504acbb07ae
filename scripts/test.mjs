/**
 * Runs the tests of the workspace and closes with the plain line `N passed, N failed`.
 * Arguments are handed to vitest: `npm test -- packages/allocator`. The long files that vitest.config.ts lists run with `--all`, as the
 * nightly run does, or when paths are given.
 * With CI=true a skipped test is named and counts as a failure: there everything is installed.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'reheap-test-'))
const report = join(folder, 'report.json')
const args = ['node_modules/vitest/vitest.mjs', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
const asked = process.argv.slice(2).filter((arg) => arg !== '--all')
const isAll = process.argv.includes('--all') || asked.some((arg) => !arg.startsWith('-'))
const env = { ...process.env, REHEAP_TESTS: isAll ? 'all' : 'usual' }
const run = spawnSync(process.execPath, [...args, ...asked], { cwd: root, stdio: 'inherit', env })

let counts
try {
  counts = JSON.parse(readFileSync(report, 'utf8'))
} catch {
  console.error('test: vitest ended without a report; its output above says why')
  process.exit(run.status || 1)
} finally {
  rmSync(folder, { recursive: true, force: true })
}

const skipped = counts.testResults.flatMap((file) =>
  file.assertionResults
    .filter(({ status }) => status !== 'passed' && status !== 'failed')
    .map(({ fullName }) => `${file.name}: ${fullName}`),
)
for (const name of skipped) console.log(`skipped: ${name}`)
if (!isAll) console.log('left to the nightly run and to `npm run test:all`: the long files listed in vitest.config.ts')
const brokenFiles = counts.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length
const inCi = process.env.CI === 'true'
const failed = counts.numFailedTests + brokenFiles + (inCi ? skipped.length : 0)
console.log(`${counts.numPassedTests} passed, ${failed} failed${inCi || skipped.length === 0 ? '' : `, ${skipped.length} skipped`}`)
process.exit(failed > 0 ? 1 : run.status || 0)
