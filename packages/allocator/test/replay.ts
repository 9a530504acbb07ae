import { type Batch, Emit } from '@reheap/kernel'
import type * as Allocator from '../src/index.ts'
import type { Recording } from './recording.ts'

/** Rows between two looks at the facts. */
const STRIDE = 4096

/**
 * Replays a recording on an allocator, ours or a wrong one.
 *
 * @returns the first difference in words: a rejected request, a refused arena, an address or an observed figure; null: none
 */
export function firstMismatch(allocator: typeof Allocator, { profile, rows, observations }: Recording): string | null {
  const { allocatorMechanism, recordedSystem, emptyAllocator, FACT_OPCODES } = allocator
  const { BlockPlaced, BlockResized, ArenaRefused } = FACT_OPCODES
  let draft = allocatorMechanism.thaw(emptyAllocator(profile, recordedSystem()))
  const emit = new Emit<Allocator.FactOpcode>()
  const stops = [...observations.map(({ row }) => row), rows.length]
  let from = 0
  for (const [place, stop] of stops.entries()) {
    while (from < stop) {
      const to = Math.min(stop, from + STRIDE)
      emit.facts.clear()
      const rejected = allocatorMechanism.applyBatch(draft, rows as Batch<Allocator.RequestOpcode>, from, to, emit)
      for (let fact = 0; fact < emit.facts.length; fact++) {
        const code = emit.facts.code[fact]
        const row = emit.facts.cause[fact]
        if (code === ArenaRefused) return `row ${row}: an arena is wanted where none was mapped`
        if ((code === BlockPlaced || code === BlockResized) && emit.facts.address[fact] !== rows.address[row])
          return `row ${row}: address ${emit.facts.address[fact]}, recorded ${rows.address[row]}`
      }
      if (rejected >= 0) return `row ${rejected}: rejected for reason ${emit.reason}`
      from = to
    }
    const sealed = allocatorMechanism.seal(draft)
    const difference = place < observations.length ? figuresDiffer(allocator, sealed, observations[place]) : null
    if (difference !== null) return `row ${stop}: ${difference}`
    draft = allocatorMechanism.thaw(sealed)
  }
  return null
}

type State = ReturnType<typeof Allocator.emptyAllocator>

function figuresDiffer(allocator: typeof Allocator, state: State, { of, values }: Recording['observations'][number]): string | null {
  const figures: Record<string, number> =
    of === 'allocatedBlocks' ? { count: allocator.allocatedBlocks(state) } : { ...allocator.allocatorStats(state) }
  const name = Object.keys(values).find((figure) => figures[figure] !== values[figure])
  return name === undefined ? null : `${of}.${name} ${figures[name]}, observed ${values[name]}`
}
