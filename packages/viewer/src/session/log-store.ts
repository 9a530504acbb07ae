/** A log in memory, whatever its format: what every replay of a session reads. */
import {
  type ByteSource,
  type Damage,
  isPacked,
  type LogHeader,
  openForward,
  SourceError,
  unpackLog,
  type Vocabulary,
} from '@reheap/event-log'
import { type EventBatch, sliceEvents } from '@reheap/kernel'
import { DETECT_BYTES, detectFormat, EVENT_FORMS, headerFault, readJsonl, readSnapshot } from '@reheap/trace'
import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { LogBatches } from './log-batches.ts'
import { type LogFile, sourceOf } from './log-file.ts'
import { PART } from './messages.ts'

const VOCABULARY: Vocabulary = Object.fromEntries(EVENT_FORMS.map(({ kind, opcode }) => [kind, opcode]))

/** Read at once. */
const PIECE_BYTES = 2 ** 20
/** What tells formats apart. */
const HEAD_BYTES = 4096
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
export async function readLog(file: LogFile, name: string, onRead: OnRead): Promise<Either<string, LogStore>> {
  const source = sourceOf(file, name)
  try {
    const opened = await openedOf(source)
    return opened._tag === 'Left' ? left(opened.left.message) : await gathered(opened.right, name, onRead)
  } catch (error) {
    if (error instanceof SourceError) return left(`${name}: cannot be read: ${error.message}`)
    throw error
  } finally {
    await source.close()
  }
}

interface Readable {
  readonly header: LogHeader
  /** Complete when the batches have ended. */
  readonly notes?: readonly string[]
  readonly batches: AsyncIterable<Either<Fault, EventBatch>>
}

interface Fault {
  readonly message: string
}

async function openedOf(source: ByteSource): Promise<Either<Fault, Readable>> {
  const { name } = source
  const bytes = await source.size()
  const head = await source.read(0, HEAD_BYTES)
  if (isPacked(head)) return unpackLog(new Blob([new Uint8Array(await source.read(0, bytes))]), name)
  if (isPickle(head)) return readSnapshot(piecesOf(source, TURNS), { name, bytes })
  const detected = detectFormat(head.subarray(0, DETECT_BYTES))
  if (detected.format === 'gzip' && isPickle(await unpackedHead(head))) return readSnapshot(piecesOf(source), { name })
  if (detected.format === 'unknown')
    return left({
      message: `${name}: expected a log (.arrows, .jsonl or .jsonl.gz) or a PyTorch snapshot (.pickle), found ${detected.content}; make one with reheap record`,
    })
  if (detected.format !== 'arrows') return readJsonl(piecesOf(source), { name })
  const opened = await openForward(source, { vocabulary: VOCABULARY })
  if (opened._tag === 'Left') return opened
  const { header, batches, damage } = opened.right
  return right({
    header,
    batches,
    get notes() {
      return damage.map(shownDamage)
    },
  })
}

async function gathered(opened: Readable, name: string, onRead: OnRead): Promise<Either<string, LogStore>> {
  const fault = headerFault(opened.header, name)
  if (fault !== null) return left(fault)
  const batches = new LogBatches()
  for await (const read of opened.batches) {
    if (read._tag === 'Left') return left(read.left.message)
    batches.add(read.right)
    onRead(batches.length)
  }
  const { length } = batches
  if (length === 0) return left(`${name}: holds no events; record the program again`)
  return right({ name, header: opened.header, batches, length, notes: opened.notes ?? [] })
}

/** What is whole of a log that was cut is shown; the command keeps it. */
const shownDamage = ({ kind, message }: Damage): string =>
  kind === 'TornTail' ? `${message}, or keep its whole part, which is shown here, with reheap import --allow-torn` : message

/**
 * The bytes of a file in pieces; the next is on its way while one is read.
 *
 * @param turns pieces of memory that they lie in by turns, so that one is good until the next but one is asked for; 0: each has its own
 */
async function* piecesOf(source: ByteSource, turns = 0): AsyncGenerator<Uint8Array> {
  const size = await source.size()
  const memory = Array.from({ length: turns }, () => new Uint8Array(PIECE_BYTES))
  const piece = (number: number): Promise<Uint8Array> => source.read(number * PIECE_BYTES, PIECE_BYTES, memory[number % turns])
  let next = piece(0)
  for (let number = 1; (number - 1) * PIECE_BYTES < size; number++) {
    const bytes = await next
    next = piece(number)
    yield bytes
  }
}

const isPickle = (head: Uint8Array): boolean => head[0] === 0x80 && (head[1] ?? 0) >= 2 && (head[1] ?? 0) <= 5

/** The first bytes of a packed file; none where it is damaged: its reader says so. */
async function unpackedHead(head: Uint8Array): Promise<Uint8Array> {
  const { readable, writable } = new DecompressionStream('gzip')
  const writer = writable.getWriter()
  const first = readable.getReader().read()
  // The rest of the file is not there: what it is cut off at does not matter.
  for (const done of [writer.write(new Uint8Array(head)), writer.close()]) done.catch(() => {})
  return first.then(
    ({ value }) => value ?? new Uint8Array(0),
    () => new Uint8Array(0),
  )
}

/** A log in parts short enough to keep a state between them. */
export function* partsOf({ batches }: LogStore): Iterable<EventBatch> {
  for (const batch of batches)
    for (let from = 0; from < batch.length; from += PART) yield sliceEvents(batch, from, Math.min(batch.length, from + PART))
}
