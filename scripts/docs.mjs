/**
 * Builds the documentation as a static site in `docs/.vitepress/dist`: the pages of `docs`, every package's README and rules, and the reference
 * of its exports.
 *
 *     node scripts/docs.mjs [--check]
 *
 * `--check` looks at the links alone. A link that leads nowhere fails the build, and so does a built page that would load anything from elsewhere.
 */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { packageFolders, ROOT, text } from './checks/files.mjs'
import { pageMap, pictures, sitePage } from './docs/pages.mjs'
import { pnpm, settled } from './packages/packed.mjs'

const SITE = join(ROOT, 'docs/.site')
const BUILT = join(ROOT, 'docs/.vitepress/dist')
const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } })

const put = (path, content) => {
  mkdirSync(dirname(join(SITE, path)), { recursive: true })
  writeFileSync(join(SITE, path), content)
}

/** Ends with what is wrong, if anything is. */
function requireNone(faults) {
  for (const fault of faults) console.error(`docs: ${fault}`)
  if (faults.length > 0) process.exit(1)
}

const run = (tool, args) =>
  settled(spawnSync(process.execPath, [tool, ...args], { cwd: join(ROOT, 'docs'), encoding: 'utf8' }), `docs: ${tool}`)

/** The reference of every package that exports something, one page each. */
function reference() {
  const folders = packageFolders().filter((folder) => JSON.parse(text(`packages/${folder}/package.json`)).exports !== undefined)
  const entries = folders.flatMap((folder) => ['--entryPoints', join(ROOT, 'packages', folder)])
  run('node_modules/typedoc/bin/typedoc', [...entries, '--options', 'typedoc.json', '--out', join(SITE, 'api')])
}

/** Addresses that a built page would load from. Links that a reader follows are none. */
function foreign() {
  const files = readdirSync(BUILT, { recursive: true, encoding: 'utf8' })
  return files
    .filter((name) => /\.(html|css)$/.test(name))
    .flatMap((name) => {
      const loads = [
        ...readFileSync(join(BUILT, name), 'utf8').matchAll(
          /(?:<(?:script|img|iframe)[^>]*\bsrc=|<link[^>]*\bhref=|url\()["']?(https?:\/\/[^"')\s]+)/g,
        ),
      ]
      return loads.map(([, address]) => `${name} would load ${address}`)
    })
}

rmSync(SITE, { recursive: true, force: true })
const pages = pageMap()
const faults = []
const shown = [...pages].map(([path, target]) => [target, sitePage(path, pages, faults)])
requireNone(faults)
if (values.check) process.exit(0)
settled(
  pnpm(['install', '--frozen-lockfile', '--prefer-offline', '--silent', '--filter', 'reheap-docs'], { cwd: ROOT }),
  'docs: installing',
)
for (const [target, page] of shown) put(target, page)
for (const [path, target] of pictures()) cpSync(join(ROOT, path), join(SITE, target))
reference()
run('node_modules/vitepress/bin/vitepress.js', ['build'])
requireNone(foreign())
console.log('docs: docs/.vitepress/dist')
