/** Compares what was seen of a system and its processes with the simulated host. */
import { FACT_OPCODES, type HostMemoryState, processMemory, systemMemory } from '@reheap/host-memory'
import { type Draft, type EventBatch, type EventIndex, type FactBatch, NO_ID } from '@reheap/kernel'
import { type HostError, HostErrors } from './host-errors.ts'
import { type Mismatch, shownValue } from './mismatch.ts'
import type { Comparison, Observation } from './observation.ts'

const { ChunkGiven } = FACT_OPCODES

/** How far a simulated host is from the real one. */
export interface HostReport {
  /** Of every size that was observed. */
  readonly errors: readonly HostError[]
  /** Recorded addresses of blocks of the C library, and those of them that the simulated one gave too: for information. */
  readonly addresses: { readonly compared: number; readonly exact: number }
}

/** Observations that a host answers. */
export const HOST_KINDS: readonly string[] = ['hostMemory', 'systemMemory']
/** Names of values that are no size: they agree where they differ by no more than one. */
const PER_CENT = 'percent'

export class HostCheck {
  readonly #errors = new HostErrors()
  #addresses = 0
  #exact = 0
  /** Recorded less simulated address of the first block: a real heap begins anywhere. NaN: no block yet. */
  #shift = Number.NaN

  /** Null: nothing was compared. */
  report(): HostReport | null {
    const errors = this.#errors.told()
    if (errors.length === 0 && this.#addresses === 0) return null
    return { errors, addresses: { compared: this.#addresses, exact: this.#exact } }
  }

  /** Takes a fact of the host. */
  note({ code, cause, id, address }: FactBatch, fact: number, batch: EventBatch): void {
    if (code[fact] !== ChunkGiven || id[fact] === NO_ID) return
    const recorded = batch.address[cause[fact] - batch.firstIndex]
    if (Number.isNaN(recorded)) return
    if (this.#addresses++ === 0) this.#shift = recorded - address[fact]
    if (recorded - address[fact] === this.#shift) this.#exact++
  }

  /** Compares one observation. @param memory null: no host is followed */
  compare(index: EventIndex, { of, values }: Observation, memory: Draft<HostMemoryState> | null): Comparison {
    const { process = 0, ...seen } = values
    const given = memory === null ? {} : of === 'systemMemory' ? systemMemory(memory) : processMemory(memory, Number(process))
    const mismatches: Mismatch[] = []
    let compared = 0
    let unanswered = 0
    for (const [name, expected] of Object.entries(seen)) {
      const simulated: unknown = (given as Readonly<Record<string, unknown>>)[name]
      if (typeof simulated !== 'number') unanswered++
      else {
        compared++
        if (!this.#matches(`${of}.${name}`, name, expected, simulated))
          mismatches.push({ index, of: `${of}.${name}`, expected: shownValue(expected), simulated })
      }
    }
    return { compared, unanswered, mismatches }
  }

  #matches(path: string, name: string, expected: unknown, simulated: number): boolean {
    if (typeof expected !== 'number') return false
    if (name === PER_CENT) return Math.abs(expected - simulated) <= 1
    return this.#errors.compare(path, expected, simulated)
  }
}
