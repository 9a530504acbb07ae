import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import { type EventChunk, readChunk } from './event-channel.ts'
import type { ObjectEventSink } from './object-event.ts'
import type { ScriptEnd, WorkerMessage, WorkerTask } from './worker-message.ts'

export interface RecordScriptOptions {
  readonly source: string
  /** Name of the script in tracebacks and in the log. */
  readonly file: string
  /** Version of an installed interpreter, or the path of a `pyodide.mjs`; default `3.14.2`. */
  readonly interpreter?: string
  /** The script is stopped after so long; default: never. The start of the interpreter does not count. */
  readonly timeoutMs?: number
  readonly sink: ObjectEventSink
  readonly onOutput?: (stream: 'stdout' | 'stderr', text: string) => void
  /** False: the script runs in just the same way, but unobserved. */
  readonly isRecorded?: boolean
}

export interface RecordScriptResult {
  readonly end: ScriptEnd
  /** Of the interpreter; null if it did not start. */
  readonly version: string | null
  readonly milliseconds: number
}

const DEFAULT_INTERPRETER = '3.14.2'
/** From `src` and from `dist` alike: a worker runs only what is built. */
const WORKER = new URL('../../dist/wasm/record-worker.js', import.meta.url)

/** Runs a Python script on CPython in WebAssembly and hands the events of its objects to the sink, in order, while it runs. */
export async function recordScript(options: RecordScriptOptions): Promise<RecordScriptResult> {
  const { source, file, interpreter = DEFAULT_INTERPRETER, timeoutMs, sink, onOutput, isRecorded = true } = options
  const path = interpreterUrl(interpreter)
  if (path === null) return { end: { kind: 'failed', message: notInstalled(interpreter) }, version: null, milliseconds: 0 }
  const task: WorkerTask = { interpreter: path, source, file, isRecorded }
  const chunks: { readonly chunk: EventChunk; read: number }[] = []
  const drain = (): void => {
    for (const entry of chunks) entry.read = readChunk(entry.chunk, entry.read, sink)
    chunks.splice(0, chunks.length - 1)
  }
  let version: string | null = null
  let end: ScriptEnd | null = null
  let startedAt = performance.now()
  let timer: NodeJS.Timeout | undefined
  const worker = new Worker(WORKER, { workerData: task })
  await new Promise<void>((resolve) => {
    worker.on('message', (message: WorkerMessage) => {
      if (message.kind === 'chunk') chunks.push({ chunk: message.chunk, read: 0 })
      else if (message.kind === 'output') onOutput?.(message.stream, message.text)
      else if (message.kind === 'end') end ??= message.end
      else {
        version = message.version
        startedAt = performance.now()
        if (timeoutMs !== undefined) timer = setTimeout(stop, timeoutMs)
      }
      drain()
      if (message.kind === 'end') void worker.terminate()
    })
    const stop = (): void => {
      end ??= { kind: 'timedOut' }
      void worker.terminate()
    }
    worker.on('error', (error) => {
      end ??= { kind: 'failed', message: error.message }
    })
    worker.on('exit', () => resolve())
  })
  clearTimeout(timer)
  drain()
  return {
    end: end ?? { kind: 'failed', message: 'the interpreter ended by itself' },
    version,
    milliseconds: performance.now() - startedAt,
  }
}

const notInstalled = (interpreter: string): string =>
  `there is no interpreter ${interpreter}; install it (npm package pyodide-${interpreter}) or name the path of its pyodide.mjs`

function interpreterUrl(interpreter: string): string | null {
  try {
    const isPath = interpreter.endsWith('.mjs')
    return pathToFileURL(isPath ? interpreter : createRequire(import.meta.url).resolve(`pyodide-${interpreter}/pyodide.mjs`)).href
  } catch {
    return null
  }
}
