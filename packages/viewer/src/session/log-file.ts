/** The bytes of a log, wherever its file is. */
import { type ByteSource, type ByteStreams, SourceError, streamedSource } from '@reheap/event-log'

/** A file that the page's server gives: it is read piece by piece, and never whole in the browser. */
export interface ServedFile {
  /** Absolute: a worker has another folder than its page. */
  readonly url: string
  /** @unit bytes */
  readonly size: number
}

export type LogFile = Blob | ServedFile

/** What is wrong where the server has ended. */
export const NOT_SERVED =
  'the server that showed it has ended, or does not give it any more; run reheap view again and open the new address'
const CHANGED = 'it was changed or deleted since it was opened; open it again'

/** A log as a source: whatever keeps it from being read is a `SourceError` that says how it is mended. */
export function sourceOf(file: LogFile, name: string): ByteSource {
  const source = streamedSource(streamsOf(file), name)
  const read: ByteSource['read'] = (offset, length, into) =>
    source.read(offset, length, into).catch((error: unknown) => {
      throw error instanceof SourceError ? error : new SourceError(file instanceof Blob ? CHANGED : NOT_SERVED)
    })
  return { ...source, read }
}

function streamsOf(file: LogFile): ByteStreams {
  if (file instanceof Blob) return { size: file.size, from: (offset) => file.slice(offset).stream() }
  const { url, size } = file
  return {
    size,
    from: async (offset) => {
      const answer = await fetch(url, { headers: { Range: `bytes=${offset}-` } }).catch(() => null)
      if (answer?.status !== 206 || answer.body === null) throw new SourceError(NOT_SERVED)
      return answer.body
    },
  }
}
