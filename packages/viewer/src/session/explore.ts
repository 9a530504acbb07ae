/** Answers what {@link ExploreRequests} ask of the open log. */
import { collectionsAt } from './collection-replay.ts'
import type { DeviceSession } from './device-session.ts'
import type { ExploreAnswers, ExploreRequests } from './explore-messages.ts'
import { ObjectQuestions } from './object-questions.ts'
import { PythonSession } from './python-session.ts'

type Handlers<Session> = {
  readonly [K in keyof ExploreRequests]?: (session: Session, value: ExploreRequests[K]) => ExploreAnswers[K]
}

const objects = new WeakMap<PythonSession, ObjectQuestions>()

function objectsIn(session: PythonSession): ObjectQuestions {
  const known = objects.get(session) ?? new ObjectQuestions(session)
  objects.set(session, known)
  return known
}

const OF_PYTHON: Handlers<PythonSession> = {
  types: (session, { at, since }) => objectsIn(session).types(at, since),
  objects: (session, { at, type, heldBy }) => objectsIn(session).list(at, type, heldBy),
  object: (session, { at, object }) => objectsIn(session).object(at, object),
  collection: (session, { index }) => collectionsAt(session, index),
}

/** @throws Error where the log cannot answer it */
export function explored(session: PythonSession | DeviceSession, kind: keyof ExploreRequests, value: never): unknown {
  const answer = session instanceof PythonSession ? OF_PYTHON[kind]?.(session, value) : undefined
  if (answer === undefined) throw new Error(`this log cannot answer what was asked: ${kind}`)
  return answer
}
