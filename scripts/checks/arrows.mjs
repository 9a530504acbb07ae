import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { filesBelow, isTest, packageFolders, ROOT, text } from './files.mjs'

/** Rows of the table in ARCHITECTURE.md: package folder -> what it may import. */
function allowedImports() {
  const rows = new Map()
  for (const line of text('ARCHITECTURE.md').split('\n')) {
    const cells = line.split('|').map((cell) => cell.trim())
    const folder = /^`packages\/([a-z-]+)`$/.exec(cells[1] ?? '')?.[1]
    if (folder === undefined) continue
    rows.set(folder, new Set([...(cells.at(-2) ?? '').matchAll(/`([^`]+)`/g)].map((match) => match[1])))
  }
  return rows
}

/** The package that an import names, without its sub-path; null for a file of the same package. */
function imported(specifier) {
  if (specifier.startsWith('.') || specifier.startsWith('#')) return null
  if (specifier.startsWith('node:')) return 'node'
  const parts = specifier.split('/')
  return parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/')
}

/** Imports and re-exports of a source file. */
const specifiers = (source) =>
  [
    ...source.matchAll(
      /^(?:import|export)\b[^'"]*?from\s+['"]([^'"]+)['"]|^import\s+['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/gm,
    ),
  ].map((match) => match[1] ?? match[2] ?? match[3])

/** Every import keeps to the table of ARCHITECTURE.md, and package.json names just what is imported. */
export function checkArrows() {
  const faults = []
  const allowed = allowedImports()
  for (const folder of packageFolders()) {
    const may = allowed.get(folder)
    if (may === undefined) {
      faults.push(`packages/${folder} has no row in the table of ARCHITECTURE.md`)
      continue
    }
    const used = new Set()
    for (const path of filesBelow(`packages/${folder}/src`).filter((path) => /\.tsx?$/.test(path) && !isTest(path))) {
      for (const specifier of specifiers(text(path))) {
        const name = imported(specifier)
        if (name === null) continue
        used.add(name)
        if (!may.has(name))
          faults.push(`${path} imports ${specifier}; ARCHITECTURE.md lets packages/${folder} import ${[...may].join(', ') || 'nothing'}`)
      }
    }
    const { dependencies, peerDependencies } = JSON.parse(text(`packages/${folder}/package.json`))
    const declared = Object.keys({ ...dependencies, ...peerDependencies })
    for (const name of declared)
      if (!used.has(name)) faults.push(`packages/${folder}/package.json names ${name}, which no source file imports`)
    for (const name of used) if (name !== 'node' && !declared.includes(name)) faults.push(`packages/${folder}/package.json lacks ${name}`)
  }
  for (const folder of allowed.keys())
    if (!existsSync(join(ROOT, 'packages', folder))) faults.push(`ARCHITECTURE.md names packages/${folder}, which is not there`)
  return faults
}
