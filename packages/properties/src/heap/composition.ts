/** What the laws of a heap are tried on: objects alone, objects with their collector, or a machine with more below. */
import * as allocator from '@reheap/allocator'
import * as collector from '@reheap/cycle-gc'
import {
  type Batch,
  createKeeper,
  type Draft,
  type FactBatch,
  type Keeper,
  type Mechanism,
  OPCODE_RANGES,
  type Sealed,
  type Wording,
} from '@reheap/kernel'
import * as refcount from '@reheap/refcount'
import type { AllocatorParts } from '../allocator/subject.ts'
import type { HeapFact, HeapRequest } from './heap-witness.ts'
import type { HeapProfile } from './profiles.ts'

/** The packages by the names that they export; a test may give wrong ones. */
export interface HeapParts {
  readonly allocator: AllocatorParts
  readonly refcount: Pick<
    typeof refcount,
    | 'connectTracking'
    | 'emptyHeap'
    | 'forEachObject'
    | 'heapEditor'
    | 'heapView'
    | 'answerTo'
    | 'momentOf'
    | 'checkFull'
    | 'freeListFigures'
    | 'objectGraph'
    | 'refcountMechanism'
    | 'refcountWording'
  >
  readonly collector: Pick<
    typeof collector,
    | 'checkFull'
    | 'collectionStats'
    | 'collectorMechanism'
    | 'collectorPort'
    | 'collectorWording'
    | 'emptyCollector'
    | 'generationOf'
    | 'isEnabled'
    | 'profileOf'
    | 'thresholds'
  >
}

/** A mechanism with objects in it, and how the laws find them there. */
export interface HeapComposition<S> {
  /** Names the laws: `heap`. */
  readonly name: string
  readonly parts: HeapParts
  readonly mechanism: Mechanism<S, number, number, unknown>
  initial(profile: HeapProfile): Sealed<S>
  objects(state: Sealed<S>): Sealed<refcount.RefcountState>
  /** Null: nothing collects cycles. */
  collector(state: Sealed<S>): Sealed<collector.CollectorState> | null
  /** Null: nobody gives out the blocks of objects. */
  allocator(state: Sealed<S>): Sealed<allocator.AllocatorState> | null
}

const OBJECT_CODES = refcount.REQUEST_OPCODES
/** The mechanisms as they are: what a wrong rule is planted in. */
export const HEAP_PARTS: HeapParts = { allocator, refcount, collector }

/** Objects without a collector: what is in a cycle stays. */
export function objectsAlone(parts: HeapParts = HEAP_PARTS): HeapComposition<refcount.RefcountState> {
  return {
    name: 'refcount',
    parts,
    mechanism: parts.refcount.refcountMechanism as Mechanism<refcount.RefcountState, number, number, unknown>,
    initial: (profile) => parts.refcount.emptyHeap(profile.refcount),
    objects: (state) => state,
    collector: () => null,
    allocator: () => null,
  }
}

/** Objects and their collector, sealed together. */
export interface CollectedHeap {
  readonly objects: Sealed<refcount.RefcountState>
  readonly collector: Sealed<collector.CollectorState>
}

interface CollectedDraft {
  readonly objects: Draft<refcount.RefcountState>
  readonly collector: Draft<collector.CollectorState>
}

/** Objects with the collector that their heap tells of them, and nothing below. */
export function collectedHeap(parts: HeapParts = HEAP_PARTS): HeapComposition<CollectedHeap> {
  const { refcountMechanism, heapView, heapEditor, connectTracking, momentOf } = parts.refcount
  const { collectorMechanism, collectorPort } = parts.collector
  const keeper: Keeper<CollectedHeap, CollectedDraft> = createKeeper(
    (state: CollectedHeap): CollectedDraft => {
      const objects = refcountMechanism.thaw(state.objects)
      const draft = { objects, collector: collectorMechanism.thaw(state.collector) }
      connectTracking(objects, collectorPort(draft.collector, heapView(objects), heapEditor(objects), momentOf(objects)))
      return draft
    },
    (draft) => ({ objects: refcountMechanism.seal(draft.objects), collector: collectorMechanism.seal(draft.collector) }),
  )
  return {
    name: 'heap',
    parts,
    mechanism: {
      thaw: keeper.thaw,
      applyBatch: (draft, batch, from, to, emit) => {
        const { objects, collector } = keeper.own(draft)
        for (let row = from; row < to; row++) {
          const isObjects = isIn(OPCODE_RANGES.refcount, batch.code[row] ?? 0)
          const rejected = isObjects
            ? refcountMechanism.applyBatch(objects, batch as Batch<never>, row, row + 1, emit as never)
            : collectorMechanism.applyBatch(collector, batch as Batch<never>, row, row + 1, emit as never)
          if (rejected < 0) continue
          keeper.advance(draft, row - from)
          return row
        }
        keeper.advance(draft, to - from)
        return -1
      },
      seal: keeper.seal,
      explain: (reason, code, ...operands) =>
        isIn(OPCODE_RANGES.refcount, code)
          ? refcountMechanism.explain(reason, code as refcount.RequestOpcode, ...operands)
          : collectorMechanism.explain(reason, code as collector.RequestOpcode, ...operands),
    },
    initial: ({ refcount, collector }) =>
      keeper.sealed({ objects: parts.refcount.emptyHeap(refcount), collector: parts.collector.emptyCollector(collector) }, 0),
    objects: (state) => keeper.read(state).objects,
    collector: (state) => keeper.read(state).collector,
    allocator: () => null,
  }
}

const isIn = ({ from, to }: { readonly from: number; readonly to: number }, code: number): boolean => code >= from && code <= to

/** Requests and facts of every layer of a heap as tagged values. */
export function heapWording(layers: HeapParts): Wording<number, number, HeapRequest, HeapFact> {
  return {
    write: (request, rows) => {
      if (request.kind in OBJECT_CODES) layers.refcount.refcountWording.write(request as refcount.Request, rows)
      else layers.collector.collectorWording.write(request as collector.Request, rows)
    },
    read: (facts, row) => {
      const code = facts.code[row] ?? 0
      if (isIn(OPCODE_RANGES.refcount, code)) return layers.refcount.refcountWording.read(facts as FactBatch<never>, row)
      if (isIn(OPCODE_RANGES.allocator, code)) return layers.allocator.allocatorWording.read(facts as FactBatch<never>, row)
      return layers.collector.collectorWording.read(facts as FactBatch<never>, row) as collector.Fact
    },
  }
}
