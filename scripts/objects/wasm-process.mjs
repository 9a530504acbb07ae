/**
 * A process that runs programs on CPython in WebAssembly, asked line by line as a native one is. Each version has its own
 * process: two of them in one do not agree on what is loaded.
 *
 * usage: node scripts/objects/wasm-process.mjs VERSION, with the harness as a JSON string in the first line
 */
import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'

const [version] = process.argv.slice(2)
const require = createRequire(new URL('../../packages/recorder/package.json', import.meta.url))
const { loadPyodide } = await import(pathToFileURL(require.resolve(`pyodide-${version}/pyodide.mjs`)).href)
const python = await loadPyodide()
let run = null

for await (const line of createInterface({ input: process.stdin })) {
  const text = JSON.parse(line)
  if (run === null) {
    python.runPython(text)
    run = python.globals.get('run')
    continue
  }
  console.log(JSON.stringify(answerTo(text)))
}

function answerTo(source) {
  try {
    return run(source)
  } catch (error) {
    return `-- ${error.message}`
  }
}
