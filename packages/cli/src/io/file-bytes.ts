import { type FileHandle, open } from 'node:fs/promises'
import { left, right } from 'fp-ts/lib/Either.js'
import type { Result } from '../outcome.ts'
import { systemFault } from './system-fault.ts'

/** Bytes of a file or a pipe in order, and what the file is. */
export interface FileBytes {
  /** Can it be read at any place, again and again? A pipe cannot. */
  readonly isRegular: boolean
  /** The bytes from here on. Fails at the next read when the file was deleted, although the system would go on giving its bytes. */
  readonly chunks: AsyncGenerator<Uint8Array, void, undefined>
  close(): Promise<void>
}

/** @unit bytes */
const CHUNK = 1 << 18

/** Opens a file, a named pipe or a device to be read in order. */
export async function openBytes(name: string): Promise<Result<FileBytes>> {
  let file: FileHandle
  try {
    file = await open(name, 'r')
  } catch (error) {
    return left(unreadable(name, error))
  }
  try {
    const stat = await file.stat()
    if (stat.isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' })
    return right({ isRegular: stat.isFile(), chunks: chunksOf(file, stat.isFile()), close: () => file.close() })
  } catch (error) {
    await file.close()
    return left(unreadable(name, error))
  }
}

const unreadable = (name: string, error: unknown): string => `${name}: cannot be read: ${systemFault(error)}`

async function* chunksOf(file: FileHandle, isRegular: boolean): AsyncGenerator<Uint8Array, void, undefined> {
  for (;;) {
    if (isRegular && (await file.stat()).nlink === 0) throw new Error('it was deleted while it was being read')
    const { bytesRead, buffer } = await file.read(new Uint8Array(CHUNK), 0, CHUNK, null)
    if (bytesRead === 0) return
    yield buffer.subarray(0, bytesRead)
  }
}
