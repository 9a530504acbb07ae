import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { type BatchReader, batchReader } from './batch-reader.ts'
import { type Hash, loadHash } from './checksum.ts'
import { type LogError, shown } from './error.ts'
import type { Vocabulary } from './header.ts'
import { type Prefix, readPrefix } from './prefix.ts'
import type { ByteSource } from './source.ts'
import { translationOf } from './stored-batch.ts'

/** A log whose start was read: what it takes to read its batches. */
export interface OpenedPrefix {
  readonly prefix: Prefix
  readonly reader: BatchReader
  readonly hash: Hash
}

/**
 * Reads the start of a log for a reader that knows `vocabulary`, and refuses a log that names more.
 *
 * @param source a guarded source
 */
export async function openPrefix(source: ByteSource, vocabulary: Vocabulary): Promise<Either<LogError, OpenedPrefix>> {
  const hash = await loadHash()
  const read = await readPrefix(source, hash)
  if (read._tag === 'Left') return read
  const prefix = read.right
  const names = Object.keys(prefix.vocabulary).filter((name) => !Object.hasOwn(vocabulary, name))
  if (names.length > 0) {
    const message = `${source.name}: it names events that this reheap does not know: ${names.map(shown).join(', ')}; read it with a newer reheap`
    return left({ kind: 'UnknownKinds', names, message })
  }
  return right({ prefix, reader: batchReader(source, prefix, translationOf(prefix.vocabulary, vocabulary), hash), hash })
}
