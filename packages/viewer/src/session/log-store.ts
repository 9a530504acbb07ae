/** A log in memory, whatever its format: what every replay of a session reads. */
import { blobSource, isPacked, type LogHeader, openLog, unpackLog, type Vocabulary } from '@reheap/event-log'
import { type EventBatch, formatCount, sliceEvents } from '@reheap/kernel'
import { DETECT_BYTES, detectFormat, EVENT_FORMS, headerFault, readJsonl, readSnapshot } from '@reheap/trace'
import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { LogBatches } from './log-batches.ts'
import { PART } from './messages.ts'

const VOCABULARY: Vocabulary = Object.fromEntries(EVENT_FORMS.map(({ kind, opcode }) => [kind, opcode]))

/** Read at once. */
const PIECE_BYTES = 2 ** 20
/** One that is read, the one before it, of which some bytes are left, and one that comes. */
const TURNS = 3

/** A log that was read whole. */
export interface LogStore {
  readonly name: string
  readonly header: LogHeader
  readonly batches: LogBatches
  readonly length: number
  /** What a reader should know: damage that was cut off, what a snapshot does not tell. */
  readonly notes: readonly string[]
}

/** Told how many events have been read. */
export type OnRead = (events: number) => void

/** Reads a file; its content says what it is. Left: what is wrong with it, in one line. */
export async function readLog(file: Blob, name: string, onRead: OnRead): Promise<Either<string, LogStore>> {
  const head = new Uint8Array(await file.slice(0, 4096).arrayBuffer())
  if (isPacked(head)) return gathered(await unpackLog(file, name), name, onRead)
  const detected = detectFormat(head.subarray(0, DETECT_BYTES))
  const isSnapshot = detected.format === 'gzip' && isPickle(await unpackedHead(file))
  if (isPickle(head)) return gathered(await readSnapshot(piecesOf(file, TURNS), { name, bytes: file.size }), name, onRead)
  if (isSnapshot) return gathered(await readSnapshot(piecesOf(file), { name }), name, onRead)
  if (detected.format === 'unknown')
    return left(
      `${name}: expected a log (.arrows, .jsonl or .jsonl.gz) or a PyTorch snapshot (.pickle), found ${detected.content}; make one with reheap record`,
    )
  if (detected.format !== 'arrows') return gathered(await readJsonl(piecesOf(file), { name }), name, onRead)
  const opened = await openLog(blobSource(file, name), { vocabulary: VOCABULARY })
  if (opened._tag === 'Left') return left(opened.left.message)
  const log = opened.right
  const notes = log.damage.map(({ message }) => message)
  return gathered(right({ header: log.header, batches: log.readAhead(), notes }), name, onRead)
}

interface Readable {
  readonly header: LogHeader
  readonly notes?: readonly string[]
  readonly batches: AsyncIterable<Either<{ readonly message: string }, EventBatch>>
}

async function gathered(
  opened: Either<{ readonly message: string }, Readable>,
  name: string,
  onRead: OnRead,
): Promise<Either<string, LogStore>> {
  if (opened._tag === 'Left') return left(opened.left.message)
  const fault = headerFault(opened.right.header, name)
  if (fault !== null) return left(fault)
  const batches = new LogBatches()
  for await (const read of opened.right.batches) {
    if (read._tag === 'Left') return left(read.left.message)
    batches.add(read.right)
    onRead(batches.length)
  }
  const { length } = batches
  if (length === 0) return left(`${name}: holds no events (${formatCount(0)}); record the program again`)
  return right({ name, header: opened.right.header, batches, length, notes: opened.right.notes ?? [] })
}

/**
 * The bytes of a file in pieces; the next is on its way while one is read.
 *
 * @param turns pieces of memory that they lie in by turns, so that one is good until the next but one is asked for; 0: each has its own
 */
async function* piecesOf(file: Blob, turns = 0): AsyncGenerator<Uint8Array> {
  const source = blobSource(file)
  const memory = Array.from({ length: turns }, () => new Uint8Array(PIECE_BYTES))
  const piece = (number: number): Promise<Uint8Array> => source.read(number * PIECE_BYTES, PIECE_BYTES, memory[number % turns])
  try {
    let next = piece(0)
    for (let number = 1; (number - 1) * PIECE_BYTES < file.size; number++) {
      const bytes = await next
      next = piece(number)
      yield bytes
    }
  } finally {
    await source.close()
  }
}

const isPickle = (head: Uint8Array): boolean => head[0] === 0x80 && (head[1] ?? 0) >= 2 && (head[1] ?? 0) <= 5

/** The first unpacked bytes; none where the file is damaged: its reader says so. */
async function unpackedHead(file: Blob): Promise<Uint8Array> {
  try {
    const reader = file.stream().pipeThrough(new DecompressionStream('gzip')).getReader()
    const { value } = await reader.read()
    await reader.cancel()
    return value ?? new Uint8Array(0)
  } catch {
    return new Uint8Array(0)
  }
}

/** A log in parts short enough to keep a state between them. */
export function* partsOf({ batches }: LogStore): Iterable<EventBatch> {
  for (const batch of batches)
    for (let from = 0; from < batch.length; from += PART) yield sliceEvents(batch, from, Math.min(batch.length, from + PART))
}
