/** Facts as rows. */
import { type Emit, NO_ID } from '@reheap/kernel'
import type { FactOpcode } from './events.ts'
import type { DeviceMemoryState } from './state.ts'

export type Facts = Emit<FactOpcode>

/** A fact about memory of a list's device and stream. */
export function segmentFact(
  s: DeviceMemoryState,
  emit: Facts,
  cause: number,
  code: FactOpcode,
  list: number,
  bytes: number,
  address: number,
): void {
  if (emit.muted) return
  emit.push(code, cause, s.poolDevice[s.listPool[list]], NO_ID, s.listStream[list], bytes, address)
}

/** A fact about a block as it is. */
export function blockFact(s: DeviceMemoryState, emit: Facts, cause: number, code: FactOpcode, block: number): void {
  if (emit.muted) return
  const list = s.blockList[block]
  emit.push(
    code,
    cause,
    s.poolDevice[s.listPool[list]],
    s.blockId[block],
    s.listStream[list],
    s.blockRequested[block],
    s.blockAddress[block],
  )
}
