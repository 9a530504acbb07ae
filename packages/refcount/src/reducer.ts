import { type Mechanism, type Reducer, reducerOf, type Sealed } from '@reheap/kernel'
import { applyRows } from './apply.ts'
import type { Fact, FactOpcode, Request, RequestOpcode } from './events.ts'
import { profileFault, type RefcountProfile } from './profile.ts'
import { explain, type RefcountRejection } from './rejected.ts'
import { keeper, RefcountState } from './state.ts'
import { refcountWording } from './wording.ts'

/** Objects and their counts as a mechanism: the loop over a batch. */
export const refcountMechanism: Mechanism<RefcountState, RequestOpcode, FactOpcode, RefcountRejection> = {
  thaw: keeper.thaw,
  applyBatch: (draft, batch, from, to, emit) => {
    const rejected = applyRows(keeper.own(draft), batch, from, to, emit)
    keeper.advance(draft, (rejected < 0 ? to : rejected) - from)
    return rejected
  },
  seal: keeper.seal,
  explain: (reason, code, id = 0, other = 0, size = 0, address = 0, tag = 0) => explain(reason, code, id, other, size, address, tag),
}

/** A heap without objects. @throws if the rules do not work for the profile */
export function emptyHeap(profile: RefcountProfile): Sealed<RefcountState> {
  const fault = profileFault(profile)
  if (fault !== null) throw new RangeError(`profile ${profile.name}: ${fault}`)
  return keeper.sealed(new RefcountState(profile), 0)
}

/** Objects and their counts as a pure function of state and requests. */
export const refcountReducer: Reducer<RefcountState, RequestOpcode, FactOpcode, RefcountRejection, RefcountProfile, Request, Fact> =
  reducerOf(refcountMechanism, refcountWording, emptyHeap)
