import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pnpm, settled } from '../packages/packed.mjs'

/**
 * Installs every project of a folder, with our packages from their tarballs and all others from the store or the registry.
 * Each project finds only what its own manifest names.
 */
export function installTarballs(folder, packages) {
  const projects = readdirSync(folder)
  const overrides = packages.map(({ name, tarball }) => `  '${name}': 'file:${tarball}'`)
  writeFileSync(
    join(folder, 'pnpm-workspace.yaml'),
    ['packages:', ...projects.map((name) => `  - ${name}`), 'overrides:', ...overrides, ''].join('\n'),
  )
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n')
  settled(
    pnpm(['install', '--prefer-offline', '--no-frozen-lockfile', '--ignore-scripts', '--silent'], { cwd: folder }),
    'examples: installing',
  )
}
