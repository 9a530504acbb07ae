import { AllocationMeter } from './allocation-meter.ts'
import { CollectorFigures } from './collector-figures.ts'
import { FrameStack } from './frame-stack.ts'
import type { ObjectEventSink } from './object-event.ts'
import { ObjectReader } from './object-reader.ts'
import { type RuntimeLayout, runtimeLayout } from './runtime-layout.ts'
import { ScriptRecorder } from './script-recorder.ts'
import { type MonitoringCallback, type PreparedScript, prepareScript } from './script-setup.ts'
import { newText, textAt, type WasmModule } from './wasm-module.ts'
import type { ScriptEnd, WorkerMessage, WorkerTask } from './worker-message.ts'

interface Interpreter {
  readonly _module: WasmModule
  runPython(source: string): string
  setStdout(options: { write: (bytes: Uint8Array) => number }): void
  setStderr(options: { write: (bytes: Uint8Array) => number }): void
}

/** Loads an interpreter into this thread, runs the script to its end and hands its events to the sink. */
export async function runScript(task: WorkerTask, sink: ObjectEventSink, send: (message: WorkerMessage) => void): Promise<ScriptEnd> {
  try {
    const { loadPyodide }: { loadPyodide: () => Promise<Interpreter> } = await import(task.interpreter)
    const interpreter = await loadPyodide()
    const output = (stream: 'stdout' | 'stderr') => ({
      write: (bytes: Uint8Array) => {
        send({ kind: 'output', stream, text: new TextDecoder().decode(bytes) })
        return bytes.length
      },
    })
    interpreter.setStdout(output('stdout'))
    interpreter.setStderr(output('stderr'))
    const version = interpreter.runPython('import sys; ".".join(map(str, sys.version_info[:3]))')
    const module = interpreter._module
    const layout = runtimeLayout(module, Number(version.split('.')[1]))
    if (layout === null) return { kind: 'failed', message: `CPython ${version} cannot be recorded; take 3.13, 3.14 or 3.15` }
    send({ kind: 'started', version })
    return runIn(module, layout, task, sink)
  } catch (error) {
    return { kind: 'failed', message: error instanceof Error ? error.message : String(error) }
  }
}

function runIn(module: WasmModule, layout: RuntimeLayout, task: WorkerTask, sink: ObjectEventSink): ScriptEnd {
  let recorder: ScriptRecorder | null = null
  let fault: unknown = null
  // An error must not pass through the interpreter: the recording ends, the script goes on.
  const guarded = (call: (recorder: ScriptRecorder) => void): void => {
    if (recorder === null) return
    try {
      call(recorder)
    } catch (error) {
      fault = error
      recorder = null
    }
  }
  const callbacks: Record<string, MonitoringCallback> = {
    LINE: (args, count) => guarded(({ onLine }) => onLine(args, count)),
    PY_START: (args, count) => guarded(({ onStart }) => onStart(args, count)),
    PY_RETURN: (args, count) => guarded(({ onReturn }) => onReturn(args, count)),
  }
  const script = prepareScript(module, task.source, task.file, task.isRecorded ? callbacks : {})
  if (script === null) return raised(module)
  const meter = new AllocationMeter()
  const parts = { reader: new ObjectReader(module), collector: new CollectorFigures(module, layout), meter, sink }
  const listening = new ScriptRecorder(parts, new FrameStack(module, layout, script.codes), script.moduleDict)
  const tracer = module.addFunction((object = 0, event = 0) => {
    guarded(({ trace }) => trace(object, event))
    return 0
  }, 'iiii')
  // All generations begin empty, and free lists too: what came before the script does not show in its counts.
  module._PyGC_Collect()
  if (task.isRecorded) {
    recorder = listening
    meter.start(module, (block) => guarded(({ blockFreed }) => blockFreed(block)))
    module._PyRefTracer_SetTracer(tracer, 0)
    listening.start()
  }
  const end = evaluate(module, script, () => guarded((running) => running.end()))
  module._PyRefTracer_SetTracer(0, 0)
  if (fault !== null) return { kind: 'failed', message: fault instanceof Error ? (fault.stack ?? fault.message) : String(fault) }
  return end
}

function evaluate(module: WasmModule, script: PreparedScript, whenOver: () => void): ScriptEnd {
  const result = module._PyEval_EvalCode(script.code, script.moduleDict, script.moduleDict)
  whenOver()
  return result === 0 ? raised(module) : { kind: 'finished' }
}

function raised(module: WasmModule): ScriptEnd {
  const systemExit = module.HEAP32[module._PyExc_SystemExit >> 2] ?? 0
  if (module._PyErr_ExceptionMatches(systemExit) !== 0) return exited(module)
  const error = module._PyErr_Occurred()
  const type = textAt(module, module.HEAP32[(error + 12) >> 2] ?? 0)
  module._PyErr_Print()
  return { kind: 'raised', type }
}

function exited(module: WasmModule): ScriptEnd {
  const error = module._PyErr_GetRaisedException()
  const value = module._PyObject_GetAttrString(error, newText(module, 'code'))
  if (value === module.__Py_NoneStruct) return { kind: 'exited', code: 0, message: null }
  const code = module._PyLong_AsLong(value)
  if (module._PyErr_Occurred() === 0) return { kind: 'exited', code, message: null }
  module._PyErr_Clear()
  return { kind: 'exited', code: 1, message: textAt(module, module._PyUnicode_AsUTF8(module._PyObject_Str(value))) }
}
