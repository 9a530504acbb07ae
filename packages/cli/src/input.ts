import type { LogHeader } from '@reheap/event-log'
import type { EventBatch } from '@reheap/kernel'
import { DETECT_BYTES, readJsonl, readSnapshot, snapshotProblem } from '@reheap/trace'
import { left, right } from 'fp-ts/lib/Either.js'
import { contentFormat } from './io/content-format.ts'
import { type FileBytes, openBytes } from './io/file-bytes.ts'
import { STANDARD } from './io/output.ts'
import { spooled } from './io/spool.ts'
import type { Result } from './outcome.ts'
import { openStored } from './stored-input.ts'

/** A log that is open for reading, whatever its format. */
export interface Input {
  /** What messages call it. */
  readonly name: string
  readonly header: LogHeader
  /** Number of events, where that is known before they are read. */
  readonly length: number | null
  /** What is wrong with it and was allowed; one line each. */
  readonly damage: readonly string[]
  /** Every batch in order, once. A batch is good until the next is asked for; a problem is the last value. */
  readonly batches: AsyncGenerator<Result<EventBatch>, void, undefined>
  close(): Promise<void>
}

/** How much damage is accepted. */
export interface InputOptions {
  /** Work on the whole batches of a log that is torn or was never ended. */
  readonly allowTorn?: boolean | undefined
}

/** Opens a log by its name, `-` for standard input. Its content says what format it has. */
export async function openInput(log: string, { allowTorn = false }: InputOptions): Promise<Result<Input>> {
  const name = log === STANDARD ? 'standard input' : log
  const opened = log === STANDARD ? right(standardInput()) : await openBytes(log)
  if (opened._tag === 'Left') return opened
  const bytes = opened.right
  const { head, chunks } = await peeked(bytes.chunks)
  const format = contentFormat(head)
  if (typeof format === 'object') {
    await bytes.close()
    return left(
      `${name}: expected a log (.arrows, .jsonl or .jsonl.gz) or a PyTorch snapshot (.pickle), found ${format.other}; make one with reheap record`,
    )
  }
  if (format === 'lines') return openLines(chunks, name, bytes)
  if (format === 'snapshot') return openSnapshot(chunks, name, bytes)
  if (bytes.isRegular) {
    await bytes.close()
    return openStored({ path: log, name, hasIndex: true, release: () => {} }, allowTorn)
  }
  const spool = await spooled(chunks, name)
  await bytes.close()
  if (spool._tag === 'Left') return spool
  return openStored({ path: spool.right.path, name, hasIndex: false, release: spool.right.remove }, allowTorn)
}

/** Of a snapshot only so much is read to see whether it is one: a large one takes seconds. @unit bytes */
const LOOKED_AT = 2 ** 25

/** Why a file is no log, by a look at its beginning; null: it is one so far. */
export async function refusalOf(log: string): Promise<string | null> {
  const bytes = await openBytes(log)
  if (bytes._tag === 'Left') return bytes.left
  const { head, chunks } = await peeked(bytes.right.chunks)
  const isSnapshot = contentFormat(head) === 'snapshot'
  const problem = isSnapshot ? await snapshotProblem(chunks, { name: log, bytesMax: LOOKED_AT }) : null
  await bytes.right.close()
  if (isSnapshot) return problem?.message ?? null
  const opened = await openInput(log, { allowTorn: true })
  if (opened._tag === 'Left') return opened.left
  await opened.right.close()
  return null
}

function standardInput(): FileBytes {
  return { isRegular: false, chunks: chunksOf(process.stdin), close: async () => void process.stdin.destroy() }
}

async function* chunksOf(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const chunk of stream) yield chunk
}

/** The first bytes of a stream, and the whole stream. */
async function peeked(
  chunks: AsyncGenerator<Uint8Array, void, undefined>,
): Promise<{ readonly head: Uint8Array; readonly chunks: AsyncGenerator<Uint8Array, void, undefined> }> {
  let head: Uint8Array = new Uint8Array(0)
  let failure: { readonly error: unknown } | null = null
  try {
    while (head.length < DETECT_BYTES) {
      const next = await chunks.next()
      if (next.done === true) break
      head = head.length === 0 ? next.value : Buffer.concat([head, next.value])
    }
  } catch (error) {
    failure = { error }
  }
  return { head, chunks: resumed(head, chunks, failure) }
}

async function* resumed(
  head: Uint8Array,
  rest: AsyncGenerator<Uint8Array, void, undefined>,
  failure: { readonly error: unknown } | null,
): AsyncGenerator<Uint8Array, void, undefined> {
  yield head
  if (failure !== null) throw failure.error
  yield* rest
}

async function openLines(chunks: AsyncIterable<Uint8Array>, name: string, bytes: FileBytes): Promise<Result<Input>> {
  const lines = await readJsonl(chunks, { name })
  if (lines._tag === 'Left') {
    await bytes.close()
    return left(lines.left.message)
  }
  const { header, batches } = lines.right
  const close = async (): Promise<void> => {
    await lines.right.close()
    await bytes.close()
  }
  return right({ name, header, length: null, damage: [], batches: withMessages(batches), close })
}

/** A snapshot of PyTorch's memory as the log that it tells of. */
async function openSnapshot(chunks: AsyncIterable<Uint8Array>, name: string, bytes: FileBytes): Promise<Result<Input>> {
  const snapshot = await readSnapshot(chunks, { name })
  if (snapshot._tag === 'Left') {
    await bytes.close()
    return left(snapshot.left.message)
  }
  const { header, batches, notes } = snapshot.right
  return right({ name, header, length: null, damage: notes, batches: withMessages(batches), close: () => bytes.close() })
}

/** The same batches, with a problem as its line. */
export async function* withMessages<E extends { readonly message: string }>(
  batches: AsyncIterable<{ readonly _tag: 'Left'; readonly left: E } | { readonly _tag: 'Right'; readonly right: EventBatch }>,
): AsyncGenerator<Result<EventBatch>, void, undefined> {
  for await (const batch of batches) yield batch._tag === 'Left' ? left(batch.left.message) : batch
}
