/** Allocations of devices as spans of time: where each lay, from which event to which. */
import { type AnyState, FACT_OPCODES, segments } from '@reheap/device-memory'
import { type FactBatch, NO_ID } from '@reheap/kernel'

const { BlockAllocated, FreeRequested } = FACT_OPCODES

/** One allocation. @unit bytes, events */
export interface AllocationSpan {
  readonly device: number
  readonly address: number
  readonly bytes: number
  /** Event that asked for it; NaN: it was there before the log begins. */
  readonly born: number
  /** Event that freed it; Infinity: none. */
  died: number
  readonly stream: number
  readonly block: number
}

/** Feed it all facts of a log in order, then the state at its end. */
export class AllocationSpans {
  /** In the order in which they begin or, of what was there before, end. */
  readonly all: AllocationSpan[] = []
  /** That of each live block, by its device and address. */
  readonly #live = new Map<string, AllocationSpan>()

  /** Blocks that were there before the log begins have no fact that made them. */
  feed({ code, cause, tag, id, other, size, address, length }: FactBatch): void {
    for (let row = 0; row < length; row++) {
      const isMade = code[row] === BlockAllocated
      if (!isMade && code[row] !== FreeRequested) continue
      const key = `${tag[row]} ${address[row]}`
      const known = isMade ? undefined : this.#live.get(key)
      const span = known ?? {
        device: tag[row],
        address: address[row],
        bytes: size[row],
        born: isMade ? cause[row] : Number.NaN,
        died: Number.POSITIVE_INFINITY,
        stream: other[row],
        block: id[row],
      }
      if (known === undefined) this.all.push(span)
      if (isMade) this.#live.set(key, span)
      else {
        span.died = cause[row]
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
