import type { LogHeader, LogWriter } from '@reheap/event-log'
import { createLog } from '@reheap/event-log/node'
import type { EventBatch } from '@reheap/kernel'
import { isLeft } from 'fp-ts/lib/Either.js'
import { SCRIPT_LOG } from './script-header.ts'

/** Rows that wait are stored after so long, so that a process that is killed leaves them. */
const FLUSH_MS = 500

/** The log of a script, as a file. Its first error is kept; after it nothing is written. */
export class ScriptLog {
  failure: string | null = null
  private writer: LogWriter | null = null
  private flushedAt = performance.now()

  async open(path: string, header: LogHeader, overwrite: boolean): Promise<void> {
    const opened = await createLog(path, header, { ...SCRIPT_LOG, overwrite })
    if (isLeft(opened)) this.failure = opened.left.message
    else this.writer = opened.right
  }

  append(batch: EventBatch): void {
    if (this.writer === null || this.failure !== null) return
    this.note(this.writer.append(batch))
    if (performance.now() - this.flushedAt < FLUSH_MS) return
    this.note(this.writer.flush())
    this.flushedAt = performance.now()
  }

  close(): void {
    if (this.writer !== null) this.note(this.writer.close())
    this.writer = null
  }

  private note(written: ReturnType<LogWriter['flush']>): void {
    if (isLeft(written)) this.failure ??= written.left.message
  }
}
