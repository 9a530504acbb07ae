import type { BlockRecorder } from './block-recorder.ts'
import { hookFunction } from './function-hooks.ts'
import type { ObjectReader } from './object-reader.ts'
import type { ScriptRecorder } from './script-recorder.ts'
import type { Opcodes, PreparedScript, ScriptCode } from './script-setup.ts'
import { LAYOUT } from './type-reader.ts'
import type { WasmModule } from './wasm-module.ts'

/** Fields of a code object of a 32-bit build. */
const CODE = { constants: 12, flags: 24, names: 72, file: 80, qualifiedName: 88 } as const
const FLAG = { function: 2, generator: 0x2a0 } as const
const BASIC_SIZE = 16
const ITEMS = 8
/** What is installed is nobody's own, wherever it lies. */
const INSTALLED = /\/(?:site-packages|dist-packages|node_modules)\/|^\/lib\/python/

export interface OwnCodeParts {
  readonly module: WasmModule
  readonly reader: ObjectReader
  readonly blocks: BlockRecorder
  readonly script: PreparedScript
  readonly file: string
  /** By address; gets the codes that are found. */
  readonly codes: Map<number, ScriptCode>
  readonly guard: (call: (recorder: ScriptRecorder) => void) => void
}

/** Asks for the events of modules that lie beside the script or below, when an import is about to execute them. */
export class OwnCode {
  private readonly parts: OwnCodeParts
  private readonly arguments: number

  constructor(parts: OwnCodeParts) {
    this.parts = parts
    this.arguments = parts.module._PyMem_RawMalloc(12)
  }

  install(): void {
    const { module, reader, script, guard, blocks } = this.parts
    hookFunction(module, script.functions.exec ?? 0, (original, args) => {
      guard(() => blocks.apart(() => this.take(reader.word(args[1] ?? 0))))
      return original(...args)
    })
  }

  private take(code: number): void {
    const { module, reader } = this.parts
    if (reader.typeOf(code) !== module._PyCode_Type) return
    const file = this.ownFile(reader.text(reader.word(code + CODE.file)))
    if (file === null) return
    const waiting = [code]
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      this.parts.codes.set(next, this.describe(next, file))
      this.listenTo(next)
      reader.look(reader.word(next + CODE.constants), LAYOUT.tuple)
      waiting.push(...reader.found.filter((constant) => reader.typeOf(constant) === module._PyCode_Type))
    }
  }

  /** The path as it begins in the script's own; null: the file lies elsewhere. */
  private ownFile(path: string): string | null {
    const { script, file } = this.parts
    if (!path.startsWith(`${script.folder}/`) || INSTALLED.test(path.slice(script.folder.length))) return null
    return file.slice(0, file.lastIndexOf('/') + 1) + path.slice(script.folder.length + 1)
  }

  private describe(code: number, file: string): ScriptCode {
    const { reader, codes, script } = this.parts
    const flags = reader.word(code + CODE.flags)
    reader.look(reader.word(code + CODE.names), LAYOUT.tuple)
    return {
      number: codes.size,
      address: code,
      file,
      name: reader.text(reader.word(code + CODE.qualifiedName)),
      locals: reader.found.map((name) => reader.text(name)),
      isFunction: (flags & FLAG.function) !== 0,
      isGenerator: (flags & FLAG.generator) !== 0,
      localCalls: this.localCalls(code, script.opcodes),
    }
  }

  private localCalls(code: number, { call, loads, caches }: Opcodes): readonly number[] {
    const { module, reader } = this.parts
    const start = code + reader.word(module._PyCode_Type + BASIC_SIZE)
    const length = 2 * reader.word(code + ITEMS)
    const calls: number[] = []
    let isLocal = false
    for (let at = 0; at < length; ) {
      const opcode = module.HEAPU8[start + at] ?? 0
      if (isLocal && opcode === call) calls.push(at)
      isLocal = loads.includes(opcode)
      at += 2 + 2 * (caches[opcode] ?? 0)
    }
    return calls
  }

  /** As Python calls it, from here: no object is made. */
  private listenTo(code: number): void {
    const { module, reader, script } = this.parts
    const { function: builtin, arguments: around } = script.monitoring
    module.HEAP32.set([around[0], code, around[1]], this.arguments >> 2)
    const call = module.wasmTable.get(reader.word(reader.word(builtin + 8) + 4))
    call(0, this.arguments, 3)
  }
}
