import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** Names of the packages' folders. */
export const packageFolders = () =>
  readdirSync(join(ROOT, 'packages')).filter((name) => statSync(join(ROOT, 'packages', name)).isDirectory())

/** Text of a file, its path relative to the root. */
export const text = (path) => readFileSync(join(ROOT, path), 'utf8')

/** Every file below a folder, relative to the root; build output and installed packages are passed over. */
export function filesBelow(folder) {
  const found = []
  const walk = (path) => {
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      if (['node_modules', 'dist', 'fixtures', '.cache'].includes(entry.name)) continue
      const inner = join(path, entry.name)
      if (entry.isDirectory()) walk(inner)
      else found.push(relative(ROOT, inner))
    }
  }
  walk(join(ROOT, folder))
  return found.sort()
}

export const isTest = (path) => /\.(test|bench)\.ts$/.test(path)
