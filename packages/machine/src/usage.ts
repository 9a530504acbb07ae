import { allocatorStats, cLibraryBlocks, fragmentation } from '@reheap/allocator'
import type { Sealed } from '@reheap/kernel'
import { heapsOf } from './machine.ts'
import type { MachineState } from './machine-draft.ts'

/** What the live blocks of all heaps use, counted from a state. @unit bytes, unless the name says otherwise */
export interface MachineUsage {
  /** Live blocks in pools, as asked for. */
  readonly requestedBytes: number
  /** Live blocks in pools, as placed: whole blocks of their size class. */
  readonly blockBytes: number
  /** Mapped arenas. */
  readonly arenaBytes: number
  /** Live blocks that pymalloc passed on to the C library. */
  readonly cLibraryBytes: number
  /** Arenas and C-library blocks: what the process holds for Python. */
  readonly heldBytes: number
  readonly arenas: number
  /** Arenas mapped so far, released ones included. */
  readonly arenasTotal: number
}

/** Usage of a whole machine at one moment. */
export function machineUsage(state: Sealed<MachineState>): MachineUsage {
  const heaps = heapsOf(state).map((heap) => ({
    ...allocatorStats(heap),
    ...fragmentation(heap),
    cLibraryBytes: cLibraryBlocks(heap).bytes,
  }))
  const sum = (figure: (heap: (typeof heaps)[number]) => number): number => heaps.reduce((total, heap) => total + figure(heap), 0)
  const arenaBytes = sum((heap) => heap.mappedBytes)
  const cLibraryBytes = sum((heap) => heap.cLibraryBytes)
  return {
    requestedBytes: sum((heap) => heap.requestedBytes),
    blockBytes: sum((heap) => heap.bytesInAllocatedBlocks),
    arenaBytes,
    cLibraryBytes,
    heldBytes: arenaBytes + cLibraryBytes,
    arenas: sum((heap) => heap.arenas),
    arenasTotal: sum((heap) => heap.arenasAllocatedTotal),
  }
}
