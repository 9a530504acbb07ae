import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

/** Versions of CPython that can be had in WebAssembly, with the npm packages that hold them. */
export const INTERPRETERS: ReadonlyMap<string, string> = new Map([
  ['3.12.7', 'npm:pyodide@0.27.8'],
  ['3.13.2', 'npm:pyodide@0.29.5'],
  ['3.14.2', 'npm:pyodide@314.0.7'],
  ['3.15.0rc1', 'npm:pyodide@315.0.0-alpha.2'],
])

/** The version of CPython that runs a script unless another is asked for. */
export const DEFAULT_INTERPRETER = '3.14.2'

/** Where the `pyodide.mjs` of a version is, or of a path; null: it is not installed. */
export function interpreterUrl(version: string): string | null {
  if (version.endsWith('.mjs')) return pathToFileURL(version).href
  // Installed beside this package, or in the folder where the command was given.
  for (const from of [import.meta.url, pathToFileURL(`${process.cwd()}/package.json`).href]) {
    try {
      return pathToFileURL(createRequire(from).resolve(`pyodide-${version}/pyodide.mjs`)).href
    } catch {}
  }
  return null
}

/** What is wrong and how to mend it, in one line. */
export function notInstalled(version: string): string {
  const source = INTERPRETERS.get(version)
  return source === undefined
    ? `there is no interpreter ${version} in WebAssembly; there are ${[...INTERPRETERS.keys()].join(', ')}, or name the path of a pyodide.mjs`
    : `CPython ${version} in WebAssembly is not installed; install it with: npm install pyodide-${version}@${source}`
}
