/** What a part of the open log changed: replayed from the nearest state that is kept, in steps. */
import { sliceEvents } from '@reheap/kernel'
import { deviceStretch, HeapSummarizer, heapStretch } from '@reheap/machine'
import type { DeviceSession } from './device-session.ts'
import type { AreaAnswer, ExploreRequests } from './explore-messages.ts'
import { profileOfLog } from './log-profile.ts'
import { PART } from './messages.ts'
import { PythonSession } from './python-session.ts'
import { must } from './refusals.ts'
import type { Steps } from './steps.ts'

/** @throws Error for a part that the log does not have */
export function areaOf(session: PythonSession | DeviceSession, { from, to }: ExploreRequests['area']): Steps<AreaAnswer> {
  if (!(0 <= from && from <= to && to <= session.log.length)) throw new RangeError(`no part from ${from} to ${to}`)
  return session instanceof PythonSession ? heapArea(session, from, to) : deviceArea(session, from, to)
}

function* heapArea(session: PythonSession, from: number, to: number): Steps<AreaAnswer> {
  const { log, names } = session
  const recorded = must(profileOfLog(log))
  const summarizer = new HeapSummarizer(log.name, { recorded, names, from: { state: session.stateAt(from), at: from } })
  const before = summarizer.begin()
  for (let at = from; at < to; at += PART) {
    yield
    const end = Math.min(to, at + PART)
    for (const batch of log.batches.within(at, end)) {
      const first = Math.max(0, at - batch.firstIndex)
      summarizer.feed(sliceEvents(batch, first, Math.min(batch.length, end - batch.firstIndex)))
    }
  }
  return { layer: 'python', difference: heapStretch(before, summarizer.summary()) }
}

function* deviceArea(session: DeviceSession, from: number, to: number): Steps<AreaAnswer> {
  const summarizer = session.summarizerAt(from)
  const before = summarizer.begin()
  for (let at = from; at < to; at += PART) {
    yield
    summarizer.run(Math.min(to, at + PART))
  }
  const after = summarizer.summary()
  return { layer: 'device', difference: deviceStretch(before, after), costs: [before.cost, after.cost] }
}
