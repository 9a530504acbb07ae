import { setTimeout as pause } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import type { EventBatch } from '@reheap/kernel'
import { ChunkReader } from './event-chunk.ts'
import { DEFAULT_INTERPRETER, interpreterUrl, notInstalled } from './interpreters.ts'
import type { CollectorStart, ScriptEnd, WorkerMessage, WorkerTask } from './worker-message.ts'

export interface RecordScriptOptions {
  readonly source: string
  /** Name of the script in tracebacks and in the log. */
  readonly file: string
  /** Folders that the script sees under their own names; it runs in the first. Default: it sees no files but Python's own. */
  readonly folders?: readonly string[]
  /** What stands in `sys.argv` behind it. */
  readonly args?: readonly string[]
  /** Version of an installed interpreter, or the path of a `pyodide.mjs`; default `3.14.2`. */
  readonly interpreter?: string
  /** The script is stopped after so long; default: never. The start of the interpreter does not count. */
  readonly timeoutMs?: number
  /** Stops the script. */
  readonly signal?: AbortSignal
  /** The script begins, on this version of CPython. Events come when what this returns is done. */
  readonly onStart?: (version: string, collector: CollectorStart) => void | Promise<void>
  /** Takes events in order; the memory of a batch is used again after the call. */
  readonly onEvents: (batch: EventBatch) => void
  readonly onOutput?: (stream: 'stdout' | 'stderr', bytes: Uint8Array) => void
  /** False: the script runs in just the same way, but unobserved. */
  readonly isRecorded?: boolean
  /** True: the log holds no calls of the allocator. */
  readonly isObjectsOnly?: boolean
}

export interface RecordScriptResult {
  readonly end: ScriptEnd
  /** Of the interpreter; null if it did not start. */
  readonly version: string | null
  readonly events: number
  readonly milliseconds: number
}

/** From `src` and from `dist` alike: a worker runs only what is built. */
const WORKER = new URL('../../dist/wasm/record-worker.js', import.meta.url)
const POLL_MS = 20

/** Runs a Python script on CPython in WebAssembly and hands on its events, in order, while it runs. */
export async function recordScript(options: RecordScriptOptions): Promise<RecordScriptResult> {
  const { source, file, folders = [], args = [], interpreter = DEFAULT_INTERPRETER, isRecorded = true, isObjectsOnly = false } = options
  const path = interpreterUrl(interpreter)
  if (path === null) return { end: { kind: 'failed', message: notInstalled(interpreter) }, version: null, events: 0, milliseconds: 0 }
  return new ScriptRecording(options).run({ interpreter: path, source, file, folders, args, isRecorded, isObjectsOnly })
}

/** One recording under way. */
class ScriptRecording {
  private readonly options: RecordScriptOptions
  private readonly chunks: ChunkReader[] = []
  private events = 0
  private version: string | null = null
  private end: ScriptEnd | null = null
  private startedAt = performance.now()
  private hasExited = false
  private ready: void | Promise<void> = undefined

  constructor(options: RecordScriptOptions) {
    this.options = options
  }

  async run(task: WorkerTask): Promise<RecordScriptResult> {
    const worker = new Worker(WORKER, { workerData: task, stderr: true })
    const stop = (): void => {
      this.end ??= { kind: 'timedOut' }
      void worker.terminate()
    }
    this.options.signal?.addEventListener('abort', stop)
    let timer: NodeJS.Timeout | undefined
    worker.on('message', (message: WorkerMessage) => {
      this.take(message)
      if (message.kind === 'started' && this.options.timeoutMs !== undefined) timer = setTimeout(stop, this.options.timeoutMs)
      if (message.kind === 'end') void worker.terminate()
    })
    worker.on('error', (error) => {
      this.end ??= { kind: 'failed', message: error.message }
    })
    worker.on('exit', () => {
      this.hasExited = true
    })
    while (!this.hasExited) {
      await pause(POLL_MS)
      await this.ready
      this.drain()
    }
    clearTimeout(timer)
    this.options.signal?.removeEventListener('abort', stop)
    await this.ready
    this.drain()
    const end: ScriptEnd = this.end ?? { kind: 'failed', message: 'the interpreter ended by itself' }
    return { end, version: this.version, events: this.events, milliseconds: performance.now() - this.startedAt }
  }

  private take(message: WorkerMessage): void {
    if (message.kind === 'chunk') this.chunks.push(new ChunkReader(message.chunk))
    else if (message.kind === 'output') this.options.onOutput?.(message.stream, message.bytes)
    else if (message.kind === 'end') this.end ??= message.end
    else {
      this.version = message.version
      this.startedAt = performance.now()
      this.ready = this.options.onStart?.(message.version, message.collector)
    }
  }

  /** Of a chunk that is not the last all rows are whole. */
  private drain(): void {
    for (const chunk of this.chunks) {
      const batch = chunk.take(this.events)
      if (batch === null) continue
      this.events += batch.length
      this.options.onEvents(batch)
    }
    this.chunks.splice(0, this.chunks.length - 1)
  }
}
