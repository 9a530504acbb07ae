import type { WasmModule } from './wasm-module.ts'

/** Fields of a built-in function object and of its definition. */
const DEFINITION = 8
const CALL = 4
const FLAGS = 8
const FLAG = { keywords: 2, fastCall: 0x80 } as const

/** Arguments as C gets them: the module, then what the calling convention says. */
export type BuiltinCall = (...args: number[]) => number

/**
 * Puts JavaScript around a function that is written in C: no object is made and Python sees no difference.
 *
 * @param around gets the original; it has to call it once and to return what that returns
 */
export function hookFunction(
  module: WasmModule,
  builtin: number,
  around: (original: BuiltinCall, args: readonly number[]) => number,
): void {
  const heap = module.HEAP32
  const definition = heap[(builtin + DEFINITION) >> 2] ?? 0
  const original = module.wasmTable.get(heap[(definition + CALL) >> 2] ?? 0)
  const flags = heap[(definition + FLAGS) >> 2] ?? 0
  const parameters = 2 + ((flags & FLAG.fastCall) !== 0 ? 1 : 0) + ((flags & FLAG.keywords) !== 0 ? 1 : 0)
  const call = module.addFunction((...args: number[]) => around(original, args), `i${'i'.repeat(parameters)}`)
  heap[(definition + CALL) >> 2] = call
}
