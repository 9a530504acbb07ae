import { type Batch, EventColumns, type Mechanism, type Reducer, reducerOf, type Sealed } from '@reheap/kernel'
import { right } from 'fp-ts/lib/Either.js'
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

const { initial, fold } = reducerOf(
  hostMemoryMechanism,
  // Rows of a single request are written below: the size of a machine needs a row with a detail.
  { write: () => {}, read: hostMemoryWording.read },
  (profile: HostMemoryProfile) => emptyHostMemory(profile),
)

/** A host as a pure function of state and requests. */
export const hostMemoryReducer: HostMemoryReducer = {
  initial,
  fold,
  step: (state, request) => {
    const rows = new EventColumns(1, state.at)
    hostMemoryWording.write(request, rows)
    const folded = fold(state, rows as Batch<RequestOpcode>)
    if (folded._tag === 'Left') return folded
    const { emitted } = folded.right
    return right({
      state: folded.right.state,
      emitted: Array.from({ length: emitted.length }, (_, row) => hostMemoryWording.read(emitted, row)),
    })
  },
}
