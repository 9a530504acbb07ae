/** Rows of objects and of the collector, whose facts about memory become requests of the allocator. */
import {
  REQUEST_OPCODES as COLLECTOR,
  type FactOpcode as CollectorFact,
  type RequestOpcode as CollectorOpcode,
  collectorMechanism,
} from '@reheap/cycle-gc'
import { type Batch, type Emit, NO_ID, NOT_GIVEN } from '@reheap/kernel'
import {
  REQUEST_OPCODES as OBJECT,
  type FactOpcode as ObjectFact,
  type RequestOpcode as ObjectOpcode,
  refcountMechanism,
} from '@reheap/refcount'
import type { MachineDraft } from './machine-draft.ts'
import { RequestRow } from './request-row.ts'
import { hasSettings } from './settings.ts'

const { SetThresholds, EnableCollector, DisableCollector, FreezeObjects } = COLLECTOR
const { BindName, UnbindName } = OBJECT

const request = new RequestRow()

/** Freezes all objects, as the settings want it before a row. */
export function freezeBefore(machine: MachineDraft, { firstIndex }: Batch, row: number, emit: Emit): void {
  const freeze = request.of(FreezeObjects, firstIndex + row, 0, NO_ID, NO_ID, NOT_GIVEN, NOT_GIVEN)
  const through = throughJunction(machine, emit) as Emit<CollectorFact>
  collectorMechanism.applyBatch(machine.collector, freeze as Batch<CollectorOpcode>, 0, 1, through)
}

/** The emit of the object layers: the junction, unless nobody needs what passes it. */
function throughJunction({ junction, blocks }: MachineDraft, emit: Emit): Emit {
  if (emit.muted && !blocks.isRouting && blocks.recorded === null && junction.watch === null) return emit
  junction.target = emit
  return junction
}

export function applyObjects(machine: MachineDraft, batch: Batch, from: number, to: number, emit: Emit): number {
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

export function applyCollector(machine: MachineDraft, batch: Batch, from: number, to: number, emit: Emit): number {
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
