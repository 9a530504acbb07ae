/**
 * Real interpreters that run generated programs: native ones as processes that are asked line by line, and those that
 * come from npm as WebAssembly in this process. Each is `{ name, version, run(source), close() }`.
 */
import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'
import { findPythons } from '../../packages/recorder/dist/index.js'

/** Programs are asked for as JSON strings, and what they print comes back likewise; `--` begins an error. */
const LOOP = `
import json
for line in sys.stdin:
    try:
        answer = run(json.loads(line))
    except BaseException as error:
        answer = "-- " + repr(error)
    print(json.dumps(answer), flush=True)
`

/** Versions of CPython that npm gives as WebAssembly. */
export const WASM_VERSIONS = ['3.12.7', '3.13.2', '3.14.2', '3.15.0rc1']

/** The newest native CPython of each minor version from 3.8 to 3.13 that is found. */
export function nativePythons() {
  const newest = new Map()
  for (const { executable, version, minor } of findPythons()) {
    if (minor >= 8 && minor <= 13) newest.set(minor, { executable, version })
  }
  return [...newest.values()]
}

/** A native interpreter with the harness loaded. */
export function startNative({ executable, version }, harness) {
  const python = spawn(executable, ['-I', '-S', '-c', harness + LOOP], { stdio: ['pipe', 'pipe', 'inherit'] })
  const waiting = []
  createInterface({ input: python.stdout }).on('line', (line) => waiting.shift()?.resolve(JSON.parse(line)))
  python.on('exit', (code) => {
    for (const { reject } of waiting.splice(0)) reject(new Error(`Python ${version} ended with ${code}`))
  })
  return {
    name: `native ${version}`,
    version,
    run: (source) =>
      new Promise((resolve, reject) => {
        waiting.push({ resolve, reject })
        python.stdin.write(`${JSON.stringify(source)}\n`)
      }),
    close: () => python.stdin.end(),
  }
}

/** An interpreter in WebAssembly with the harness loaded. */
export async function startWasm(version, harness) {
  const require = createRequire(new URL('../../packages/recorder/package.json', import.meta.url))
  const { loadPyodide } = await import(pathToFileURL(require.resolve(`pyodide-${version}/pyodide.mjs`)).href)
  const python = await loadPyodide()
  python.runPython(harness)
  const run = python.globals.get('run')
  return {
    name: `WebAssembly ${version}`,
    version,
    run: async (source) => run(source),
    close: () => run.destroy(),
  }
}
