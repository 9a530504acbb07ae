import { close, closeSync, fstatSync, openSync, read } from 'node:fs'
import { promisify } from 'node:util'
import { type Either, left, right } from 'fp-ts/lib/Either.js'
import type { LogError } from '../error.ts'
import { type ByteSource, readError } from '../source.ts'

/** A file as a source. A file that is deleted meanwhile is reported at the next read, although the system would go on giving its bytes. */
export function fileSource(path: string): Either<LogError, ByteSource> {
  try {
    const file = openSync(path, 'r')
    if (!fstatSync(file).isFile()) {
      closeSync(file)
      return left({ kind: 'Unreadable', message: `${path}: not a regular file; copy its content into one` })
    }
    return right(openFile(file, path))
  } catch (error) {
    return left(readError(path, error))
  }
}

function openFile(file: number, path: string): ByteSource {
  return {
    name: path,
    size: async () => sizeOf(file),
    read: async (offset, length, into) => {
      sizeOf(file)
      const bytes = into !== undefined && into.length >= length ? into.subarray(0, length) : plainMemory(length)
      let got = 0
      while (got < length) {
        const more = await readSome(file, bytes, got, length - got, offset + got)
        if (more === 0) break
        got += more
      }
      return bytes.subarray(0, got)
    },
    close: () => promisify(close)(file),
  }
}

/** @throws ESTALE, as network file systems do, if the file was deleted */
function sizeOf(file: number): number {
  const { nlink, size } = fstatSync(file)
  if (nlink === 0) throw Object.assign(new Error('the file was deleted'), { code: 'ESTALE' })
  return size
}

/** Memory that is not cleared first: all of it that is handed on is read into. */
function plainMemory(length: number): Uint8Array {
  const memory = Buffer.allocUnsafeSlow(length)
  return new Uint8Array(memory.buffer, memory.byteOffset, length)
}

function readSome(file: number, into: Uint8Array, at: number, length: number, position: number): Promise<number> {
  return new Promise((resolve, reject) => {
    read(file, into, at, length, position, (error, bytes) => (error === null ? resolve(bytes) : reject(error)))
  })
}
