import { EventColumns, foldOf, type Mechanism, type Reducer, type Sealed, stepOf } from '@reheap/kernel'
import { applyRows, openHost } from './apply.ts'
import type { Fact, FactOpcode, Request, RequestOpcode } from './events.ts'
import type { HostMemoryProfile } from './profile.ts'
import { explain, type HostMemoryRejection } from './rejected.ts'
import { begin, HostMemoryState, type HostSettings, keeper } from './state.ts'
import { hostMemoryWording } from './wording.ts'

/** A host as a mechanism: the loop over a batch. */
export const hostMemoryMechanism: Mechanism<HostMemoryState, RequestOpcode, FactOpcode, HostMemoryRejection> = {
  thaw: keeper.thaw,
  applyBatch: (draft, batch, from, to, emit) => {
    const rejected = applyRows(keeper.own(draft), batch, from, to, emit)
    keeper.advance(draft, (rejected < 0 ? to : rejected) - from)
    return rejected
  },
  seal: keeper.seal,
  explain: (reason, code, id = 0, other = 0, size = 0, address = 0, tag = 0) => explain(reason, code, id, other, size, address, tag),
}

/** A host on which process 0 lives and has touched nothing. @param settings hold whatever the log says of the machine's size */
export function emptyHostMemory(profile: HostMemoryProfile, settings: HostSettings = {}): Sealed<HostMemoryState> {
  const state = new HostMemoryState(profile, settings)
  openHost(state, profile.host)
  begin(state, 0)
  return keeper.sealed(state, 0)
}

type HostMemoryReducer = Reducer<HostMemoryState, RequestOpcode, FactOpcode, HostMemoryRejection, HostMemoryProfile, Request, Fact>

const fold = foldOf(hostMemoryMechanism)

/** A host as a pure function of state and requests. */
export const hostMemoryReducer: HostMemoryReducer = {
  initial: (profile) => emptyHostMemory(profile),
  fold,
  // A request may have a detail, which plain columns do not hold.
  step: stepOf(fold, hostMemoryWording, () => new EventColumns(1)),
}
