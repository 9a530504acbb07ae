/** Every allocation of a device as a rectangle: from where to where in memory, from when to when. */
import { REQUEST_OPCODES } from '@reheap/device-memory'
import { NO_ID } from '@reheap/kernel'
import { AllocationSpans } from '@reheap/projections'
import type { AllocationHistory } from './device-messages.ts'
import { ownersOf } from './device-rows.ts'
import type { DeviceSession } from './device-session.ts'
import type { PythonSession } from './python-session.ts'
import type { Steps } from './steps.ts'

/** Rows that tell of blocks which were there before the log begins. */
function restoredBy({ batches }: DeviceSession['log']): ReadonlyMap<number, number> {
  const rows = new Map<number, number>()
  for (const { code, id, length, firstIndex } of batches)
    for (let row = 0; row < length; row++) if (code[row] === REQUEST_OPCODES.RestoreBlock) rows.set(id[row] ?? NO_ID, firstIndex + row)
  return rows
}

/** The rectangles of a device, in the order in which they begin or, of what was there before, end. */
export function* allocationHistory(session: DeviceSession | PythonSession, device: number): Steps<AllocationHistory> {
  const spans = new AllocationSpans()
  yield* session.facts((facts) => spans.feed(facts))
  spans.end(session.devicesAt(session.log.length))
  const restored = restoredBy(session.log)
  const own = spans.all.filter((each) => each.device === device)
  const told = own.map(({ born, block }) => (Number.isNaN(born) ? (restored.get(block) ?? -1) : born))
  return {
    address: Float64Array.from(own, ({ address }) => address),
    bytes: Float64Array.from(own, ({ bytes }) => bytes),
    born: Float64Array.from(own, ({ born }) => (Number.isNaN(born) ? -1 : born)),
    died: Float64Array.from(own, ({ died }) => died),
    stream: Float64Array.from(own, ({ stream }) => stream),
    told: Float64Array.from(told),
    ...ownersOf(
      session,
      own.map(({ bytes }, place) => ({ requestedBytes: bytes, stack: session.stackOf(told[place] ?? -1) ?? NO_ID })),
    ),
  }
}
