/** What the real runtime was seen to answer, against what the machine answers. */
import { allocatorStats } from '@reheap/allocator'
import type { EventIndex, Sealed } from '@reheap/kernel'
import { heapOf, type MachineState, machineAllocatedBlocks } from './machine.ts'

/** A value of the recording that the simulation does not give. */
export interface Mismatch {
  /** Index in the log of the event that holds the observed value. */
  readonly index: EventIndex
  /** What was observed: `address`, `arenaMapped`, `arenaWanted` (the log holds no answer for an arena that was wanted), `allocatorStats.arenas` ... */
  readonly of: string
  /** As recorded; null if the recording holds nothing here. */
  readonly expected: number | null
  /** As simulated; null if the simulation gives nothing here. */
  readonly simulated: number | null
}

/** The payload of an `Observe` event. */
export interface Observation {
  readonly of: string
  readonly values: Readonly<Record<string, unknown>>
}

type Answer = (state: Sealed<MachineState>, heap: number) => Readonly<Record<string, number>>

/** What this machine can answer, by the `of` of an `Observe` event. */
const ANSWERS: Readonly<Record<string, Answer>> = {
  allocatorStats: (state, heap) => ({ ...allocatorStats(heapOf(state, heap)) }),
  allocatedBlocks: (state) => ({ count: machineAllocatedBlocks(state) }),
}

/** Compares one observation. @returns the values compared and those that differ; null if no layer of this machine answers it */
export function compareObservation(
  state: Sealed<MachineState>,
  heap: number,
  index: EventIndex,
  { of, values }: Observation,
): { readonly compared: number; readonly mismatches: readonly Mismatch[] } | null {
  const answer = ANSWERS[of]?.(state, heap)
  if (answer === undefined) return null
  const mismatches: Mismatch[] = []
  for (const [name, expected] of Object.entries(values)) {
    const simulated = answer[name] ?? null
    if (simulated === expected) continue
    mismatches.push({ index, of: `${of}.${name}`, expected: typeof expected === 'number' ? expected : null, simulated })
  }
  return { compared: Object.keys(values).length, mismatches }
}
