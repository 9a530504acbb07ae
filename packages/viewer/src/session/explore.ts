/** Answers what {@link ExploreRequests} ask of the open log. */
import { allocationHistory } from './allocation-history.ts'
import { areaOf } from './area.ts'
import { BlockQuestions } from './block-questions.ts'
import { collectionsAt } from './collection-replay.ts'
import { refusalAt, remediesAt, segmentAt } from './device-questions.ts'
import { deviceFacets } from './device-rows.ts'
import type { DeviceSession } from './device-session.ts'
import type { ExploreAnswers, ExploreRequests } from './explore-messages.ts'
import { lineMoments } from './line-moments.ts'
import { searchDevice, searchHeap } from './log-search.ts'
import { ObjectQuestions } from './object-questions.ts'
import { PythonSession } from './python-session.ts'
import { descentOf, deviceDescentOf } from './request-descent.ts'
import { SourceLines } from './source-lines.ts'
import type { Steps } from './steps.ts'

type Handlers<Session> = {
  readonly [K in keyof ExploreRequests]?: (session: Session, value: ExploreRequests[K]) => ExploreAnswers[K] | Steps<ExploreAnswers[K]>
}

/** What either session answers. */
type Shared = PythonSession | DeviceSession
const lines = new WeakMap<Shared, SourceLines>()
const blocks = new WeakMap<PythonSession, BlockQuestions>()
const objects = new WeakMap<PythonSession, ObjectQuestions>()

function objectsIn(session: PythonSession): ObjectQuestions {
  const known = objects.get(session) ?? new ObjectQuestions(session)
  objects.set(session, known)
  return known
}

function linesOf(session: Shared): SourceLines {
  const known = lines.get(session) ?? new SourceLines(session.log, session.stacks)
  lines.set(session, known)
  return known
}

function blocksIn(session: PythonSession): BlockQuestions {
  const known = blocks.get(session) ?? new BlockQuestions(session)
  blocks.set(session, known)
  return known
}

const OF_ANY: Handlers<Shared> = {
  frames: (session, { index }) => linesOf(session).at(index),
  line: (session, { from, direction }) => linesOf(session).step(from, direction),
  history: (session, { device }) => allocationHistory(session, device),
  area: areaOf,
  deviceFacets: (session, { at }) => deviceFacets(session, at),
  segment: segmentAt,
}

const OF_DEVICE: Handlers<DeviceSession> = {
  ...OF_ANY,
  descent: (session, { index }) => deviceDescentOf(session, index),
  search: (session, { at, text }) => searchDevice(session, at, text),
  refusal: (session, { at }) => refusalAt(session, at),
  remedies: (session, { at }) => remediesAt(session, at),
}

const OF_PYTHON: Handlers<PythonSession> = {
  ...OF_ANY,
  descent: (session, { index }) => descentOf(session, index),
  search: (session, { at, text }) => searchHeap(session, at, text),
  facets: (session, { at, by }) => blocksIn(session).facets(at, by),
  pool: (session, { at, address, bytes }) => blocksIn(session).pool(at, address, bytes),
  types: (session, { at, since }) => objectsIn(session).types(at, since),
  reasons: (session, { at }) => objectsIn(session).reasons(at),
  objects: (session, { at, type, heldBy }) => objectsIn(session).list(at, type, heldBy),
  object: (session, { at, object }) => objectsIn(session).object(at, object),
  lineMoments: (session, { events }) => lineMoments(session, events),
  collection: (session, { index }) => collectionsAt(session, index),
}

/** @throws Error where the log cannot answer it */
export function explored(session: Shared, kind: keyof ExploreRequests, value: never): unknown {
  const handler = session instanceof PythonSession ? OF_PYTHON[kind] : OF_DEVICE[kind]
  if (handler === undefined) throw new Error(`this log has no data for that view (${kind}); choose another one`)
  return (handler as (session: Shared, value: never) => unknown)(session, value)
}
