/** The native allocator's side of the benchmark: compiled once for 32 and once for 64 bits, replayed by the interpreter itself. */
import { spawn, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const SOURCE = fileURLToPath(new URL('native-replay.c', import.meta.url))
const SCRIPT = fileURLToPath(new URL('native-replay.py', import.meta.url))
const COMPILERS = process.env.CC === undefined ? ['cc', 'gcc', 'clang'] : [process.env.CC]

const compiled = new Map()

/** The library for interpreters of so many bits. @throws with one line for the user if it cannot be compiled */
function libraryFor(pointerBits, folder) {
  if (!compiled.has(pointerBits)) compiled.set(pointerBits, compile(pointerBits, folder))
  const { library, fault } = compiled.get(pointerBits)
  if (fault !== undefined) throw new Error(fault)
  return library
}

function compile(pointerBits, folder) {
  const library = join(folder, `native-replay-${pointerBits}.so`)
  const options = ['-O2', '-shared', '-fPIC', `-m${pointerBits}`, '-o', library, SOURCE]
  for (const compiler of COMPILERS) {
    const { error, status, stderr } = spawnSync(compiler, options, { encoding: 'utf8' })
    if (error?.code === 'ENOENT') continue
    if (status === 0) return { library }
    return { fault: `${compiler} could not compile for ${pointerBits} bits: ${stderr.trim().split('\n')[0]}` }
  }
  return { fault: `no C compiler was found (${COMPILERS.join(', ')}); install one or set CC` }
}

/**
 * An interpreter that replays the columns when it is asked to.
 *
 * @returns `pass()`, which resolves to the nanoseconds of one replay, and `end()`
 * @throws with one line for the user
 */
export function startNativeReplay(python, columns, folder) {
  const library = libraryFor(python.pointerBits, folder)
  const file = join(folder, 'columns')
  writeFileSync(file, columns.file)
  const env = { ...process.env }
  delete env.PYTHONMALLOC
  const child = spawn(python.command, [SCRIPT, library, file, `${columns.length}`, `${columns.ids}`], { env })
  child.stdin.on('error', () => {})
  let said = ''
  child.stderr.on('data', (piece) => {
    said += piece
  })
  const ended = new Promise((resolve) => child.on('close', resolve))
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    async pass() {
      child.stdin.write('\n')
      const { value, done } = await answers.next()
      if (!done) return Number(value)
      await ended
      throw new Error(`${python.command} could not replay: ${said.trim().split('\n').at(-1) || 'it ended without a word'}`)
    },
    async end() {
      child.stdin.end()
      await ended
    },
  }
}
