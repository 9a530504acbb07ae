/** Which mechanism an event belongs to: the loop over a batch. */
import { type FactOpcode as DeviceFact, type RequestOpcode as DeviceOpcode, deviceMemoryMechanism } from '@reheap/device-memory'
import { type Batch, type Emit, OPCODE_RANGES } from '@reheap/kernel'
import { applyAllocator } from './allocator-rows.ts'
import type { MachineDraft } from './machine-draft.ts'
import { applyCollector, applyObjects, freezeBefore } from './object-rows.ts'

/** The layers by their number here; a row of none of them goes with the rows before it. */
const ANY = 0
const ALLOCATOR = 1
const OBJECTS = 2
const COLLECTOR = 3
const DEVICES = 4
const HOST = 5

/** Layer of each opcode. */
const LAYER_OF = Uint8Array.from({ length: 256 }, (_, code) => {
  const { allocator, refcount, cycleGc, deviceMemory, hostMemory } = OPCODE_RANGES
  const layer = [allocator, refcount, cycleGc, deviceMemory, hostMemory].findIndex(({ from, to }) => code >= from && code <= to)
  return layer < 0 ? ANY : layer + 1
})

/** Applies rows in order; see `Mechanism.applyBatch`. */
export function applyRows(machine: MachineDraft, batch: Batch, from: number, to: number, emit: Emit): number {
  const { freezeAt } = machine.settings
  const freeze = freezeAt === undefined ? -1 : freezeAt - batch.firstIndex
  if (freeze < from || freeze >= to) return applyLayers(machine, batch, from, to, emit)
  const rejected = applyLayers(machine, batch, from, freeze, emit)
  if (rejected >= 0) return rejected
  freezeBefore(machine, batch, freeze, emit)
  return applyLayers(machine, batch, freeze, to, emit)
}

/** Runs of rows of one layer each. */
function applyLayers(machine: MachineDraft, batch: Batch, from: number, to: number, emit: Emit): number {
  const { code } = batch
  let start = from
  while (start < to) {
    const layer = LAYER_OF[code[start]]
    let end = start + 1
    while (end < to && (LAYER_OF[code[end]] === layer || LAYER_OF[code[end]] === ANY)) end++
    const rejected = applyLayer(machine, layer, batch, start, end, emit)
    if (rejected >= 0) return rejected
    const { host } = machine.junction
    if (host !== null && host.refusedAt >= 0) {
      emit.reason = host.reason
      return host.refusedAt - batch.firstIndex
    }
    start = end
  }
  return -1
}

function applyLayer(machine: MachineDraft, layer: number, batch: Batch, from: number, to: number, emit: Emit): number {
  switch (layer) {
    case ALLOCATOR:
      return applyAllocator(machine, batch, from, to, emit)
    case OBJECTS:
      return applyObjects(machine, batch, from, to, emit)
    case COLLECTOR:
      return applyCollector(machine, batch, from, to, emit)
    case DEVICES:
      return deviceMemoryMechanism.applyBatch(machine.openDevices(), batch as Batch<DeviceOpcode>, from, to, emit as Emit<DeviceFact>)
    case HOST:
      return machine.openHost().apply(batch, from, to, emit)
  }
  return -1
}
