import {
  REQUEST_OPCODES as COLLECTOR_OPCODES,
  type Request as CollectorRequest,
  type CollectorState,
  collectorMechanism,
  collectorPort,
  collectorProfile,
  collectorWording,
  emptyCollector,
} from '@reheap/cycle-gc'
import { Columns, Emit, EventColumns, type FactBatch, type Sealed } from '@reheap/kernel'
import {
  connectTracking,
  cpythonProfile,
  emptyHeap,
  heapEditor,
  heapView,
  momentOf,
  type Request as ObjectRequest,
  type RefcountState,
  refcountMechanism,
  refcountWording,
} from '@reheap/refcount'
import { expect } from 'vitest'

export type Request = ObjectRequest | CollectorRequest

/** What a program's requests leave behind. */
export interface Objects {
  readonly objects: Sealed<RefcountState>
  readonly collector: Sealed<CollectorState>
  readonly batch: EventColumns
  /** Facts of both layers, in order. */
  readonly facts: FactBatch
}

const isCollectors = (request: Request): request is CollectorRequest => request.kind in COLLECTOR_OPCODES

/** Runs requests of both layers on objects and their collector, connected as the machine connects them. */
export function ran(requests: readonly Request[], version: '3.10' | '3.13' = '3.13'): Objects {
  const batch = new EventColumns(requests.length)
  const rows = new Columns(requests.length)
  requests.forEach((request, row) => {
    if (isCollectors(request)) collectorWording.write(request, rows)
    else refcountWording.write(request, rows)
    batch.push(rows.code[row], rows.tag[row], rows.id[row], rows.other[row], rows.size[row], rows.address[row])
    if ('name' in request && typeof request.name === 'string') batch.setDetail(row, JSON.stringify({ name: request.name }))
    if ('text' in request) batch.setDetail(row, JSON.stringify({ text: request.text }))
  })
  const objects = refcountMechanism.thaw(emptyHeap(cpythonProfile(version)))
  const collector = collectorMechanism.thaw(emptyCollector(collectorProfile(version)))
  connectTracking(objects, collectorPort(collector, heapView(objects), heapEditor(objects), momentOf(objects)))
  const emit = new Emit()
  requests.forEach((request, row) => {
    const rejected = isCollectors(request)
      ? collectorMechanism.applyBatch(collector, batch as never, row, row + 1, emit as never)
      : refcountMechanism.applyBatch(objects, batch as never, row, row + 1, emit as never)
    expect(rejected, `${row}: ${JSON.stringify(request)}`).toBe(-1)
  })
  return { objects: refcountMechanism.seal(objects), collector: collectorMechanism.seal(collector), batch, facts: emit.facts }
}
