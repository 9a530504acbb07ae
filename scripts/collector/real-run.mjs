/**
 * Runs a program on a real CPython in WebAssembly and watches its collector from outside: the interpreter's own figures are
 * read from its memory whenever an object is born or dies, so the program's counts are those of a run that nobody watches.
 */
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { CollectorFigures } from '../../packages/recorder/dist/wasm/collector-figures.js'
import { runtimeLayout } from '../../packages/recorder/dist/wasm/runtime-layout.js'
import { prepareScript } from '../../packages/recorder/dist/wasm/script-setup.js'
import { CollectionStart } from './collection-start.mjs'
import { watchFreedBlocks } from './freed-blocks.mjs'
import { Uncollected } from './uncollected.mjs'

const fromRecorder = createRequire(new URL('../../packages/recorder/package.json', import.meta.url))
const GENERATIONS = [0, 1, 2]
const BORN = 0
const DIED = 1
/** Bytes between a block and the container in it: the collector's header, and the words before it where it has a dict. */
const HEADERS = [8, 16]

/** Loads one interpreter: a program needs a fresh one, since what ran before shows in the size of its heap. */
async function load(version) {
  const { loadPyodide } = await import(pathToFileURL(fromRecorder.resolve(`pyodide-${version}/pyodide.mjs`)).href)
  return loadPyodide()
}

/**
 * @param version of an installed interpreter: 3.13.2, 3.14.2, 3.15.0rc1
 * @returns what it printed; each collection of the program, in order, as the interpreter counted it; and the most containers
 *   that were unreachable and not yet collected: just before a collection, or at the end
 */
export async function realRun(version, source) {
  const interpreter = await load(version)
  let output = ''
  interpreter.setStdout({
    write: (bytes) => {
      output += new TextDecoder().decode(bytes)
      return bytes.length
    },
  })
  const module = interpreter._module
  const watcher = new Watcher(module, new CollectorFigures(module, runtimeLayout(module, Number(version.split('.')[1]))))
  const tracer = module.addFunction((object, event) => watcher.see(object, event), 'iiii')
  const script = prepareScript(module, { source, file: 'program.py', args: [] }, {})
  if (script === null) throw new Error('the program cannot be compiled')
  module._PyGC_Collect()
  watchFreedBlocks(module, (block) => watcher.freed(block))
  watcher.start()
  module._PyRefTracer_SetTracer(tracer, 0)
  const result = module._PyEval_EvalCode(script.code, script.moduleDict, script.moduleDict)
  watcher.end()
  module._PyRefTracer_SetTracer(0, 0)
  if (result === 0) throw new Error('the program raised an error')
  return { output, collections: watcher.collections, uncollectedMax: watcher.uncollectedMax }
}

class Watcher {
  collections = []
  uncollectedMax = 0
  #collector
  #uncollected
  #seen = null
  #hasBegun = false
  #starting

  constructor(module, collector) {
    this.#collector = collector
    this.#uncollected = new Uncollected(module)
    this.#starting = new CollectionStart(module, () => this.#count())
  }

  start() {
    this.#seen = this.#figures()
    this.#starting.listen()
  }

  end() {
    this.#watch()
    this.#starting.ignore()
    this.#count()
    this.#seen = null
  }

  see(object, event) {
    if (this.#seen === null || event > DIED) return 0
    if (!this.#collector.isCollecting) this.#watch()
    if (event === BORN) {
      this.#starting.born(object)
      // The first one is the function that the module runs as: none of the program's own.
      if (this.#hasBegun) this.#uncollected.born(object)
      this.#hasBegun = true
    } else this.#uncollected.died(object)
    return 0
  }

  /** A tuple that is resized moves, and its end is not announced. */
  freed(block) {
    for (const header of HEADERS) this.#uncollected.died(block + header)
  }

  /** A collection shows in the figures at the first birth or death after it. */
  #watch() {
    const now = this.#figures()
    for (const generation of GENERATIONS) {
      const [before, after] = [this.#seen[generation], now[generation]]
      if (after.collections === before.collections) continue
      if (after.collections > before.collections + 1) throw new Error('two collections and nothing between them')
      const collected = after.collected - before.collected
      this.collections.push({ generation, collected, uncollectable: after.uncollectable - before.uncollectable })
    }
    this.#seen = now
    this.#starting.listen()
  }

  #count() {
    this.uncollectedMax = Math.max(this.uncollectedMax, this.#uncollected.count())
  }

  #figures() {
    return GENERATIONS.map((generation) => this.#collector.figures(generation))
  }
}
