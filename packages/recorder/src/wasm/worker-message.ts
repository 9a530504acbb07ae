import type { EventChunk } from './event-chunk.ts'

export interface WorkerTask {
  /** Where the interpreter's `pyodide.mjs` is. */
  readonly interpreter: string
  readonly source: string
  readonly file: string
  /** Folders that the script sees under their own names; it runs in the first. */
  readonly folders: readonly string[]
  /** What stands in `sys.argv` behind the script. */
  readonly args: readonly string[]
  /** What an earlier run of the same interpreter measured; null: nothing. */
  readonly rootMarked: number | null
  /** False: the script runs in just the same way, but nothing is recorded. */
  readonly isRecorded: boolean
  /** The log is to hold no calls of the allocator. */
  readonly isObjectsOnly: boolean
  /** The log is to name the keys of dictionaries that are strings or small whole numbers. */
  readonly hasKeys: boolean
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

/** How the collector stood when the script began: what the header of a log says of it. */
export interface CollectorStart {
  readonly counts: readonly [number, number, number]
  /** Objects in each generation and in the permanent one. */
  readonly objects: readonly [number, number, number, number]
  readonly longLivedTotal?: number
  readonly longLivedPending?: number
  readonly heapSize?: number
  /** Of the old objects those that a pass of an incremental collector marks from its roots. */
  readonly rootMarked?: number
}

export type WorkerMessage =
  | { readonly kind: 'chunk'; readonly chunk: EventChunk }
  /** The script is about to begin. */
  | { readonly kind: 'started'; readonly version: string; readonly collector: CollectorStart }
  | { readonly kind: 'output'; readonly stream: 'stdout' | 'stderr'; readonly bytes: Uint8Array }
  | { readonly kind: 'end'; readonly end: ScriptEnd }
