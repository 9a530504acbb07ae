/** Every allocation of a device as a rectangle: from where to where in memory, from when to when. */
import { type AnyState, FACT_OPCODES, REQUEST_OPCODES, segments } from '@reheap/device-memory'
import { type FactBatch, NO_ID } from '@reheap/kernel'
import type { AllocationHistory } from './device-messages.ts'
import { ownersOf } from './device-rows.ts'
import type { DeviceSession } from './device-session.ts'
import type { PythonSession } from './python-session.ts'
import type { Steps } from './steps.ts'

const { BlockAllocated, FreeRequested } = FACT_OPCODES

interface Rectangle {
  readonly device: number
  readonly address: number
  readonly bytes: number
  /** NaN: it was there before the log begins. */
  readonly born: number
  died: number
  readonly stream: number
  readonly block: number
}

class Rectangles {
  readonly all: Rectangle[] = []
  /** That of each live block, by its address. */
  readonly #live = new Map<string, Rectangle>()

  /** Blocks that were there before the log begins have no fact that made them. */
  feed({ code, cause, tag, id, other, size, address, length }: FactBatch): void {
    for (let row = 0; row < length; row++) {
      const isMade = code[row] === BlockAllocated
      if (!isMade && code[row] !== FreeRequested) continue
      const key = `${tag[row]} ${address[row]}`
      const known = isMade ? undefined : this.#live.get(key)
      const rectangle = known ?? {
        device: tag[row],
        address: address[row],
        bytes: size[row],
        born: isMade ? cause[row] : Number.NaN,
        died: Number.POSITIVE_INFINITY,
        stream: other[row],
        block: id[row],
      }
      if (known === undefined) this.all.push(rectangle)
      if (isMade) this.#live.set(key, rectangle)
      else {
        rectangle.died = cause[row]
        this.#live.delete(key)
      }
    }
  }

  /** Adds what lives at the end although no fact made it. */
  end(state: AnyState): void {
    for (const { device, stream, blocks } of segments(state))
      for (const { address, bytes, state: is, block } of blocks)
        if (is === 'active_allocated' && !this.#live.has(`${device} ${address}`))
          this.all.push({ device, address, bytes, born: Number.NaN, died: Number.POSITIVE_INFINITY, stream, block: block ?? NO_ID })
  }
}

/** Rows that tell of blocks which were there before the log begins. */
function restoredBy({ batches }: DeviceSession['log']): ReadonlyMap<number, number> {
  const rows = new Map<number, number>()
  for (const { code, id, length, firstIndex } of batches)
    for (let row = 0; row < length; row++) if (code[row] === REQUEST_OPCODES.RestoreBlock) rows.set(id[row] ?? NO_ID, firstIndex + row)
  return rows
}

/** The rectangles of a device, in the order in which they begin or, of what was there before, end. */
export function* allocationHistory(session: DeviceSession | PythonSession, device: number): Steps<AllocationHistory> {
  const rectangles = new Rectangles()
  yield* session.facts((facts) => rectangles.feed(facts))
  rectangles.end(session.devicesAt(session.log.length))
  const restored = restoredBy(session.log)
  const own = rectangles.all.filter((each) => each.device === device)
  const told = own.map(({ born, block }) => (Number.isNaN(born) ? (restored.get(block) ?? -1) : born))
  return {
    address: Float64Array.from(own, ({ address }) => address),
    bytes: Float64Array.from(own, ({ bytes }) => bytes),
    born: Float64Array.from(own, ({ born }) => (Number.isNaN(born) ? -1 : born)),
    died: Float64Array.from(own, ({ died }) => died),
    stream: Float64Array.from(own, ({ stream }) => stream),
    told: Float64Array.from(told),
    ...ownersOf(
      session,
      own.map(({ bytes }, place) => ({ requestedBytes: bytes, stack: session.stackOf(told[place] ?? -1) ?? NO_ID })),
    ),
  }
}
