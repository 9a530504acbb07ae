/** Which mechanism an event belongs to: the loop over a batch. */
import { REQUEST_OPCODES as ALLOCATOR, allocatorMechanism, type FactOpcode, type RequestOpcode } from '@reheap/allocator'
import {
  REQUEST_OPCODES as COLLECTOR,
  type FactOpcode as CollectorFact,
  type RequestOpcode as CollectorOpcode,
  collectorMechanism,
} from '@reheap/cycle-gc'
import { type FactOpcode as DeviceFact, type RequestOpcode as DeviceOpcode, deviceMemoryMechanism } from '@reheap/device-memory'
import { type Batch, type Emit, type EventBatch, NO_ID, NOT_GIVEN, OPCODE_RANGES } from '@reheap/kernel'
import {
  REQUEST_OPCODES as OBJECT,
  type FactOpcode as ObjectFact,
  type RequestOpcode as ObjectOpcode,
  refcountMechanism,
} from '@reheap/refcount'
import type { MachineDraft } from './machine-draft.ts'
import { VERDICTS } from './recorded-blocks.ts'
import { RequestRow } from './request-row.ts'
import { hasSettings } from './settings.ts'

const { Malloc, Realloc, Free } = ALLOCATOR
const { SetThresholds, EnableCollector, DisableCollector, FreezeObjects } = COLLECTOR
const { BindName, UnbindName } = OBJECT
const FIRST_OBJECT = OPCODE_RANGES.refcount.from
const FIRST_COLLECTOR = OPCODE_RANGES.cycleGc.from
const FIRST_DEVICE = OPCODE_RANGES.deviceMemory.from
const LAST_LAYER = OPCODE_RANGES.deviceMemory.to

/** The layers; a row of none of them goes with the rows before it. */
const OTHERS = 0
const OBJECTS = 1
const COLLECTORS = 2
const DEVICES = 3

const request = new RequestRow()

/** Applies rows in order; see `Mechanism.applyBatch`. */
export function applyRows(machine: MachineDraft, batch: Batch, from: number, to: number, emit: Emit): number {
  const { freezeAt } = machine.settings
  const freeze = freezeAt === undefined ? -1 : freezeAt - batch.firstIndex
  if (freeze < from || freeze >= to) return applyLayers(machine, batch, from, to, emit)
  const rejected = applyLayers(machine, batch, from, freeze, emit)
  if (rejected >= 0) return rejected
  const row = request.of(FreezeObjects, batch.firstIndex + freeze, 0, NO_ID, NO_ID, NOT_GIVEN, NOT_GIVEN)
  collectorMechanism.applyBatch(
    machine.collector,
    row as Batch<CollectorOpcode>,
    0,
    1,
    throughJunction(machine, emit) as Emit<CollectorFact>,
  )
  return applyLayers(machine, batch, freeze, to, emit)
}

/** Runs of rows of one layer each. */
function applyLayers(machine: MachineDraft, batch: Batch, from: number, to: number, emit: Emit): number {
  const { code } = batch
  let start = from
  while (start < to) {
    const first = code[start]
    const layer = layerOf(first)
    let end = start + 1
    if (layer === OTHERS) while (end < to && (code[end] < FIRST_OBJECT || code[end] > LAST_LAYER)) end++
    else if (layer === OBJECTS)
      while (end < to && code[end] >= FIRST_OBJECT && (code[end] < FIRST_COLLECTOR || code[end] > LAST_LAYER)) end++
    else if (layer === COLLECTORS)
      while (end < to && code[end] >= FIRST_COLLECTOR && (code[end] < FIRST_DEVICE || code[end] > LAST_LAYER)) end++
    else while (end < to && code[end] >= FIRST_DEVICE) end++
    const rejected =
      layer === OTHERS
        ? applyAllocator(machine, batch, start, end, emit)
        : layer === OBJECTS
          ? applyObjects(machine, batch, start, end, emit)
          : layer === COLLECTORS
            ? applyCollector(machine, batch, start, end, emit)
            : applyDevices(machine, batch, start, end, emit)
    if (rejected >= 0) return rejected
    start = end
  }
  return -1
}

