/**
 * Releases every package that a changeset names. Without `--publish` it says what would be released and changes nothing:
 *
 *     node scripts/release.mjs [--publish]
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { ROOT } from './checks/files.mjs'
import { packAll, settled } from './packages/packed.mjs'

const PLAN = '.cache/release.json'
const CHANGESET = 'node_modules/@changesets/cli/bin.js'

/** Ends with one line. */
function refuse(line) {
  console.error(`release: ${line}`)
  process.exit(2)
}

const output = (command, args) =>
  settled(spawnSync(command, args, { cwd: ROOT, encoding: 'utf8' }), `release: ${command} ${args.join(' ')}`)

/** A step of a real release, its output shown. */
function step(command, ...args) {
  console.log(`$ ${command} ${args.join(' ')}`)
  const { status } = spawnSync(command, args, { cwd: ROOT, stdio: 'inherit' })
  if (status !== 0) refuse(`${args[0] ?? command} failed; mend it and run the release again`)
}

/** Packages with the version that they have and the one that the changesets give them. */
function planned() {
  mkdirSync(join(ROOT, '.cache'), { recursive: true })
  output(process.execPath, [CHANGESET, 'status', `--output=${PLAN}`])
  const { releases } = JSON.parse(readFileSync(join(ROOT, PLAN), 'utf8'))
  return releases.filter(({ type }) => type !== 'none')
}

const { values } = parseArgs({ options: { publish: { type: 'boolean', default: false } } })
const releases = planned()
if (releases.length === 0) refuse('no changeset names a package: write one with npx changeset')
for (const { name, oldVersion, newVersion, changesets } of releases)
  console.log(`${name.padEnd(24)} ${oldVersion} -> ${newVersion}  (${changesets.join(', ') || 'with the others'})`)

if (!values.publish) {
  for (const { name, tarball } of packAll()) console.log(`${name.padEnd(24)} packs into ${relative(ROOT, tarball)}`)
  console.log('nothing was changed or published: node scripts/release.mjs --publish does it')
  process.exit(0)
}
if (output('git', ['status', '--porcelain']) !== '') refuse('there are changes that are not committed: commit them first')
if (output('git', ['branch', '--show-current']).trim() !== 'main') refuse('releases are made from main: change to it first')
step(process.execPath, CHANGESET, 'version')
step(process.execPath, 'scripts/setup.mjs')
step(process.execPath, 'scripts/packages.mjs')
step(process.execPath, 'scripts/examples.mjs')
step('git', 'commit', '-q', '-a', '-m', `Release ${releases[0].newVersion}`)
step(process.execPath, CHANGESET, 'publish')
