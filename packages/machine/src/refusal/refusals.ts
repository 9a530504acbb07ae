/** Requests that a device's log saw refused for want of memory. */
import { type DeviceMemoryProfile, type DeviceMemoryRejection, FACT_OPCODES, REQUEST_OPCODES } from '@reheap/device-memory'
import { type Batch, type FactBatch, NO_ID, type Rejected } from '@reheap/kernel'
import { type Either, left, right } from 'fp-ts/lib/Either.js'
import type { DeviceLogParts } from '../device-log.ts'
import { DeviceReplay, type DeviceReplayOptions } from '../device-replay.ts'

const { BeginPool: BEGIN, EndPool: END } = REQUEST_OPCODES

/** A request that was refused. */
export interface Refusal {
  readonly index: number
  readonly device: number
  readonly stream: number
  /** As the program asked. */
  readonly requestedBytes: number
  /** As the allocator rounded it. */
  readonly bytes: number
  readonly deviceFreeBytes: number
}

/** Feed it the facts of a log in order. */
export class Refusals {
  readonly all: Refusal[] = []
  readonly #rows: Pick<Batch, 'size'>

  /** @param rows the whole log, row 0 being event 0 */
  constructor(rows: Pick<Batch, 'size'>) {
    this.#rows = rows
  }

  feed({ code, cause, tag, other, size, address, length }: FactBatch): void {
    for (let fact = 0; fact < length; fact++) {
      if (code[fact] !== FACT_OPCODES.OutOfMemoryRaised) continue
      const index = cause[fact]
      const requestedBytes = this.#rows.size[index]
      this.all.push({ index, device: tag[fact], stream: other[fact], requestedBytes, bytes: size[fact], deviceFreeBytes: address[fact] })
    }
  }
}

/** Every request that was refused, in order. Left: a request that cannot have happened. */
export function refusalsOf(
  parts: DeviceLogParts,
  options: DeviceReplayOptions,
): Either<Rejected<DeviceMemoryRejection>, readonly Refusal[]> {
  const refusals = new Refusals(parts.rows)
  const ran = new DeviceReplay(parts, options).run(parts.rows.length, (facts) => refusals.feed(facts))
  return ran._tag === 'Left' ? left(ran.left) : right(refusals.all)
}

/** The private pool that a request on a stream comes from at an event; null: the device's own pools. */
export function privatePoolAt(
  { code, tag, id, other }: DeviceLogParts['rows'],
  { poolMatch }: DeviceMemoryProfile,
  { index, device, stream }: Pick<Refusal, 'index' | 'device' | 'stream'>,
): number | null {
  const begun: { readonly pool: number; readonly stream: number }[] = []
  for (let row = 0; row < index; row++) {
    if (tag[row] !== device) continue
    if (code[row] === BEGIN) begun.push({ pool: id[row], stream: other[row] })
    else if (code[row] === END) {
      const place = begun.findLastIndex(({ pool }) => pool === id[row])
      if (place >= 0) begun.splice(place, 1)
    }
  }
  const own = begun.filter((pool) => pool.stream === NO_ID || pool.stream === stream)
  return (poolMatch === 'last' ? own.at(-1) : own[0])?.pool ?? null
}
