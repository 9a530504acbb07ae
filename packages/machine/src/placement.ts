/** Does a log say where its blocks lie, or has a simulated system to say it? */
import { type AllocatorProfile, REQUEST_OPCODES, recordedSystem, type System, simulatedSystem } from '@reheap/allocator'
import { type Batch, NO_ID, OPCODE_RANGES } from '@reheap/kernel'
import { REQUEST_OPCODES as OBJECT_OPCODES } from '@reheap/refcount'
import type { MachineProfile } from './profile.ts'

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
 * @returns null: no row of this batch tells, the next one has to be asked
 */
export function placementOf(batch: Batch, profile: AllocatorProfile): Placement | null {
  for (let row = 0; row < batch.length; row++) {
    if (batch.code[row] === ArenaMapped && batch.size[row] === profile.arenaBytes) return 'recorded'
    if (batch.code[row] === CreateObject && Number.isNaN(batch.address[row])) return 'simulated'
    if (asksPool(batch, row, profile)) return Number.isNaN(batch.address[row]) ? 'simulated' : 'recorded'
  }
  return null
}

/** End of the first arena that a batch maps: where a simulated system starts, so that its arenas are aligned alike. Null: it maps none. */
export function firstArenaEnd(batch: Batch, profile: AllocatorProfile): number | null {
  for (let row = 0; row < batch.length; row++) {
    const isArena = batch.code[row] === ArenaMapped && batch.size[row] === profile.arenaBytes
    // An arena that the system refused has no address.
    if (isArena && !Number.isNaN(batch.address[row])) return batch.address[row] + profile.arenaBytes
  }
  return null
}

/** Who answers for the layers below: open until a batch tells. */
export class PlacementSearch {
  readonly #profile: MachineProfile
  /** Has a batch told? */
  isDone = false
  #isHosted: boolean

  /** @param profile that of the recording @param isHosted is memory followed down to pages from the start on? */
  constructor(profile: MachineProfile, isHosted: boolean) {
    this.#profile = profile
    this.#isHosted = isHosted
  }

  /** Looks into the next batch. @returns what it tells, once; null: nothing, or all was told before */
  look(batch: Batch): { readonly placement: Placement; readonly top: number | undefined } | null {
    if (this.isDone) return null
    const { allocator, mapTop } = this.#profile
    const placement = placementOf(batch, allocator)
    this.#isHosted ||= namesHost(batch)
    if (placement === null) return null
    this.isDone = true
    return { placement, top: firstArenaEnd(batch, allocator) ?? mapTop ?? (this.#isHosted ? HOSTED_TOP : undefined) }
  }
}

/** Where a simulated system starts above a host, far below what the host itself maps from the top down. */
export const HOSTED_TOP = 0x7e00_0000_0000

/** Does a batch hold an event of the host? */
function namesHost({ code, length }: Batch): boolean {
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
