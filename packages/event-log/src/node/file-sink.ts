import { closeSync, ftruncateSync, openSync, rmSync, writeSync } from 'node:fs'
import type { ByteSink } from '../sink.ts'

/** A file that is being written from its start. */
export interface FileSink extends ByteSink {
  /** Closes it, and removes it if it was made by this sink. */
  abandon(): void
}

/** Opens a file to write. @throws what the system throws; `EEXIST` if it is there and may not be overwritten */
export function fileSink(path: string, overwrite: boolean): FileSink {
  const { file, isNew } = openOutput(path, overwrite)
  return {
    name: path,
    write: (bytes) => {
      for (let written = 0; written < bytes.length; ) {
        written += writeSync(file, bytes, written, bytes.length - written)
      }
    },
    cut: (length) => ftruncateSync(file, length),
    close: () => closeSync(file),
    abandon: () => {
      closeSync(file)
      if (isNew) rmSync(path)
    },
  }
}

function openOutput(path: string, overwrite: boolean): { readonly file: number; readonly isNew: boolean } {
  try {
    return { file: openSync(path, 'wx'), isNew: true }
  } catch (error) {
    const isThere = error instanceof Error && 'code' in error && error.code === 'EEXIST'
    if (!isThere || !overwrite) throw error
    return { file: openSync(path, 'w'), isNew: false }
  }
}
