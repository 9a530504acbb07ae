/** Rows of the allocator: each goes to the heap that it names. */
import { allocatorMechanism, type FactOpcode, REQUEST_OPCODES, type RequestOpcode } from '@reheap/allocator'
import { type Batch, type Emit, type EventBatch, NO_ID } from '@reheap/kernel'
import type { MachineDraft } from './machine-draft.ts'
import { VERDICTS } from './recorded-blocks.ts'

const { Malloc, Realloc, Free } = REQUEST_OPCODES

/** @returns -1, or the first rejected row, whose reason is then in `emit.reason` */
export function applyAllocator(machine: MachineDraft, batch: Batch, from: number, to: number, emit: Emit): number {
  if (machine.blocks.isRouting && holdsCall(batch.code, from, to)) machine.blocks.isRouting = false
  if (machine.blocks.recorded === null) return applyHeaps(machine, batch, from, to, emit)
  let start = from
  for (let row = from; row < to; row++) {
    if (verdictOf(machine, batch, row) === VERDICTS.apply) continue
    const rejected = applyHeaps(machine, batch, start, row, emit)
    if (rejected >= 0) return rejected
    start = row + 1
  }
  return applyHeaps(machine, batch, start, to, emit)
}

const holdsCall = (code: Uint8Array, from: number, to: number): boolean => {
  for (let row = from; row < to; row++) if (code[row] >= Malloc && code[row] <= Free) return true
  return false
}

function verdictOf({ blocks }: MachineDraft, { code, id, other }: Batch, row: number): number {
  const { recorded } = blocks
  if (recorded === null || id[row] === NO_ID) return VERDICTS.apply
  if (code[row] === Free) return recorded.free(id[row])
  return code[row] === Realloc ? recorded.rename(id[row], other[row]) : VERDICTS.apply
}

function applyHeaps(machine: MachineDraft, batch: Batch, from: number, to: number, emit: Emit): number {
  const { heap = null } = batch as Partial<EventBatch>
  if (heap === null || !machine.profile.allocator.heapPerInterpreter) return applyRun(machine, 0, batch, from, to, emit)
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

/** Applies a run of rows that all belong to one heap. */
function applyRun(machine: MachineDraft, heap: number, batch: Batch, from: number, to: number, emit: Emit): number {
  if (from === to) return -1
  const { host } = machine.junction
  const through = host === null ? emit : host.through(batch, emit)
  const allocator = machine.openHeap(heap)
  const rejected = allocatorMechanism.applyBatch(allocator, batch as Batch<RequestOpcode>, from, to, through as Emit<FactOpcode>)
  if (rejected >= 0) emit.reason = through.reason
  return rejected
}
