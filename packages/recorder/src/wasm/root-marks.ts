import type { RuntimeLayout } from './runtime-layout.ts'
import { newText, type WasmModule } from './wasm-module.ts'

const FILE_INPUT = 257
const WORD = 4
/** Behind `heap_size`. @source `struct _gc_runtime_state` of 3.14.0 to 3.14.4 */
const WORK_TO_DO = 1
const PHASE = 3
/** One hundredth of the heap is due at each increment, at most twice as many as there are new objects. @source `assess_work_to_do` */
const HEAP_SHARE = 100
const SHARE_MAX = 2

/** Marked too, but the measurement's own: the namespace that it runs in, and the function that Python makes of its code. */
const OWN = 2

/** Garbage, until an increment is due: nothing new is reachable when it begins. */
const GARBAGE = 'for _ in range(5000):\n    it = [None]\n    it[0] = it\n    it = None\n'

/**
 * How many of its old objects an incremental collector marks from its roots when a pass begins. The interpreter is asked for it:
 * it makes garbage until the first increment is due. What comes after is not as it would have been, so it must be one that is
 * used for nothing else, prepared as the script's own.
 *
 * @returns null where the version has no incremental collector
 */
export function measuredRootMarks(module: WasmModule, layout: RuntimeLayout): number | null {
  if (layout.heapSize === 0) return null
  const word = (address: number): number => module.HEAP32[address >> 2] ?? 0
  let created = 0
  let marked: number | null = null
  const watch = module.addFunction(() => {
    if (marked === null && word(layout.heapSize + PHASE * WORD) !== 0) {
      const share = Math.min(Math.floor(word(layout.heapSize) / HEAP_SHARE), SHARE_MAX * created)
      // They are taken off twice.
      marked = (created + share - word(layout.heapSize + WORK_TO_DO * WORD)) / 2 - OWN
    }
    created = word(layout.threshold + WORD)
    return 0
  }, 'iiii')
  const names = module._PyDict_New()
  module._PyGC_Collect()
  module._PyRefTracer_SetTracer(watch, 0)
  module._PyRun_String(newText(module, GARBAGE), FILE_INPUT, names, names)
  module._PyRefTracer_SetTracer(0, 0)
  return marked
}
