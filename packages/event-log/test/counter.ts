import { createKeeper, type Mechanism, type Sealed } from '@reheap/kernel'
import { VOCABULARY } from './logs.ts'

/** How many events of each opcode there were, and a sum that depends on their order. */
interface Count {
  readonly events: Float64Array
  readonly trace: Float64Array
}

const keeper = createKeeper<Count>(({ events, trace }) => ({ events: events.slice(), trace: trace.slice() }))

/** The id whose `Take` is rejected. */
export const FORBIDDEN = 4_000_000_000

/** A mechanism to test replays with: counts events, answers each `Give` with a fact, rejects one `Take`. */
export const counter: Mechanism<Count, number, number, string> = {
  thaw: keeper.thaw,
  applyBatch: (draft, batch, from, to, emit) => {
    const { events, trace } = keeper.own(draft)
    for (let row = from; row < to; row++) {
      const code = batch.code[row] ?? 0
      const id = batch.id[row] ?? 0
      if (code === VOCABULARY.Take && id === FORBIDDEN) {
        emit.reason = 1
        keeper.advance(draft, row - from)
        return row
      }
      events[code] = (events[code] ?? 0) + 1
      trace[0] = ((trace[0] ?? 0) * 31 + id + code) % 1_000_003
      if (code === VOCABULARY.Give) emit.push(1, batch.firstIndex + row, 0, id, 0, 0, 0)
    }
    keeper.advance(draft, to - from)
    return -1
  },
  seal: keeper.seal,
  explain: (_reason, _code, id) => `block ${id} is forbidden`,
}

export const emptyCount: Sealed<Count> = keeper.sealed({ events: new Float64Array(256), trace: new Float64Array(1) }, 0)

/** A state as a value to compare. */
export function figures(sealed: Sealed<Count>) {
  const { events, trace } = keeper.read(sealed)
  return { at: sealed.at, events: [...events.subarray(0, 8)], trace: trace[0] }
}
