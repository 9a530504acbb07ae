import type { EventBatch } from '@reheap/kernel'
import { isLeft } from 'fp-ts/lib/Either.js'
import { encodeEvents, type LogHeader, readEvent, readSnapshot, writeSnapshot } from '../src/index.ts'
import type { LogEvent } from '../src/vocabulary.ts'
import { chunked } from './lines.ts'
import { type Plain, pickled, Tuple } from './pickle.ts'

/** Small snapshots of our own making, and what is read of them. */

export const MIB = 2 ** 20
export const AT = 0x7f00_0000_0000

type Fields = { [key: string]: Plain }

/** A segment of the large pool, full but for its blocks' states. */
export function segment(address: number, blocks: readonly Fields[], more: Fields = {}): Fields {
  const bytes = blocks.reduce((sum, { size }) => sum + Number(size), 0)
  return {
    device: 0,
    address,
    total_size: bytes,
    stream: 0,
    segment_type: 'large',
    segment_pool_id: new Tuple(0, 0),
    is_expandable: false,
    frames: [],
    blocks: blocks as Plain[],
    ...more,
  }
}
export const block = (address: number, size: number, state = 'active_allocated', more: Fields = {}): Fields => ({
  address,
  size,
  requested_size: state === 'inactive' ? 0 : size,
  state,
  frames: [],
  ...more,
})
export const entry = (action: string, addr: number, size: number, more: Fields = {}): Fields => ({ action, addr, size, stream: 0, ...more })
/** Both entries of a block that is freed at once. */
export const freed = (addr: number, size: number, more: Fields = {}): Fields[] => [
  entry('free_requested', addr, size, more),
  entry('free_completed', addr, size, more),
]

export interface Told {
  readonly header: LogHeader
  readonly notes: readonly string[]
  readonly batches: readonly EventBatch[]
  readonly events: readonly LogEvent[]
  readonly text: string
}

/** Chunks as a reader of large files gives them: two pieces of memory take turns. */
async function* inTurns(bytes: Uint8Array, chunkBytes: number): AsyncGenerator<Uint8Array> {
  let [now, before] = [new Uint8Array(chunkBytes), new Uint8Array(chunkBytes)]
  for await (const chunk of chunked(bytes, chunkBytes)) {
    now.set(chunk)
    yield now.subarray(0, chunk.length)
    ;[now, before] = [before, now]
  }
}

/** Everything that a file gives. @throws its error */
export async function told(bytes: Uint8Array, chunkBytes = 65_536): Promise<Told> {
  const isGzip = bytes[0] === 0x1f
  const log = await readSnapshot((isGzip ? chunked : inTurns)(bytes, chunkBytes), { name: 'snapshot.pickle' })
  if (isLeft(log)) throw new Error(log.left.message)
  const batches: EventBatch[] = []
  for await (const batch of log.right.batches) {
    if (isLeft(batch)) throw new Error(batch.left.message)
    batches.push(batch.right)
  }
  const events = batches.flatMap((batch) =>
    Array.from({ length: batch.length }, (_, row) => {
      const event = readEvent(batch, row)
      if (isLeft(event)) throw new Error(`event ${row}: ${event.left.problem}`)
      return event.right
    }),
  )
  const text = batches.map((batch) => {
    const lines = encodeEvents(batch, { name: 'log' })
    if (isLeft(lines)) throw new Error(lines.left.message)
    return new TextDecoder().decode(lines.right)
  })
  return { header: log.right.header, notes: log.right.notes, batches, events, text: text.join('') }
}

/** The events of a snapshot but for what it shows of its end. */
export async function eventsOf(snapshot: Plain): Promise<readonly LogEvent[]> {
  const { events } = await told(pickled(snapshot))
  return events.filter((event) => event.kind !== 'Observe' || event.of === 'deviceFact')
}

/** The error of a file. */
export async function refusalOf(bytes: Uint8Array, chunkBytes = 65_536): Promise<string> {
  return told(bytes, chunkBytes).then(
    () => 'accepted',
    (error: Error) => error.message,
  )
}

/** A log as the bytes of a snapshot. @throws its error */
export async function exported(header: LogHeader, batches: Iterable<EventBatch>, at?: number): Promise<Buffer> {
  const parts: Uint8Array[] = []
  for await (const part of writeSnapshot(header, batches, at === undefined ? { name: 'log' } : { name: 'log', at })) {
    if (isLeft(part)) throw new Error(part.left.message)
    parts.push(part.right)
  }
  return Buffer.concat(parts)
}
