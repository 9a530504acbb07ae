import { Worker } from 'node:worker_threads'
import { DEFAULT_INTERPRETER, interpreterUrl, notInstalled } from './interpreters.ts'
import { type RecordScriptResult, recordIn, type ScriptListener, type StartThread } from './script-recording.ts'

/** A script, and who listens to what it does. */
export interface RecordScriptOptions extends ScriptListener {
  readonly source: string
  /** Name of the script in tracebacks and in the log. */
  readonly file: string
  /** Folders that the script sees under their own names; it runs in the first. Default: it sees no files but Python's own. */
  readonly folders?: readonly string[]
  /** What stands in `sys.argv` behind it. */
  readonly args?: readonly string[]
  /** Version of an installed interpreter, or the path of a `pyodide.mjs`; default `3.14.2`. */
  readonly interpreter?: string
  /** False: the script runs in just the same way, but unobserved. */
  readonly isRecorded?: boolean
  /** True: the log holds no calls of the allocator. */
  readonly isObjectsOnly?: boolean
  /** True: the log names the keys of dictionaries that are strings, the first 60 characters, or small whole numbers: they can be the program's data. */
  readonly hasKeys?: boolean
}

/** From `src` and from `dist` alike: a worker runs only what is built, whatever conditions of import this process was started with. */
const WORKER = new URL('../../dist/wasm/record-worker.js', import.meta.url)

/** Runs a Python script on CPython in WebAssembly and hands on its events, in order, while it runs. */
export async function recordScript(options: RecordScriptOptions): Promise<RecordScriptResult> {
  const { source, file, folders = [], args = [], interpreter = DEFAULT_INTERPRETER, isRecorded = true } = options
  const { isObjectsOnly = false, hasKeys = false } = options
  const path = interpreterUrl(interpreter)
  if (path === null) return { end: { kind: 'failed', message: notInstalled(interpreter) }, version: null, events: 0, milliseconds: 0 }
  return recordIn(startThread, { interpreter: path, source, file, folders, args, isRecorded, isObjectsOnly, hasKeys }, options)
}

const startThread: StartThread = (task, { message, failed, exited }) => {
  const worker = new Worker(WORKER, { workerData: task, execArgv: [] })
  worker.on('message', message)
  worker.on('error', (error) => failed(error.message))
  worker.on('exit', exited)
  return () => void worker.terminate()
}
