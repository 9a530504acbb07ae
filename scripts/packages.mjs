/**
 * Checks the packages as they would be published: packs all of them and looks at the tarballs with publint, with Are The Types Wrong, at what
 * they hold and at what they weigh; then lets knip look for files, exports and dependencies that nobody uses.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { ROOT } from './checks/files.mjs'
import { weigh } from './packages/budgets.mjs'
import { contentFaults } from './packages/contents.mjs'
import { packAll } from './packages/packed.mjs'

/** The packages are ESM: a `require` of them under an old Node, and resolution without `exports`, are not promised. */
const isPromised = ({ kind, resolutionKind }) => kind !== 'CJSResolvesToESM' && resolutionKind !== 'node10'

/** Are the types found, and do they say what the code is? A command has nothing to import. */
async function typeFaults(contents, { exports }) {
  if (exports === undefined) return []
  const result = await checkPackage(contents)
  if (!result.types) return ['types: there are none']
  return result.problems.filter(isPromised).map((problem) => `types: ${problem.kind} ${JSON.stringify(problem)}`)
}

async function faultsOf({ folder, name, tarball }) {
  const bytes = readFileSync(tarball)
  const contents = createPackageFromTarballData(bytes)
  const inside = `/node_modules/${name}/`
  const files = contents
    .listFiles()
    .filter((path) => path.startsWith(inside))
    .map((path) => path.slice(inside.length))
  const { messages } = await publint({ pack: { tarball: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) } })
  const manifest = JSON.parse(contents.readFile(`${inside}package.json`))
  const { figures, faults } = await weigh(folder, bytes.length)
  return {
    figures,
    faults: [
      ...messages.map((message) => `publint: ${formatMessage(message, manifest)}`),
      ...(await typeFaults(contents, manifest)),
      ...contentFaults(files, (path) => contents.readFile(inside + path)),
      ...faults,
    ],
  }
}

const kib = (figure) => (figure === null ? '-' : figure.toFixed(1)).padStart(10)
let found = 0
console.log(`${'package'.padEnd(24)}${'packed KiB'.padStart(10)}  ${'in a page'.padStart(10)}`)
for (const each of packAll()) {
  const { figures, faults } = await faultsOf(each)
  console.log(`${each.name.padEnd(24)}${kib(figures?.packed ?? null)}  ${kib(figures?.bundled ?? null)}`)
  for (const fault of faults) console.error(`${each.name}: ${fault}`)
  found += faults.length
}
const knip = spawnSync(process.execPath, ['node_modules/knip/bin/knip.js', '--no-progress', '--no-config-hints'], {
  cwd: ROOT,
  stdio: 'inherit',
})
if (found > 0 || knip.status !== 0) process.exit(1)
console.log('packages: in order')
