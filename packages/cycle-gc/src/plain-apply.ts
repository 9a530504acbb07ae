/** What each request of the plain heap does. */
import { type Batch, NO_ID } from '@reheap/kernel'
import { PLAIN_KINDS, PLAIN_OPCODES, type PlainKind, type PlainOpcode } from './plain-events.ts'
import type { PlainHeap } from './plain-heap.ts'
import { ACCEPTED, REASONS } from './rejected.ts'
import type { CollectorState } from './state.ts'
import { trackingOf } from './tracking.ts'

const NOBODY = -1

/** @returns ACCEPTED, or why the request is rejected */
export function applyPlain(s: CollectorState, batch: Batch, row: number): number {
  const { heap } = s
  const id = batch.id[row]
  const other = batch.other[row]
  const tag = batch.tag[row]
  switch (batch.code[row] as PlainOpcode) {
    case PLAIN_OPCODES.MakeObject:
      if (tag >= PLAIN_KINDS.length) return REASONS.UnknownRequest
      if (heap.isAlive(id)) return REASONS.ObjectAlive
      heap.make(id, PLAIN_KINDS[tag] as PlainKind, Number.isNaN(batch.size[row]) ? undefined : batch.size[row])
      return ACCEPTED
    case PLAIN_OPCODES.Hold:
      if (!isAlive(heap, id) || !isAliveOrNone(heap, other)) return REASONS.ObjectNotAlive
      heap.refer(other === NO_ID ? NOBODY : other, id)
      return ACCEPTED
    case PLAIN_OPCODES.LetGo:
      if (!isAlive(heap, id) || !isAliveOrNone(heap, other)) return REASONS.ObjectNotAlive
      return heap.drop(other === NO_ID ? NOBODY : other, id) ? ACCEPTED : REASONS.NotHeld
    case PLAIN_OPCODES.ReferWeakly:
      if (!isAlive(heap, id) || !isAlive(heap, other)) return REASONS.ObjectNotAlive
      if (PLAIN_KINDS[heap.kind[id]] !== 'weakref' || heap.weakTo[id] !== NOBODY) return REASONS.NoWeakReference
      heap.referWeakly(id, other, tag !== 0)
      return ACCEPTED
    case PLAIN_OPCODES.GiveFinalizer:
      if (!isAlive(heap, id) || !isAliveOrNone(heap, other)) return REASONS.ObjectNotAlive
      heap.giveFinalizer(id, other === NO_ID ? NOBODY : other)
      return ACCEPTED
    case PLAIN_OPCODES.FixCount:
      if (!isAlive(heap, id)) return REASONS.ObjectNotAlive
      heap.fixCount(id)
      return ACCEPTED
    default:
      return REASONS.UnknownRequest
  }
}

const isAlive = (heap: PlainHeap, id: number): boolean => heap.isAlive(id)
const isAliveOrNone = (heap: PlainHeap, id: number): boolean => id === NO_ID || heap.isAlive(id)

/** Gives the heap of a draft somebody to tell, and somewhere to put its facts. */
export function connect(s: CollectorState): void {
  s.heap.tracking = trackingOf(s)
  s.heap.moment = s.work.moment
}