function layerOf(code: number): number {
  if (code < FIRST_OBJECT || code > LAST_LAYER) return OTHERS
  return code < FIRST_COLLECTOR ? OBJECTS : code < FIRST_DEVICE ? COLLECTORS : DEVICES
}

const applyDevices = (machine: MachineDraft, batch: Batch, from: number, to: number, emit: Emit): number =>
  deviceMemoryMechanism.applyBatch(machine.openDevices(), batch as Batch<DeviceOpcode>, from, to, emit as Emit<DeviceFact>)

/** The emit of the object layers: the junction, unless nobody needs what passes it. */
function throughJunction({ junction, blocks }: MachineDraft, emit: Emit): Emit {
  if (emit.muted && !blocks.isRouting && blocks.recorded === null && junction.watch === null) return emit
  junction.target = emit
  return junction
}

function applyObjects(machine: MachineDraft, batch: Batch, from: number, to: number, emit: Emit): number {
  const through = throughJunction(machine, emit)
  let row = from
  while (row < to) {
    row = refcountMechanism.applyBatch(machine.objects, batch as Batch<ObjectOpcode>, row, to, through as Emit<ObjectFact>)
    if (row < 0) return -1
    if (!machine.passesOver(through.reason)) return settled(emit, through, row)
    if (batch.code[row] === BindName) letGo(machine, batch, row, through)
    row++
  }
  return -1
}

/** A name that would be bound to an object that has died in a what-if holds nothing. */
function letGo({ objects }: MachineDraft, { firstIndex, other, size }: Batch, row: number, emit: Emit): void {
  const unbind = request.of(UnbindName, firstIndex + row, 0, NO_ID, other[row], size[row], NOT_GIVEN)
  // Where it was not bound before, there is nothing to let go.
  refcountMechanism.applyBatch(objects, unbind as Batch<ObjectOpcode>, 0, 1, emit as Emit<ObjectFact>)
}

function applyCollector(machine: MachineDraft, batch: Batch, from: number, to: number, emit: Emit): number {
  const through = throughJunction(machine, emit)
  if (!hasSettings(machine.settings)) {
    const rejected = collectorMechanism.applyBatch(
      machine.collector,
      batch as Batch<CollectorOpcode>,
      from,
      to,
      through as Emit<CollectorFact>,
    )
    return settled(emit, through, rejected)
  }
  for (let row = from; row < to; row++) {
    const rejected = applySetting(machine, batch, row, through as Emit<CollectorFact>)
    if (rejected >= 0) return settled(emit, through, row)
  }
  return -1
}

/** A row of the collector, where settings stand above what the program sets. @returns -1, or a number from 0 on: rejected */
function applySetting(machine: MachineDraft, batch: Batch, row: number, emit: Emit<CollectorFact>): number {
  const { settings, collector } = machine
  const code = batch.code[row]
  if ((code === EnableCollector || code === DisableCollector) && settings.isEnabled !== undefined) return -1
  if (code !== SetThresholds) return collectorMechanism.applyBatch(collector, batch as Batch<CollectorOpcode>, row, row + 1, emit)
  const { threshold0 = batch.id[row], threshold1 = batch.other[row], threshold2 = batch.size[row] } = settings
  const stand = request.of(code, batch.firstIndex + row, 0, threshold0, threshold1, threshold2, NOT_GIVEN)
  return collectorMechanism.applyBatch(collector, stand as Batch<CollectorOpcode>, 0, 1, emit)
}

/** Hands the reason of a rejection on. @returns the rejected row, or -1 */
function settled(emit: Emit, through: Emit, rejected: number): number {
  if (rejected >= 0) emit.reason = through.reason
  return rejected
}

/** Rows of the allocator, by the heap that each one names. */
function applyAllocator(machine: MachineDraft, batch: Batch, from: number, to: number, emit: Emit): number {
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
  return allocatorMechanism.applyBatch(machine.openHeap(heap), batch as Batch<RequestOpcode>, from, to, emit as Emit<FactOpcode>)
}
