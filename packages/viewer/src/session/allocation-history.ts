/** Every allocation of a device as a rectangle: from where to where in memory, from when to when. */
import { FACT_OPCODES } from '@reheap/device-memory'
import { type FactBatch, NO_ID } from '@reheap/kernel'
import type { DeviceSession } from './device-session.ts'
import type { AllocationHistory } from './explore-messages.ts'
import type { PythonSession } from './python-session.ts'

const { BlockAllocated, FreeRequested } = FACT_OPCODES

class Rectangles {
  readonly device: number[] = []
  readonly address: number[] = []
  readonly bytes: number[] = []
  readonly born: number[] = []
  readonly died: number[] = []
  readonly stream: number[] = []
  /** Rectangle of each live block, by its address. */
  readonly #live = new Map<string, number>()

  /** Blocks that were there before the log begins have no fact: they begin with it. */
  feed({ code, cause, tag, other, size, address, length }: FactBatch): void {
    for (let row = 0; row < length; row++) {
      const key = `${tag[row]} ${address[row]}`
      if (code[row] === BlockAllocated) {
        this.#live.set(key, this.born.length)
        this.#push(tag[row], address[row], size[row], cause[row], Number.POSITIVE_INFINITY, other[row])
      } else if (code[row] === FreeRequested) {
        const place = this.#live.get(key)
        this.#live.delete(key)
        if (place === undefined) this.#push(tag[row], address[row], size[row], 0, cause[row], other[row])
        else this.died[place] = cause[row]
      }
    }
  }

  #push(device: number, address: number, bytes: number, born: number, died: number, stream: number): void {
    this.device.push(device)
    this.address.push(address)
    this.bytes.push(bytes)
    this.born.push(born)
    this.died.push(died)
    this.stream.push(stream)
  }
}

/** The rectangles of a device, in the order in which they begin or, of what was there before, end. */
export function allocationHistory(session: DeviceSession | PythonSession, device: number): AllocationHistory {
  const all = new Rectangles()
  session.facts((facts) => all.feed(facts))
  const own = all.device.flatMap((each, place) => (each === device ? [place] : []))
  const columnOf = (values: readonly number[]): Float64Array => Float64Array.from(own, (place) => values[place] ?? Number.NaN)
  const born = columnOf(all.born)
  return {
    address: columnOf(all.address),
    bytes: columnOf(all.bytes),
    born,
    died: columnOf(all.died),
    stream: columnOf(all.stream),
    stack: Uint32Array.from(born, (index) => session.stackOf(index) ?? NO_ID),
  }
}
