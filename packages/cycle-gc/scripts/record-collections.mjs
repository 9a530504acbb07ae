/**
 * Makes test/fixtures/collections.json and triggered.json anew: does the scenarios on every real interpreter that is found, natively and in
 * WebAssembly, and stores what each printed. Interpreters that print the same share one entry.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const FIXTURES = fileURLToPath(new URL('../test/fixtures/', import.meta.url))
const recorder = createRequire(new URL('../../recorder/package.json', import.meta.url))
const WEB_ASSEMBLY = ['3.12.7', '3.13.2', '3.14.2', '3.15.0rc1']

/** Native interpreters by version: those of pyenv. */
function nativeInterpreters() {
  const root = process.env.PYENV_ROOT ?? join(homedir(), '.pyenv')
  return readdirSync(join(root, 'versions'))
    .filter((version) => /^3\.\d+\.\d+$/.test(version))
    .map((version) => [version, join(root, 'versions', version, 'bin', 'python')])
}

/** Runs a program in WebAssembly, in a process of its own: two versions cannot share one. */
async function printedInWebAssembly(version, path) {
  const { loadPyodide } = await import(pathToFileURL(recorder.resolve(`pyodide-${version}/pyodide.mjs`)).href)
  const lines = []
  const python = await loadPyodide({ stdout: (line) => lines.push(line) })
  python.FS.writeFile('/program.py', readFileSync(path, 'utf8'))
  python.runPython("exec(compile(open('/program.py').read(), '/program.py', 'exec'), {'__name__': '__main__'})")
  return lines.join('\n')
}

/** What every interpreter printed, by version. @param oldest minor version of the oldest native one */
function everywhere(program, oldest) {
  const path = join(mkdtempSync(join(tmpdir(), 'collections-')), 'program.py')
  writeFileSync(path, program)
  const printed = new Map()
  const attempt = (name, command, args) => {
    try {
      printed.set(name, JSON.parse(execFileSync(command, args, { encoding: 'utf8', timeout: 300_000, stdio: ['ignore', 'pipe', 'pipe'] })))
    } catch (error) {
      console.error(`${name}: ${String(error.stderr ?? error).slice(-400)}`)
    }
  }
  for (const [version, python] of nativeInterpreters())
    if (Number(version.split('.')[1]) >= oldest) attempt(version, python, ['-E', '-S', path])
  for (const version of WEB_ASSEMBLY)
    attempt(`wasm-${version}`, process.execPath, [fileURLToPath(import.meta.url), '--wasm', version, path])
  return printed
}

/** Scenario -> what was observed -> the interpreters that observed it. */
function folded(printed) {
  const scenarios = {}
  for (const [interpreter, results] of printed) {
    for (const [name, observed] of Object.entries(results)) {
      const text = JSON.stringify(observed)
      scenarios[name] ??= []
      const known = scenarios[name].find((entry) => JSON.stringify(entry.observed) === text)
      if (known) known.interpreters.push(interpreter)
      else scenarios[name].push({ interpreters: [interpreter], observed })
    }
  }
  return scenarios
}

/** One scenario a line: the file is compared by eye when it changes. */
const lined = (scenarios) =>
  `{\n${Object.entries(scenarios)
    .map(([name, entries]) => `${JSON.stringify(name)}: ${JSON.stringify(entries)}`)
    .join(',\n')}\n}\n`

if (process.argv[2] === '--wasm') {
  await printedInWebAssembly(process.argv[3], process.argv[4]).then(console.log, (error) => {
    console.error(error.message)
    process.exitCode = 1
  })
  process.exit()
}
const text = (name) => readFileSync(join(FIXTURES, name), 'utf8')

/** Does the scenarios of one file with one driver on every interpreter from a minor version on. */
function record(scenarios, driver, output, oldest) {
  const list = `SCENARIOS = __import__('json').loads(${JSON.stringify(JSON.stringify(JSON.parse(text(scenarios))))})\n`
  writeFileSync(join(FIXTURES, output), lined(folded(everywhere(list + text(driver), oldest))))
}

record('scenarios.json', 'driver.py', 'collections.json', 6)
// Before 3.8 no generation's objects can be told apart.
record('triggers.json', 'triggers.py', 'triggered.json', 8)
