import { BlockRecorder } from './block-recorder.ts'
import { CollectorFigures } from './collector-figures.ts'
import { EventWriter } from './event-writer.ts'
import { recorderFor } from './recorder-for.ts'
import { measuredRootMarks } from './root-marks.ts'
import { type RuntimeLayout, runtimeLayout } from './runtime-layout.ts'
import type { ScriptRecorder } from './script-recorder.ts'
import { endScript, type MonitoringCallback, type PreparedScript, prepareScript } from './script-setup.ts'
import { newText, textAt, type WasmModule } from './wasm-module.ts'
import type { ScriptEnd, WorkerMessage, WorkerTask } from './worker-message.ts'

/** 3.14.0 to 3.14.4 collect in increments. */
const INCREMENTAL_MINOR = 14

interface Interpreter {
  readonly _module: WasmModule
  readonly FS: { chdir(path: string): void }
  runPython(source: string): string
  mountNodeFS(path: string, folder: string): void
  setStdin(options: { read: () => number }): void
  setStdout(options: { write: (bytes: Uint8Array) => number }): void
  setStderr(options: { write: (bytes: Uint8Array) => number }): void
}

/** Loads an interpreter into this thread and runs the script to its end. */
export async function runScript(task: WorkerTask, send: (message: WorkerMessage) => void): Promise<ScriptEnd> {
  try {
    const { loadPyodide }: { loadPyodide: () => Promise<Interpreter> } = await import(task.interpreter)
    const interpreter = await loadPyodide()
    const output = (stream: 'stdout' | 'stderr') => ({
      write: (bytes: Uint8Array) => {
        send({ kind: 'output', stream, bytes: bytes.slice() })
        return bytes.length
      },
    })
    for (const folder of task.folders) interpreter.mountNodeFS(folder, folder)
    if (task.folders[0] !== undefined) interpreter.FS.chdir(task.folders[0])
    // Nobody is there to answer: what is read is at its end.
    interpreter.setStdin({ read: () => 0 })
    interpreter.setStdout(output('stdout'))
    interpreter.setStderr(output('stderr'))
    const version = interpreter.runPython(
      'import sys; "{}.{}.{}".format(*sys.version_info) + ({"candidate": "rc%d" % sys.version_info[4]}.get(sys.version_info[3], ""))',
    )
    const module = interpreter._module
    const layout = runtimeLayout(module, Number(version.split('.')[1]))
    if (layout === null)
      return {
        kind: 'failed',
        message: `CPython ${version} cannot be recorded: PyRefTracer came with 3.13; take 3.13.2, 3.14.2 or 3.15.0rc1`,
      }
    const isMeasured = layout.heapSize === 0 || !task.isRecorded || task.rootMarked !== null
    const rootMarked = isMeasured ? task.rootMarked : rootMarksOf(await loadPyodide(), task)
    return new ScriptRun(module, layout, task, send).run(version, rootMarked)
  } catch (error) {
    return { kind: 'failed', message: messageOf(error) }
  }
}

/** Asks an interpreter that is as the script's own and is used for nothing else. */
function rootMarksOf({ _module: module }: Interpreter, task: WorkerTask): number | null {
  const layout = runtimeLayout(module, INCREMENTAL_MINOR)
  if (layout === null || prepareScript(module, task, {}) === null) return null
  return measuredRootMarks(module, layout)
}

const messageOf = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error))

/** One script on one interpreter. */
class ScriptRun {
  private readonly module: WasmModule
  private readonly layout: RuntimeLayout
  private readonly task: WorkerTask
  private readonly send: (message: WorkerMessage) => void
  private recorder: ScriptRecorder | null = null
  private fault: unknown = null

  constructor(module: WasmModule, layout: RuntimeLayout, task: WorkerTask, send: (message: WorkerMessage) => void) {
    this.module = module
    this.layout = layout
    this.task = task
    this.send = send
  }

