import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

/** The part of an interpreter in WebAssembly that is read and called here. */
interface WasmModule {
  readonly HEAP32: Int32Array
  addFunction(call: (...args: number[]) => number, signature: string): number
  getWasmTableEntry(index: number): (...args: number[]) => number
  readonly [name: string]: unknown
}
interface Python {
  readonly _module: WasmModule
  runPython(code: string): unknown
}

/** An object that the collector tracks, or one that such an object refers to. */
export interface RealObject {
  readonly address: number
  readonly count: number
  readonly isTuple: boolean
  readonly isGc: boolean
  /** In the order of its traversal. */
  readonly references: readonly number[]
}

/** The real collector's state and all that it can see, by address. */
export interface RealState {
  /** Young, first space, second space, permanent: addresses in order. */
  readonly lists: readonly (readonly number[])[]
  readonly counts: readonly number[]
  readonly thresholds: readonly number[]
  readonly heapSize: number
  readonly workToDo: number
  readonly visitedSpace: number
  readonly phase: number
  /** Collections, collected and uncollectable objects of each generation. */
  readonly stats: readonly number[]
}

const HEAD_BYTES = 8
const TP_TRAVERSE = 71
const HAVE_GC = 1 << 14
const TUPLE_SUBCLASS = 1 << 26
const IMMORTAL_SIGN = 31
/** Words from the first threshold on. */
const WORDS = { stats: 14, heapSize: 26, workToDo: 27, visitedSpace: 28, phase: 29 } as const
const STATE_BYTES = 120_000

/** A real CPython 3.14.2 whose collector is read from its memory: nothing runs in it but what is asked. */
export class RealCollector {
  readonly #python: Python
  readonly #threshold: number
  readonly #collect: number
  readonly #visit: number
  readonly #traversals = new Map<number, ((object: number, visit: number, arg: number) => number) | null>()
  #visited: number[] = []

