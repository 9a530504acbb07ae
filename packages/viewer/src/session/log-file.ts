/** The bytes of a log, wherever its file is. */
import { type ByteStreams, SourceError } from '@reheap/event-log'

/** A file that the page's server gives: it is read piece by piece, and never whole in the browser. */
export interface ServedFile {
  /** Absolute: a worker has another folder than its page. */
  readonly url: string
  /** @unit bytes */
  readonly size: number
}

export type LogFile = Blob | ServedFile

/** What is wrong where the server has ended. */
export const NOT_SERVED = 'its server does not give it any more; run reheap view again'

/** @throws Error where it cannot be read */
export function streamsOf(file: LogFile): ByteStreams {
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
