import { type LogError, systemFault } from './error.ts'

/**
 * Bytes that can be read at any place: a file, a `Blob`, memory.
 *
 * A read that fails rejects; a read past the end gives fewer bytes.
 */
export interface ByteSource {
  /** What messages call it, such as the file's name. */
  readonly name: string
  size(): Promise<number>
  /** @param into memory that the answer may use; the source may leave it unused */
  read(offset: number, length: number, into?: Uint8Array): Promise<Uint8Array>
  close(): Promise<void>
}

/** Bytes in memory as a source. Batches read from it are views on the same memory where its alignment allows. */
export function bytesSource(bytes: Uint8Array, name = 'log'): ByteSource {
  return {
    name,
    size: async () => bytes.length,
    read: async (offset, length) => bytes.subarray(offset, offset + length),
    close: async () => {},
  }
}

/** Thrown where a guarded source fails; caught before it leaves the package. */
export class ReadFault extends Error {
  readonly error: LogError

  constructor(error: LogError) {
    super(error.message)
    this.error = error
  }
}

/** The same source, with every failure as a {@link ReadFault} and every answer as plain bytes that start at a multiple of 8. */
export function guarded(source: ByteSource): ByteSource {
  const guard = async <A>(answer: () => Promise<A>): Promise<A> => {
    try {
      return await answer()
    } catch (error) {
      throw new ReadFault(readError(source.name, error))
    }
  }
  return {
    name: source.name,
    size: () => guard(() => source.size()),
    read: async (offset, length, into) => {
      const bytes = await guard(() => source.read(offset, length, into))
      return bytes.byteOffset % 8 === 0 ? bytes : new Uint8Array(bytes)
    },
    close: () => source.close(),
  }
}

/** A failed read as a value. */
export function readError(name: string, error: unknown): LogError {
  const { code, words } = systemFault(error)
  return code === 'ESTALE' ? vanished(name, 'it was deleted') : { kind: 'Unreadable', message: `${name}: cannot be read: ${words}` }
}

/** The file changed under its reader. */
export function vanished(name: string, what: string): LogError {
  return { kind: 'Vanished', message: `${name}: ${what} while it was being read; restore it and read it again` }
}
