/**
 * Draws the pictures of `docs/internals` from replays of the mechanisms themselves.
 *
 *     node scripts/pictures.mjs [--check]
 *
 * `--check` writes nothing and fails if a picture is no longer what the code draws.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ROOT } from './checks/files.mjs'
import { collectorPicture } from './pictures/collector.mjs'
import { devicePicture } from './pictures/device.mjs'
import { hostPicture } from './pictures/host.mjs'
import { pymallocPicture } from './pictures/pymalloc.mjs'
import { refcountPicture } from './pictures/refcount.mjs'

const FOLDER = join(ROOT, 'docs/images/internals')
const PICTURES = {
  collector: collectorPicture,
  device: devicePicture,
  host: hostPicture,
  pymalloc: pymallocPicture,
  refcount: refcountPicture,
}

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } })
mkdirSync(FOLDER, { recursive: true })
let stale = 0
for (const [name, draw] of Object.entries(PICTURES)) {
  const path = join(FOLDER, `${name}.svg`)
  const drawn = draw()
  if (!values.check) writeFileSync(path, drawn)
  else if (!existsSync(path) || readFileSync(path, 'utf8') !== drawn) {
    console.error(`pictures: docs/images/internals/${name}.svg is not what the code draws: run node scripts/pictures.mjs`)
    stale++
  }
}
process.exit(stale === 0 ? 0 : 1)
