import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { packageFolders, ROOT, text } from '../checks/files.mjs'

/** Where the tarballs of this checkout lie; ignored by git. */
const FOLDER = join(ROOT, '.cache/packed')

/** The pnpm that the workspace names, through npm. */
export function pnpm(args, options) {
  const { packageManager } = JSON.parse(text('package.json'))
  return spawnSync('npx', ['--yes', packageManager.split('+')[0], ...args], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024, ...options })
}

/** Runs a step; what it printed, or one line that says what failed below its output. */
export function settled({ status, stdout, stderr, error }, what) {
  if (status === 0) return stdout
  process.stderr.write(`${stdout ?? ''}${stderr ?? ''}`)
  console.error(`${what} failed${error ? `: ${error.message}` : ''}; the lines above say why`)
  process.exit(1)
}

/**
 * Packs every package of the built workspace as it would be published.
 *
 * @returns for each its folder below `packages`, its name, the manifest in the tarball, and the tarball's path
 */
export function packAll() {
  requireBuild()
  rmSync(FOLDER, { recursive: true, force: true })
  mkdirSync(FOLDER, { recursive: true })
  const printed = settled(
    pnpm(['-r', '--filter', './packages/*', 'pack', '--pack-destination', FOLDER, '--json'], { cwd: ROOT }),
    'packing',
  )
  const tarballs = new Map(JSON.parse(printed).map(({ name, filename }) => [name, join(FOLDER, basename(filename))]))
  return packageFolders().map((folder) => {
    const { name } = JSON.parse(text(`packages/${folder}/package.json`))
    return { folder, name, tarball: tarballs.get(name) }
  })
}

/** A tarball without the build would pass for a package. */
function requireBuild() {
  const unbuilt = packageFolders().filter((folder) => !existsSync(join(ROOT, 'packages', folder, 'dist')))
  if (!existsSync(join(ROOT, 'packages/viewer/dist/page/index.html'))) unbuilt.push('viewer/dist/page')
  if (unbuilt.length === 0) return
  console.error(`packing: ${unbuilt.join(', ')} is not built: run npm start, which installs and builds`)
  process.exit(2)
}
