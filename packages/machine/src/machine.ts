/**
 * The composition root: the only place that knows every mechanism. It routes each event to the
 * mechanism and the heap that it belongs to; the parts are thawed and sealed together, so the whole
 * is one mechanism again.
 */
import {
  type AllocatorProfile,
  type AllocatorRejection,
  type AllocatorState,
  allocatedBlocks,
  allocatorMechanism,
  emptyAllocator,
  type FactOpcode,
  type RequestOpcode,
  type System,
} from '@reheap/allocator'
import { type Batch, createKeeper, type Draft, type Emit, type EventBatch, type Keeper, type Mechanism, type Sealed } from '@reheap/kernel'

/** Every layer's state. For now: one allocator for each heap of the process. */
export interface MachineState {
  readonly profile: AllocatorProfile
  /** What a heap that appears later asks for its arenas. */
  readonly system: System
  /** Allocator of each heap; 0 is the main interpreter's. */
  readonly heaps: readonly Sealed<AllocatorState>[]
}

interface MachineDraft {
  readonly profile: AllocatorProfile
  readonly system: System
  readonly heaps: Draft<AllocatorState>[]
}

export type MachineRejection = AllocatorRejection

const keeper: Keeper<MachineState, MachineDraft> = createKeeper(
  ({ profile, system, heaps }) => ({ profile, system, heaps: heaps.map(allocatorMechanism.thaw) }),
  ({ profile, system, heaps }) => ({ profile, system, heaps: heaps.map(allocatorMechanism.seal) }),
)

/** A machine that has run nothing yet. @param system answers for the layers below the allocator */
export function emptyMachine(profile: AllocatorProfile, system: System): Sealed<MachineState> {
  return keeper.sealed({ profile, system: system.clone(), heaps: [emptyAllocator(profile, system)] }, 0)
}

/** The allocator of one heap; an empty one for a heap that no event has named. */
export function heapOf(state: Sealed<MachineState>, heap = 0): Sealed<AllocatorState> {
  const { profile, system, heaps } = keeper.read(state)
  return heaps[heapNumber(profile, heap)] ?? emptyAllocator(profile, system)
}

/** The allocators of all heaps. */
export const heapsOf = (state: Sealed<MachineState>): readonly Sealed<AllocatorState>[] => keeper.read(state).heaps

/** `sys.getallocatedblocks()`, which counts the blocks of all interpreters. */
export const machineAllocatedBlocks = (state: Sealed<MachineState>): number =>
  heapsOf(state).reduce((sum, heap) => sum + allocatedBlocks(heap), 0)

const heapNumber = (profile: AllocatorProfile, heap: number): number => (profile.heapPerInterpreter ? heap : 0)

function openHeap(machine: MachineDraft, heap: number): Draft<AllocatorState> {
  while (machine.heaps.length <= heap) machine.heaps.push(allocatorMechanism.thaw(emptyAllocator(machine.profile, machine.system)))
  return machine.heaps[heap] as Draft<AllocatorState>
}

/** Applies a run of rows that all belong to one heap. */
function applyRun(machine: MachineDraft, heap: number, batch: Batch, from: number, to: number, emit: Emit): number {
  const allocator = openHeap(machine, heap)
  return allocatorMechanism.applyBatch(allocator, batch as Batch<RequestOpcode>, from, to, emit as Emit<FactOpcode>)
}

function applyRows(machine: MachineDraft, batch: Batch, from: number, to: number, emit: Emit): number {
  const { heap = null } = batch as Partial<EventBatch>
  if (heap === null || !machine.profile.heapPerInterpreter) return applyRun(machine, 0, batch, from, to, emit)
  let start = from
  while (start < to) {
    let end = start + 1
    while (end < to && heap[end] === heap[start]) end++
    const rejected = applyRun(machine, heap[start], batch, start, end, emit)
    if (rejected >= 0) return rejected
    start = end
  }
  return -1
}

/** All layers as one mechanism. Takes event batches: rows are routed by their `heap` column. */
export const machineMechanism: Mechanism<MachineState, number, number, MachineRejection> = {
  thaw: keeper.thaw,
  applyBatch: (draft, batch, from, to, emit) => {
    const rejected = applyRows(keeper.own(draft), batch, from, to, emit)
    keeper.advance(draft, (rejected < 0 ? to : rejected) - from)
    return rejected
  },
  seal: keeper.seal,
  explain: (reason, code, ...operands) => allocatorMechanism.explain(reason, code as RequestOpcode, ...operands),
}
