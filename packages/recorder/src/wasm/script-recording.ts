import type { EventBatch } from '@reheap/kernel'
import { ChunkReader } from './event-chunk.ts'
import type { CollectorStart, ScriptEnd, WorkerMessage, WorkerTask } from './worker-message.ts'

/** What a recording tells while it runs, and what stops it. */
export interface ScriptListener {
  /** The script is stopped after so long; default: never. The start of the interpreter does not count. */
  readonly timeoutMs?: number
  /** Stops the script. */
  readonly signal?: AbortSignal
  /** The script begins, on this version of CPython. Events come when what this returns is done. */
  readonly onStart?: (version: string, collector: CollectorStart) => void | Promise<void>
  /** Takes events in order; the memory of a batch is used again after the call. */
  readonly onEvents: (batch: EventBatch) => void
  readonly onOutput?: (stream: 'stdout' | 'stderr', bytes: Uint8Array) => void
}

/** How a script ended, and what is known of its interpreter. */
export interface RecordScriptResult {
  readonly end: ScriptEnd
  /** Of the interpreter; null if it did not start. */
  readonly version: string | null
  readonly events: number
  readonly milliseconds: number
}

/** Hears a thread that runs a script. */
export interface ThreadListener {
  message(message: WorkerMessage): void
  failed(message: string): void
  /** Nothing more will come. */
  exited(): void
}

/** Starts a thread that runs the task by `runScript`. @returns what ends it at once; `exited` is told then too */
export type StartThread = (task: WorkerTask, listener: ThreadListener) => () => void

const POLL_MS = 20
/** By interpreter: what the first run found of its roots, which are the same in all. */
const measured = new Map<string, number>()

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, POLL_MS))

/** Runs a task in a thread and hands on its events, in order, while it runs. */
export function recordIn(start: StartThread, task: Omit<WorkerTask, 'rootMarked'>, listener: ScriptListener): Promise<RecordScriptResult> {
  return new ScriptRecording(listener).run(start, { ...task, rootMarked: measured.get(task.interpreter) ?? null })
}

/** One recording under way. */
class ScriptRecording {
  private readonly listener: ScriptListener
  private readonly chunks: ChunkReader[] = []
  private events = 0
  private version: string | null = null
  private end: ScriptEnd | null = null
  private startedAt = performance.now()
  private hasExited = false
  private interpreter = ''
  private ready: void | Promise<void> = undefined

  constructor(listener: ScriptListener) {
    this.listener = listener
  }

  async run(start: StartThread, task: WorkerTask): Promise<RecordScriptResult> {
    const { signal, timeoutMs } = this.listener
    this.interpreter = task.interpreter
    let timer: ReturnType<typeof setTimeout> | undefined
    const terminate = start(task, {
      message: (message) => {
        this.take(message)
        if (message.kind === 'started' && timeoutMs !== undefined) timer = setTimeout(stop, timeoutMs)
        if (message.kind === 'end') terminate()
      },
      failed: (message) => {
        this.end ??= { kind: 'failed', message }
      },
      exited: () => {
        this.hasExited = true
      },
    })
    const stop = (): void => {
      this.end ??= { kind: 'timedOut' }
      terminate()
    }
    signal?.addEventListener('abort', stop)
    while (!this.hasExited) {
      await pause()
      await this.ready
      this.drain()
    }
    clearTimeout(timer)
    signal?.removeEventListener('abort', stop)
    await this.ready
    this.drain()
    const end: ScriptEnd = this.end ?? { kind: 'failed', message: 'the interpreter ended by itself' }
    return { end, version: this.version, events: this.events, milliseconds: performance.now() - this.startedAt }
  }

  private take(message: WorkerMessage): void {
    if (message.kind === 'chunk') this.chunks.push(new ChunkReader(message.chunk))
    else if (message.kind === 'output') this.listener.onOutput?.(message.stream, message.bytes)
    else if (message.kind === 'end') this.end ??= message.end
    else {
      this.version = message.version
      if (message.collector.rootMarked !== undefined) measured.set(this.interpreter, message.collector.rootMarked)
      this.startedAt = performance.now()
      this.ready = this.listener.onStart?.(message.version, message.collector)
    }
  }

  /** Of a chunk that is not the last all rows are whole. */
  private drain(): void {
    for (const chunk of this.chunks) {
      const batch = chunk.take(this.events)
      if (batch === null) continue
      this.events += batch.length
      this.listener.onEvents(batch)
    }
    this.chunks.splice(0, this.chunks.length - 1)
  }
}
