import type { EventChunk } from './event-channel.ts'

export interface WorkerTask {
  /** Where the interpreter's `pyodide.mjs` is. */
  readonly interpreter: string
  readonly source: string
  readonly file: string
  /** False: the script runs in just the same way, but nothing is recorded. */
  readonly isRecorded: boolean
}

/** How the script ended. */
export type ScriptEnd =
  | { readonly kind: 'finished' }
  /** `sys.exit`, or SystemExit raised. */
  | { readonly kind: 'exited'; readonly code: number; readonly message: string | null }
  /** Its error, which Python has printed, or an error of its syntax. */
  | { readonly kind: 'raised'; readonly type: string }
  | { readonly kind: 'timedOut' }
  /** The interpreter or the recorder cannot go on; what was recorded before stays. */
  | { readonly kind: 'failed'; readonly message: string }

export type WorkerMessage =
  | { readonly kind: 'chunk'; readonly chunk: EventChunk }
  | { readonly kind: 'started'; readonly version: string }
  | { readonly kind: 'output'; readonly stream: 'stdout' | 'stderr'; readonly text: string }
  | { readonly kind: 'end'; readonly end: ScriptEnd }
