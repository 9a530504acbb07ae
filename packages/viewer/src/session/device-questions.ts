/** Why a device's memory is as it is: what `reheap explain --json` prints for the same event. */
import { ownerOf, type RefusalReport, type Remedies, refusalReport, remediesOf, type SegmentReport, segmentReport } from '@reheap/machine'
import { liveBlocksIn } from './device-rows.ts'
import type { DeviceSession } from './device-session.ts'
import type { ExploreRequests } from './explore-messages.ts'
import type { PythonSession } from './python-session.ts'
import type { Steps } from './steps.ts'

/** The segment that holds an address, block by block. @returns null: none holds it */
export function segmentAt(session: DeviceSession | PythonSession, { at, ...place }: ExploreRequests['segment']): SegmentReport | null {
  const state = session.devicesAt(at)
  return segmentReport(state, place, liveBlocksIn(session.log, state, at), ownerOf(session.stacks))
}

/** The request before the cursor, if it was refused. @returns null: it was not */
export function refusalAt(session: DeviceSession, at: number): RefusalReport | null {
  const place = placeOf(session, at)
  if (place < 0) return null
  const state = session.replayAt(at).end()
  return refusalReport(session.rows, session.options.profile, session.refusals.all, place, state)
}

/** What would have made it fit. */
export function* remediesAt(session: DeviceSession, at: number): Steps<Remedies | null> {
  const found = refusalAt(session, at)
  if (found === null) return null
  const search = remediesOf(session.rows.parts(), session.options, found.refusal.index, found.capacityBytes)
  let step = search.next()
  for (; step.done !== true; step = search.next()) yield
  return step.value
}

const placeOf = ({ refusals }: DeviceSession, at: number): number => refusals.all.findIndex(({ index }) => index === at - 1)
