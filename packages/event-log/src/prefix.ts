import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { CHECKSUM_DIGITS, checksumAround, type Hash, hasChecksum } from './checksum.ts'
import { CONTEXT_FIELDS, type StoredColumn, storedColumns } from './columns.ts'
import { decoded, type LogError, Malformed } from './error.ts'
import { FORMAT_VERSION, firstFault, LogHeader, Vocabulary } from './header.ts'
import { decodeMessage, headBytes, keyValue, MESSAGE, type Message, readHead, textOf, valueAt } from './message.ts'
import { columnFault, fieldsOf, SCHEMA_KEYS } from './schema.ts'
import type { ByteSource } from './source.ts'

/** What stands before the first batch of a log: one schema message and one dictionary message. */
export interface Prefix {
  readonly header: LogHeader
  /** Names of kinds with the opcodes that the file uses. */
  readonly vocabulary: Vocabulary
  readonly columns: readonly StoredColumn[]
  readonly bytes: number
  readonly checksum: bigint
}

type Read<A> = Either<LogError, A>

/** Reads and checks the prefix. The order of checks is the order in which faults are reported. */
export async function readPrefix(source: ByteSource, hash: Hash): Promise<Read<Prefix>> {
  const { name } = source
  const size = await source.size()
  if (size === 0) return left({ kind: 'Empty', message: `${name}: the file is empty; record it again` })
  const head = await readHead(source, 0, size)
  if (head.kind === 'cut') return left(truncated(name, size))
  if (head.kind !== 'message') {
    return left({ kind: 'Foreign', message: `${name}: not an Arrow stream; convert JSONL and other formats with an import first` })
  }
  const schema = decoded(() => {
    const message = decodeMessage(head.bytes)
    return message.type === MESSAGE.schema ? schemaOf(message) : null
  })
  if ('fault' in schema) return left(damaged(name, schema.fault))
  if (schema.value === null || schema.value.header === null) {
    return left({ kind: 'Foreign', message: `${name}: an Arrow stream, but not a log of reheap; name a log` })
  }
  const checked = checkSchema(name, schema.value.header, schema.value.fields)
  if (checked._tag === 'Left') return checked
  const end = await dictionaryEnd(source, head.bytes.length, size)
  if (end._tag === 'Left') return end
  const bytes = await source.read(0, end.right)
  if (bytes.length < end.right) return left(truncated(name, bytes.length))
  const checksum = checksumAround(hash, bytes, schema.value.checksumAt, 0n)
  if (!hasChecksum(bytes, schema.value.checksumAt, checksum))
    return left(damaged(name, 'its bytes do not match their checksum, or another program rewrote them'))
  return finish(name, schema.value, checked.right, end.right, checksum)
}

interface Schema {
  /** JSON text; null if the stream is none of ours. */
  readonly header: string | null
  readonly vocabulary: string
  readonly fields: readonly { name: string; type: string }[]
  readonly checksumAt: number
}

function schemaOf(message: Message): Schema {
  const metadata = message.header.tables(2)
  const header = keyValue(metadata, SCHEMA_KEYS.header)
  if (header === undefined) return { header: null, vocabulary: '', fields: [], checksumAt: 0 }
  const vocabulary = keyValue(metadata, SCHEMA_KEYS.vocabulary)
  const checksum = keyValue(metadata, SCHEMA_KEYS.checksum)
  if (vocabulary === undefined || checksum === undefined) throw new Malformed('it lacks the vocabulary or the checksum')
  return {
    header: textOf(header),
    vocabulary: textOf(vocabulary),
    fields: fieldsOf(message.header),
    checksumAt: valueAt(checksum, CHECKSUM_DIGITS),
  }
}

/** Where in a prefix its checksum stands. */
export function prefixChecksumAt(prefix: Uint8Array): number {
  return schemaOf(decodeMessage(prefix.subarray(0, headBytes(prefix)))).checksumAt
}

/** The header as JSON and the columns, once version and columns are those of this package. */
function checkSchema(
  name: string,
  headerText: string,
  fields: Schema['fields'],
): Read<{ json: unknown; columns: readonly StoredColumn[] }> {
  const json = parsed(headerText)
  const version = typeof json === 'object' && json !== null && 'reheap' in json ? json.reheap : undefined
  if (typeof version !== 'number') return left(damaged(name, 'the header names no format version'))
  if (version !== FORMAT_VERSION) {
    const message = `${name}: format version ${version} is unknown, this reheap reads version ${FORMAT_VERSION}; read it with a newer reheap`
    return left({ kind: 'UnknownVersion', version, message })
  }
  const columns = storedColumns(CONTEXT_FIELDS.filter((context) => fields.some((field) => field.name === context)))
  const fault = columnFault(fields, columns)
  if (fault !== null) return left({ kind: 'WrongColumns', message: `${name}: ${fault}; write the log again from its JSONL form` })
  return right({ json, columns })
}

/** Where the dictionary message ends and the first batch starts. */
async function dictionaryEnd(source: ByteSource, at: number, size: number): Promise<Read<number>> {
  const head = await readHead(source, at, size)
  if (head.kind === 'cut') return left(truncated(source.name, size))
  if (head.kind !== 'message') return left(damaged(source.name, 'the dictionary of kinds is missing'))
  const message = decoded(() => decodeMessage(head.bytes))
  if ('fault' in message) return left(damaged(source.name, message.fault))
  if (message.value.type !== MESSAGE.dictionaryBatch) return left(damaged(source.name, 'the dictionary of kinds is missing'))
  const end = at + head.bytes.length + message.value.bodyBytes
  return end > size ? left(truncated(source.name, size)) : right(end)
}

function finish(
  name: string,
  schema: Schema,
  { json, columns }: { json: unknown; columns: readonly StoredColumn[] },
  bytes: number,
  checksum: bigint,
): Read<Prefix> {
  const header = LogHeader.decode(json)
  if (header._tag === 'Left') return left(damaged(name, `the header is wrong: ${firstFault(header.left)}`))
  const vocabulary = Vocabulary.decode(parsed(schema.vocabulary))
  if (vocabulary._tag === 'Left') return left(damaged(name, `the vocabulary is wrong: ${firstFault(vocabulary.left)}`))
  return right({ header: header.right, vocabulary: vocabulary.right, columns, bytes, checksum })
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

function truncated(name: string, size: number): LogError {
  return { kind: 'Truncated', message: `${name}: the file ends at byte ${size}, before its first event; copy or record it again` }
}

function damaged(name: string, why: string): LogError {
  return { kind: 'DamagedPrefix', message: `${name}: the start of the file is damaged: ${why}; restore it from a copy` }
}
