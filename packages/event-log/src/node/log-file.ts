import { existsSync } from 'node:fs'
import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { type LogError, systemFault } from '../error.ts'
import { type EventLog, openLog } from '../event-log.ts'
import type { LogHeader, Vocabulary } from '../header.ts'
import type { ByteSource } from '../source.ts'
import { type LogWriter, type WriteOptions, writeLog } from '../writer.ts'
import { type FileSink, fileSink } from './file-sink.ts'
import { fileSource } from './file-source.ts'

/** Where the index of a log lies: beside it. */
export function indexPathOf(path: string): string {
  return `${path}.index`
}

/** Opens the log at `path`, with its index if it is there. Nothing is written. */
export async function openLogFile(path: string, options: { readonly vocabulary: Vocabulary }): Promise<Either<LogError, EventLog>> {
  const log = fileSource(path)
  if (log._tag === 'Left') return log
  const index: Either<LogError, ByteSource | null> = existsSync(indexPathOf(path)) ? fileSource(indexPathOf(path)) : right(null)
  const opened = index._tag === 'Left' ? index : await openLog(log.right, { ...options, index: index.right })
  if (index._tag === 'Right') await index.right?.close()
  if (opened._tag === 'Left') await log.right.close()
  return opened
}

/** How a log file is created. */
export interface CreateOptions extends WriteOptions {
  /** Whether a log that is there already may be lost. Default false. */
  readonly overwrite?: boolean | undefined
}

/** Creates a log at `path` and its index beside it. Where that fails, neither is left behind. */
export async function createLog(path: string, header: LogHeader, options: CreateOptions): Promise<Either<LogError, LogWriter>> {
  const sinks: FileSink[] = []
  for (const name of [path, indexPathOf(path)]) {
    try {
      sinks.push(fileSink(name, options.overwrite ?? false))
    } catch (error) {
      for (const sink of sinks) sink.abandon()
      return left(createError(name, error))
    }
  }
  const [log, index] = sinks as [FileSink, FileSink]
  const writer = await writeLog(log, index, header, options)
  if (writer._tag === 'Left') for (const sink of sinks) sink.abandon()
  return writer
}

function createError(name: string, error: unknown): LogError {
  const { code, words } = systemFault(error)
  if (code === 'EEXIST') return { kind: 'OutputExists', message: `${name}: exists already; choose another name or ask to overwrite it` }
  return { kind: 'Unwritable', code, message: `${name}: cannot be written: ${words}` }
}
