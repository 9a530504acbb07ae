/**
 * Replays every recording of the real allocator that is there and compares all that it was seen to answer:
 * `node scripts/verify-recordings.mjs [PART OF A NAME]`. It takes a folder `shared/oracles/pytorch` beside the checkout or
 * above it, else the recordings that are kept with the tests.
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const { status } = spawnSync(
  process.execPath,
  ['node_modules/vitest/vitest.mjs', 'run', 'packages/device-memory/test/oracles.test.ts', '--maxWorkers=1'],
  { cwd: root, stdio: 'inherit', env: { ...process.env, RECORDING: process.argv[2] ?? '' } },
)
process.exit(status ?? 1)
