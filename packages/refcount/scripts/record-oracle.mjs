/**
 * Makes the tables in test/fixtures anew: asks every real interpreter that is found, natively and in WebAssembly, and stores
 * what each answered. Interpreters that answer the same share one entry.
 *
 *     node packages/refcount/scripts/record-oracle.mjs [deaths | habits]
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { homedir, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const FIXTURES = fileURLToPath(new URL('../test/fixtures/', import.meta.url))
const WEB_ASSEMBLY = ['3.12.7', '3.13.2', '3.14.2', '3.15.0rc1']
/** Interpreters that died of the depth of a chain would answer nothing: WebAssembly has the stack of JavaScript. */
const STACK_KIB = 200_000

const text = (name) => readFileSync(new URL(name, import.meta.url), 'utf8')
const recorder = createRequire(new URL('../../recorder/package.json', import.meta.url))

/** Native interpreters by version: those of pyenv. */
function nativeInterpreters() {
  const versions = join(process.env.PYENV_ROOT ?? join(homedir(), '.pyenv'), 'versions')
  const found = readdirSync(versions).filter((version) => /^3\.\d+\.\d+$/.test(version))
  return found.map((version) => [version, join(versions, version, 'bin', 'python')])
}

/** Runs a program in WebAssembly, in a process of its own: two versions cannot share one. */
async function printedInWebAssembly(version, path) {
  const entry = recorder.resolve(`pyodide-${version}/pyodide.mjs`)
  const { loadPyodide } = await import(pathToFileURL(entry).href)
  const lines = []
  const python = await loadPyodide({ indexURL: `${dirname(entry)}/`, stdout: (line) => lines.push(line) })
  python.FS.writeFile('/program.py', readFileSync(path, 'utf8'))
  python.runPython("exec(compile(open('/program.py').read(), '/program.py', 'exec'), {'__name__': '__main__'})")
  return lines.join('\n')
}

/** What every interpreter answered, by version. @param oldest minor version of the oldest one */
function answers(program, oldest) {
  const path = join(mkdtempSync(join(tmpdir(), 'refcount-')), 'program.py')
  writeFileSync(path, program)
  const answered = new Map()
  const ask = (name, command, args) => {
    try {
      answered.set(name, JSON.parse(execFileSync(command, args, { encoding: 'utf8', timeout: 300_000, stdio: ['ignore', 'pipe', 'pipe'] })))
    } catch (error) {
      console.error(`${name}: ${String(error.stderr || error).slice(-600)}`)
    }
  }
  for (const [version, python] of nativeInterpreters())
    if (Number(version.split('.')[1]) >= oldest) ask(version, python, ['-E', '-S', path])
  for (const version of WEB_ASSEMBLY) {
    const inside = `ulimit -s unlimited; exec "$0" --stack-size=${STACK_KIB} "$@"`
    ask(`wasm-${version}`, 'sh', ['-c', inside, process.execPath, fileURLToPath(import.meta.url), '--wasm', version, path])
  }
  return answered
}

/** Question -> the answers that were given, each with the interpreters that gave it. */
function shared(answered) {
  const questions = {}
  for (const [interpreter, byQuestion] of answered) {
    for (const [question, answer] of Object.entries(byQuestion)) {
      questions[question] ??= []
      const known = questions[question].find((entry) => JSON.stringify(entry.answer) === JSON.stringify(answer))
      if (known) known.interpreters.push(interpreter)
      else questions[question].push({ interpreters: [interpreter], answer })
    }
  }
  return questions
}

/** One question a line: the file is compared by eye when it changes. */
const lined = (questions) =>
  `{\n${Object.entries(questions)
    .map(([name, entries]) => `${JSON.stringify(name)}: ${JSON.stringify(entries)}`)
    .join(',\n')}\n}\n`

const [what, version, path] = process.argv.slice(2)
if (what === '--wasm') {
  await printedInWebAssembly(version, path).then(console.log, (error) => {
    console.error(error.message)
    process.exitCode = 1
  })
  process.exit()
}
if (what !== 'habits') {
  const recipes = JSON.stringify(JSON.stringify(JSON.parse(text('recipes.json'))))
  writeFileSync(
    join(FIXTURES, 'deaths.json'),
    lined(shared(answers(`RECIPES = __import__('json').loads(${recipes})\n${text('deaths.py')}`, 8))),
  )
}
if (what !== 'deaths') writeFileSync(join(FIXTURES, 'habits.json'), lined(shared(answers(text('habits.py'), 8))))
