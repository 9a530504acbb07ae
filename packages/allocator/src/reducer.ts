import { type Draft, type Mechanism, type Reducer, reducerOf, type Sealed } from '@reheap/kernel'
import { applyRows } from './apply.ts'
import type { Fact, FactOpcode, Request, RequestOpcode } from './events.ts'
import { type AllocatorProfile, profileFault } from './profile.ts'
import { type AllocatorRejection, explain } from './rejected.ts'
import { AllocatorState, keeper } from './state.ts'
import { type System, simulatedSystem } from './system.ts'
import { allocatorWording } from './wording.ts'

/** pymalloc as a mechanism: the loop over a batch. */
export const allocatorMechanism: Mechanism<AllocatorState, RequestOpcode, FactOpcode, AllocatorRejection> = {
  thaw: keeper.thaw,
  applyBatch: (draft, batch, from, to, emit) => {
    const rejected = applyRows(keeper.own(draft), batch, from, to, emit)
    keeper.advance(draft, (rejected < 0 ? to : rejected) - from)
    return rejected
  },
  seal: keeper.seal,
  explain: (reason, code, id = 0, other = 0, size = 0, address = 0, tag = 0) => explain(reason, code, id, other, size, address, tag),
}

/**
 * An allocator that has served nothing yet.
 *
 * @param system answers for the layers below; by default a simulated one
 * @throws if the profile's sizes are none that pymalloc's arithmetic works for
 */
export function emptyAllocator(profile: AllocatorProfile, system: System = simulatedSystem()): Sealed<AllocatorState> {
  const fault = profileFault(profile)
  if (fault !== null) throw new RangeError(`profile ${profile.name}: ${fault}`)
  return keeper.sealed(new AllocatorState(profile, system.clone()), 0)
}

/** From now on another system answers. One that has given an arena would have to be asked for it when it goes: none may be open. */
export function answerFrom(draft: Draft<AllocatorState>, system: System): void {
  keeper.own(draft).system = system.clone()
}

/** pymalloc as a pure function of state and requests. */
export const allocatorReducer: Reducer<AllocatorState, RequestOpcode, FactOpcode, AllocatorRejection, AllocatorProfile, Request, Fact> =
  reducerOf(allocatorMechanism, allocatorWording, (profile) => emptyAllocator(profile))