  private constructor(python: Python) {
    this.#python = python
    this.#threshold = this.#findThreshold()
    this.#visit = this.#module.addFunction((object) => {
      this.#visited.push(object >>> 0)
      return 0
    }, 'iii')
    python.runPython('import gc, sys\ngc.disable()\ngc.collect()\nCOLLECT, GENERATIONS = gc.collect, ((0,), (1,), (2,))')
    this.#collect = this.#global('COLLECT')
  }

  static async open(): Promise<RealCollector> {
    const recorder = createRequire(new URL('../../recorder/package.json', import.meta.url))
    const { loadPyodide } = await import(/* @vite-ignore */ pathToFileURL(recorder.resolve('pyodide-3.14.2/pyodide.mjs')).href)
    return new RealCollector((await loadPyodide({})) as Python)
  }

  run(code: string): void {
    this.#python.runPython(code)
  }

  /** Calls `gc.collect(generation)` without a frame or an allocation around it. @returns what it returned */
  collect(generation: number): number {
    const generations = this.#global('GENERATIONS')
    const answer = this.#call('_PyObject_CallObject', this.#collect, this.#call('_PyTuple_GetItem', generations, generation))
    return this.#call('_PyLong_AsLong', answer)
  }

  /** Writes how much work the collector owes: increments run only while it owes some. */
  owe(work: number): void {
    this.#module.HEAP32[(this.#threshold >> 2) + WORDS.workToDo] = work
  }

  state(): RealState {
    const word = (index: number): number => this.#word(this.#threshold + index * 4)
    return {
      lists: [0, 1, 2, 3].map((list) => this.#listed(this.#threshold - HEAD_BYTES + 16 * list)),
      counts: [word(1), word(5), word(9)],
      thresholds: [word(0), word(4), word(8)],
      heapSize: word(WORDS.heapSize),
      workToDo: word(WORDS.workToDo),
      visitedSpace: word(WORDS.visitedSpace),
      phase: word(WORDS.phase),
      stats: Array.from({ length: 9 }, (_, index) => word(WORDS.stats + index)),
    }
  }

  /** The objects of the lists and those that they refer to, one step far. */
  objects(state: RealState): ReadonlyMap<number, RealObject> {
    const found = new Map<number, RealObject>()
    for (const address of state.lists.flat()) found.set(address, this.#object(address, this.#references(address)))
    for (const { references } of [...found.values()]) for (const to of references) if (!found.has(to)) found.set(to, this.#object(to, []))
    return found
  }

  /**
   * What a pass marks first: the dicts of `sys` and of the builtins, then those of the static types and of their
   * subclasses, as they lie in the interpreter's state.
   */
  globalRoots(): readonly number[] {
    this.run(`
def static_types(kind, seen):
    for sub in type.__subclasses__(kind):
        if sub not in seen:
            seen.add(sub)
            static_types(sub, seen)
    return seen
STATIC = [t for t in static_types(object, {object}) if not t.__flags__ & 1 << 9]
SYS, BUILTINS = sys.__dict__, __builtins__.__dict__ if hasattr(__builtins__, '__dict__') else __builtins__
`)
    const types = this.#listItems(this.#global('STATIC'))
    const dicts = new Set(types.map((type) => this.#call('_PyType_GetDict', type)))
    const roots = [this.#global('SYS'), this.#global('BUILTINS')]
    const start = this.#call('_PyInterpreterState_Get')
    for (let at = start; at < start + STATE_BYTES; at += 4)
      if (dicts.has(this.#word(at))) roots.push(...[this.#word(at), this.#word(at + 4)].filter((root) => root !== 0))
    this.run('del STATIC, SYS, BUILTINS, static_types\ngc.collect()')
    return roots
  }

  get #module(): WasmModule {
    return this.#python._module
  }

  #word(address: number): number {
    return (this.#module.HEAP32[address >> 2] ?? 0) >>> 0
  }

  #call(name: string, ...args: number[]): number {
    return (this.#module[name] as (...args: number[]) => number)(...args)
  }

  #global(name: string): number {
    const module = this.#module as unknown as { stringToNewUTF8(text: string): number; _free(address: number): void }
    const text = module.stringToNewUTF8(name)
    const main = this.#call('_PyModule_GetDict', this.#call('_PyImport_AddModule', this.#mainName()))
    const found = this.#call('_PyDict_GetItemString', main, text)
    module._free(text)
    return found
  }

  #mainName(): number {
    return (this.#module as unknown as { stringToNewUTF8(text: string): number }).stringToNewUTF8('__main__')
  }

  #listItems(list: number): readonly number[] {
    return Array.from({ length: this.#call('_PyList_Size', list) }, (_, index) => this.#call('_PyList_GetItem', list, index))
  }

  #findThreshold(): number {
    const start = this.#call('_PyInterpreterState_Get')
    for (let at = start; at < start + STATE_BYTES; at += 4) if (this.#word(at) === 2000 && this.#word(at + 16) === 10) return at
    throw new Error('the thresholds are not where they are expected')
  }

  #listed(head: number): readonly number[] {
    const found: number[] = []
    for (let at = this.#word(head) & ~3; at !== head; at = this.#word(at) & ~3) found.push(at + HEAD_BYTES)
    return found
  }

  #object(address: number, references: readonly number[]): RealObject {
    const count = this.#word(address)
    const flags = this.#call('_PyType_GetFlags', this.#word(address + 4))
    return {
      address,
      count: count >>> (IMMORTAL_SIGN - 1) === 0 ? count : -1,
      isTuple: (flags & TUPLE_SUBCLASS) !== 0 && this.#word(address + 4) === this.#module._PyTuple_Type,
      isGc: (flags & HAVE_GC) !== 0,
      references,
    }
  }

  #references(address: number): readonly number[] {
    const type = this.#word(address + 4)
    let traverse = this.#traversals.get(type)
    if (traverse === undefined) {
      const slot = this.#call('_PyType_GetSlot', type, TP_TRAVERSE)
      traverse = slot === 0 ? null : (this.#module.wasmTable as { get(index: number): (...args: number[]) => number }).get(slot)
      this.#traversals.set(type, traverse)
    }
    this.#visited = []
    traverse?.(address, this.#visit, 0)
    return this.#visited
  }
}
