/** Pairs the arenas that the recording mapped and unmapped with those that the simulation did. */
import { type AllocatorProfile, FACT_OPCODES, REQUEST_OPCODES } from '@reheap/allocator'
import type { Batch, EventIndex, FactBatch } from '@reheap/kernel'
import type { Mismatch } from './mismatch.ts'

const { ArenaMapped, ArenaUnmapped } = REQUEST_OPCODES
const { ArenaOpened, ArenaReleased, ArenaRefused } = FACT_OPCODES

interface Recorded {
  readonly index: EventIndex
  /** NaN: the system refused. */
  readonly address: number
}

/**
 * The system's answers stand just before the request that caused them, so the recorded and the
 * simulated sequences must be the same, in order. Holds a few numbers for each arena, however long the log.
 */
export class ArenaLedger {
  readonly #arenaBytes: number
  readonly #mapped: Recorded[] = []
  readonly #unmapped: Recorded[] = []
  /** Base of each live arena of the simulation, by the arena-sized window of addresses that it begins in. */
  readonly #live = new Map<number, number>()
  compared = 0

  constructor(profile: AllocatorProfile) {
    this.#arenaBytes = profile.arenaBytes
  }

  /** Notes what a row of a recording says of an arena, if it does. */
  record({ code, size, address, firstIndex }: Batch, row: number): void {
    const recorded = { index: firstIndex + row, address: address[row] }
    if (code[row] === ArenaMapped && size[row] === this.#arenaBytes) this.#mapped.push(recorded)
    else if (code[row] === ArenaUnmapped) this.#unmapped.push(recorded)
  }

  /** Compares one fact about an arena with the recording. */
  compare(facts: FactBatch, row: number): Mismatch | null {
    const address = facts.address[row]
    const cause = facts.cause[row]
    switch (facts.code[row]) {
      case ArenaOpened:
        this.#live.set(this.#window(address), address)
        return this.#pair(this.#mapped, 'arenaMapped', address, cause)
      case ArenaReleased:
        this.#live.delete(this.#window(address))
        return this.#pair(this.#unmapped, 'arenaUnmapped', address, cause)
      case ArenaRefused:
        return this.#pair(this.#mapped, 'arenaMapped', Number.NaN, cause)
      default:
        return null
    }
  }

  /** Does an address lie in a live arena? */
  holds(address: number): boolean {
    const window = this.#window(address)
    const reaches = (base: number | undefined): boolean => base !== undefined && address >= base && address < base + this.#arenaBytes
    return reaches(this.#live.get(window)) || reaches(this.#live.get(window - 1))
  }

  #window(address: number): number {
    return Math.floor(address / this.#arenaBytes)
  }

  /** What the recording mapped or unmapped before `index` and the simulation did not. */
  overdue(index: EventIndex): readonly Mismatch[] {
    const late: Mismatch[] = []
    for (const [of, queue] of [
      ['arenaMapped', this.#mapped],
      ['arenaUnmapped', this.#unmapped],
    ] as const) {
      while (queue[0] !== undefined && queue[0].index < index) {
        late.push({ index: queue[0].index, of, expected: orNull(queue[0].address), simulated: null })
        queue.shift()
      }
    }
    return late
  }

  #pair(queue: Recorded[], of: string, simulated: number, cause: EventIndex): Mismatch | null {
    const recorded = queue[0]
    if (recorded === undefined || recorded.index > cause)
      return { index: cause, of: Number.isNaN(simulated) ? 'arenaWanted' : of, expected: null, simulated: orNull(simulated) }
    queue.shift()
    this.compared++
    if (Object.is(recorded.address, simulated)) return null
    return { index: recorded.index, of, expected: orNull(recorded.address), simulated: orNull(simulated) }
  }
}

const orNull = (address: number): number | null => (Number.isNaN(address) ? null : address)
