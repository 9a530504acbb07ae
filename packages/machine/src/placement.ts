/** Does a log say where its blocks lie, or has a simulated system to say it? */
import { type AllocatorProfile, REQUEST_OPCODES, recordedSystem, type System, simulatedSystem } from '@reheap/allocator'
import { type Batch, NO_ID, OPCODE_RANGES } from '@reheap/kernel'
import { REQUEST_OPCODES as OBJECT_OPCODES } from '@reheap/refcount'

const { Malloc, Calloc, Realloc, ArenaMapped } = REQUEST_OPCODES
const { CreateObject } = OBJECT_OPCODES
const RAW = 0

/** Who answers for the layers below the allocator. */
export type Placement = 'recorded' | 'simulated'

/**
 * Who answers for a log under the profile that it was recorded with.
 *
 * A recording holds an arena before the first request that wants one, and the address of each block.
 * A log that holds neither where the first pool block is asked for, such as one that was written by
 * hand, or where the first object is created without a block, says of nothing where it lies.
 *
 * @param first the log's first batch: it alone decides
 */
export function placementOf(first: Batch, profile: AllocatorProfile): Placement {
  for (let row = 0; row < first.length; row++) {
    if (first.code[row] === ArenaMapped && first.size[row] === profile.arenaBytes) return 'recorded'
    if (first.code[row] === CreateObject && Number.isNaN(first.address[row])) return 'simulated'
    if (asksPool(first, row, profile)) return Number.isNaN(first.address[row]) ? 'simulated' : 'recorded'
  }
  return 'recorded'
}

/** End of the first arena that a log maps: where a simulated system starts, so that its arenas are aligned alike. Null: it maps none. */
export function firstArenaEnd(first: Batch, profile: AllocatorProfile): number | null {
  for (let row = 0; row < first.length; row++) {
    const isArena = first.code[row] === ArenaMapped && first.size[row] === profile.arenaBytes
    // An arena that the system refused has no address.
    if (isArena && !Number.isNaN(first.address[row])) return first.address[row] + profile.arenaBytes
  }
  return null
}

/** Where a simulated system starts above a host, far below what the host itself maps from the top down. */
export const HOSTED_TOP = 0x7e00_0000_0000

/** Does a batch hold an event of the host? */
export function namesHost({ code, length }: Batch): boolean {
  const { from, to } = OPCODE_RANGES.hostMemory
  for (let row = 0; row < length; row++) if (code[row] >= from && code[row] <= to) return true
  return false
}

/** The system that a placement means. @param top where a simulated system starts: see `simulatedSystem` */
export const systemOf = (placement: Placement, top?: number | undefined): System =>
  placement === 'recorded' ? recordedSystem() : simulatedSystem(top)

function asksPool({ code, tag, id, other, size }: Batch, row: number, profile: AllocatorProfile): boolean {
  const bytes = code[row] === Calloc ? other[row] * size[row] : size[row]
  const isNew = code[row] === Malloc || code[row] === Calloc || (code[row] === Realloc && id[row] === NO_ID)
  return isNew && tag[row] !== RAW && bytes > 0 && bytes <= profile.smallRequestBytes
}
