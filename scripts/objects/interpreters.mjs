/**
 * Real interpreters that run generated programs, each a process that is asked line by line: native ones, and those that
 * come from npm as WebAssembly. Each is `{ name, version, pointerBits, run(source), close() }`.
 */
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { HARNESS, WARM_UP } from '../../packages/properties/dist/index.js'
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
const WASM_PROCESS = fileURLToPath(new URL('wasm-process.mjs', import.meta.url))

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
export function startNative({ executable, version }) {
  return started(`native ${version}`, version, 64, spawn(executable, ['-I', '-S', '-c', HARNESS + LOOP], PIPES), [])
}

/** An interpreter in WebAssembly with the harness loaded. */
export function startWasm(version) {
  const first = [`${JSON.stringify(HARNESS)}\n`]
  return started(`WebAssembly ${version}`, version, 32, spawn(process.execPath, [WASM_PROCESS, version], PIPES), first)
}

const PIPES = { stdio: ['pipe', 'pipe', 'inherit'] }

async function started(name, version, pointerBits, child, first) {
  const waiting = []
  createInterface({ input: child.stdout }).on('line', (line) => waiting.shift()?.resolve(JSON.parse(line)))
  child.on('exit', (code) => {
    for (const { reject } of waiting.splice(0)) reject(new Error(`${name} ended with ${code}`))
  })
  child.stdin.on('error', () => {})
  for (const line of first) child.stdin.write(line)
  const run = (source) =>
    new Promise((resolve, reject) => {
      waiting.push({ resolve, reject })
      child.stdin.write(`${JSON.stringify(source)}\n`)
    })
  await run(WARM_UP)
  return { name, version, pointerBits, run, close: () => child.stdin.end() }
}
