import { type Mechanism, type Reducer, reducerOf, type Sealed } from '@reheap/kernel'
import { applyRows } from './apply.ts'
import type { Fact, FactOpcode, Request, RequestOpcode } from './events.ts'
import type { PlainFact, PlainOpcode, PlainRequest } from './plain-events.ts'
import { PlainHeap } from './plain-heap.ts'
import type { CollectorProfile } from './profile.ts'
import { type CollectorRejection, explain } from './rejected.ts'
import { CollectorState, keeper } from './state.ts'
import { collectorWording } from './wording.ts'

/** The cycle collector as a mechanism: the loop over a batch. */
export const collectorMechanism: Mechanism<CollectorState, RequestOpcode | PlainOpcode, FactOpcode, CollectorRejection> = {
  thaw: keeper.thaw,
  applyBatch: (draft, batch, from, to, emit) => {
    const rejected = applyRows(keeper.own(draft), batch, from, to, emit)
    keeper.advance(draft, (rejected < 0 ? to : rejected) - from)
    return rejected
  },
  seal: keeper.seal,
  explain: (reason, code, id = 0, other = 0, size = 0, _address = 0, tag = 0) => explain(reason, code, id, other, size, tag),
}

/** A collector that has seen nothing yet, over an empty plain heap. */
export function emptyCollector(profile: CollectorProfile): Sealed<CollectorState> {
  return keeper.sealed(new CollectorState(profile, new PlainHeap()), 0)
}

/** The cycle collector as a pure function of state and requests. */
export const collectorReducer: Reducer<
  CollectorState,
  RequestOpcode | PlainOpcode,
  FactOpcode,
  CollectorRejection,
  CollectorProfile,
  Request | PlainRequest,
  Fact | PlainFact
> = reducerOf(collectorMechanism, collectorWording, emptyCollector)