  run(version: string, rootMarked: number | null): ScriptEnd {
    const { module, task } = this
    const callbacks: Record<string, MonitoringCallback> = {
      LINE: (args, count) => this.guarded(({ onLine }) => onLine(args, count)),
      PY_START: (args, count) => this.guarded(({ onStart }) => onStart(args, count)),
      PY_RETURN: (args, count) => this.guarded(({ onReturn }) => onReturn(args, count)),
      PY_YIELD: (args, count) => this.guarded(({ onReturn }) => onReturn(args, count)),
    }
    const script = prepareScript(module, task, task.isRecorded ? callbacks : {})
    if (script === null) return this.raised()
    // All generations begin empty, and free lists too: what came before the script does not show in its counts.
    module._PyGC_Collect()
    const start = new CollectorFigures(module, this.layout, script.callbacks).start()
    this.send({ kind: 'started', version, collector: rootMarked === null ? start : { ...start, rootMarked } })
    if (task.isRecorded) this.record(script)
    const end = this.evaluate(script)
    module._PyRefTracer_SetTracer(0, 0)
    endScript(module)
    if (this.fault !== null) return { kind: 'failed', message: messageOf(this.fault) }
    return end
  }

  private record(script: PreparedScript): void {
    const { module } = this
    const writer = new EventWriter((chunk) => this.send({ kind: 'chunk', chunk }))
    const blocks = new BlockRecorder(writer, !this.task.isObjectsOnly)
    const guard = (call: (recorder: ScriptRecorder) => void): void => this.guarded(call)
    const { file, hasKeys } = this.task
    const recorder = recorderFor({ module, layout: this.layout, script, file, hasKeys, writer, blocks, guard })
    const tracer = module.addFunction((object = 0, event = 0) => {
      this.guarded((running) => running.trace(object, event))
      return 0
    }, 'iiii')
    recorder.start()
    blocks.start(module, {
      blockFreed: (block) => guard((running) => running.lives.blockFreed(block)),
      blockMoved: (from, to) => guard((running) => running.lives.blockMoved(from, to)),
    })
    module._PyRefTracer_SetTracer(tracer, 0)
    this.recorder = recorder
    this.stop = () => blocks.stop()
  }

  private stop: () => void = () => undefined

  /** An error must not pass through the interpreter: the recording ends, the script goes on. */
  private guarded(call: (recorder: ScriptRecorder) => void): void {
    if (this.recorder === null) return
    try {
      call(this.recorder)
    } catch (error) {
      this.fault = error
      this.recorder = null
      this.stop()
    }
  }

  private evaluate(script: PreparedScript): ScriptEnd {
    const result = this.module._PyEval_EvalCode(script.code, script.moduleDict, script.moduleDict)
    this.guarded((running) => running.end())
    this.recorder = null
    this.stop()
    return result === 0 ? this.raised() : { kind: 'finished' }
  }

  private raised(): ScriptEnd {
    const { module } = this
    const systemExit = module.HEAP32[module._PyExc_SystemExit >> 2] ?? 0
    if (module._PyErr_ExceptionMatches(systemExit) !== 0) return this.exited()
    const error = module._PyErr_Occurred()
    const type = textAt(module, module.HEAP32[(error + 12) >> 2] ?? 0)
    module._PyErr_Print()
    return { kind: 'raised', type }
  }

  private exited(): ScriptEnd {
    const { module } = this
    const error = module._PyErr_GetRaisedException()
    const value = module._PyObject_GetAttrString(error, newText(module, 'code'))
    if (value === module.__Py_NoneStruct) return { kind: 'exited', code: 0, message: null }
    const code = module._PyLong_AsLong(value)
    if (module._PyErr_Occurred() === 0) return { kind: 'exited', code, message: null }
    module._PyErr_Clear()
    return { kind: 'exited', code: 1, message: textAt(module, module._PyUnicode_AsUTF8(module._PyObject_Str(value))) }
  }
}
