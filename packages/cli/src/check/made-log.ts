/** Made logs in memory: events that any allocator can replay, stored in batches, and what can be read of them. */
import { bytesSource, type EventLog, type LogHeader, memorySink, openLog, writeLog } from '@reheap/event-log'
import { type EventBatch, EventColumns } from '@reheap/kernel'
import { type LogEvent, readEvent, writeEvent } from '@reheap/trace'
import fc, { type Arbitrary } from 'fast-check'
import type { Either } from 'fp-ts/lib/Either.js'
import { VOCABULARY } from '../vocabulary.ts'

export const HEADER: LogHeader = {
  reheap: 1,
  runtime: { name: 'cpython', version: '3.11', pointerBits: 64 },
  command: 'a generated program',
}

interface Wish {
  readonly what: 'malloc' | 'malloc' | 'free' | 'mark'
  readonly pick: number
  readonly bytes: number
  readonly label: string
  readonly time: number
}

const wish: Arbitrary<Wish> = fc.record({
  what: fc.constantFrom('malloc', 'malloc', 'free', 'mark'),
  pick: fc.nat(99),
  bytes: fc.nat(2000),
  label: fc.string({ maxLength: 12, unit: 'grapheme' }),
  time: fc.maxSafeNat(),
})

/** Events that any allocator can replay: one for each wish that names something. */
function eventsOf(wishes: readonly Wish[]): readonly LogEvent[] {
  const live: number[] = []
  return wishes.flatMap(({ what, pick, bytes, label, time }, at): LogEvent[] => {
    if (what === 'mark') return [{ kind: 'Mark', label, time } as LogEvent]
    if (what === 'malloc') {
      live.push(at + 1)
      return [{ kind: 'Malloc', domain: 'obj', block: at + 1, bytes } as LogEvent]
    }
    const [block] = live.splice(pick % Math.max(1, live.length), 1)
    return block === undefined ? [] : [{ kind: 'Free', domain: 'obj', block, time } as LogEvent]
  })
}

/** Events, and how they are stored. */
export interface Case {
  readonly events: readonly LogEvent[]
  /** Where batches end. */
  readonly cuts: readonly number[]
  readonly hasTimeColumn: boolean
}

export const casesOf = (eventsMax: number): Arbitrary<Case> =>
  fc.record({
    events: fc.array(wish, { minLength: 1, maxLength: eventsMax, size: 'max' }).map(eventsOf),
    cuts: fc.array(fc.nat(99), { maxLength: 4 }),
    hasTimeColumn: fc.boolean(),
  })

/** A log in memory. */
interface Stored {
  readonly log: Uint8Array
  readonly index: Uint8Array
  readonly batches: readonly (readonly LogEvent[])[]
  /** Bytes of the log up to the end of each batch. */
  readonly ends: readonly number[]
}

export function must<A>(either: Either<{ readonly message: string }, A>): A {
  if (either._tag === 'Left') throw new Error(either.left.message)
  return either.right
}

export async function stored({ events, cuts, hasTimeColumn }: Case): Promise<Stored> {
  const [log, index] = [memorySink(), memorySink()]
  const writer = must(await writeLog(log, index, HEADER, { vocabulary: VOCABULARY, columns: hasTimeColumn ? ['time'] : [] }))
  const places = [...new Set(cuts.map((cut) => cut % (events.length + 1)))].sort((a, b) => a - b)
  const pieces = [0, ...places].map((from, at) => events.slice(from, places[at] ?? events.length)).filter((piece) => piece.length > 0)
  const ends: number[] = []
  for (const piece of pieces) {
    const rows = new EventColumns(piece.length)
    for (const event of piece) writeEvent(event, rows)
    must(writer.append(rows))
    must(writer.flush())
    ends.push(log.bytes().length)
  }
  must(writer.close())
  return { log: log.bytes(), index: index.bytes(), batches: pieces, ends }
}

function mustBeSpelled<A>(event: Either<unknown, A>): A {
  if (event._tag === 'Left') throw new Error(`a row that no event can say: ${JSON.stringify(event.left)}`)
  return event.right
}

const eventsIn = (batch: EventBatch): readonly LogEvent[] =>
  Array.from({ length: batch.length }, (_, row) => mustBeSpelled(readEvent(batch, row)))

export function open(log: Uint8Array, index: Uint8Array | null): Promise<Either<{ readonly message: string }, EventLog>> {
  return openLog(bytesSource(log, 'check.arrows'), {
    vocabulary: VOCABULARY,
    index: index === null ? null : bytesSource(index, 'check.arrows.index'),
  })
}

/** The events of each batch; null: it is refused. */
export async function batchesOf(log: EventLog): Promise<readonly (readonly LogEvent[] | null)[]> {
  const read: (readonly LogEvent[] | null)[] = []
  for (let number = 0; number < log.batchCount; number++) {
    const batch = await log.batch(number)
    read.push(batch._tag === 'Right' ? eventsIn(batch.right) : null)
  }
  return read
}
