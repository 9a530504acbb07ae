/** One event replayed with its collections watched. */
import type { Trial } from '@reheap/cycle-gc'
import { Emit } from '@reheap/kernel'
import { listenToSearches, machineMechanism, objectsOf } from '@reheap/machine'
import { collectionSteps, type WatchedTrial } from '@reheap/projections'
import { objectGraph } from '@reheap/refcount'
import type { CollectionAnswer, SearchedObject } from './explore-messages.ts'
import type { PythonSession } from './python-session.ts'

const HELD = 0
const REACHED = 1
const UNREACHABLE = 2

/** The collections that ran at an event, step by step. */
export function collectionsAt(session: PythonSession, index: number): readonly CollectionAnswer[] {
  const event = session.log.batches.event(index)
  if (event === null) return []
  const before = session.stateAt(index)
  const draft = machineMechanism.thaw(before)
  const emit = new Emit()
  const trials: WatchedTrial[] = []
  listenToSearches(draft, (trial) => trials.push({ trial, behind: emit.facts.length }))
  machineMechanism.applyBatch(draft, event, 0, 1, emit)
  const named = namer(session, index)
  return collectionSteps(emit.facts, trials).map(({ search, secondLook, died, ...steps }) => ({
    ...steps,
    search: search && searched(search, named),
    secondLook: secondLook && searched(secondLook, named),
    died: died.map((object) => ({ object, type: named(object) })),
  }))
}

/** Types of objects by their id; what was made by the event itself is not known before it. */
function namer(session: PythonSession, index: number): (object: number | null) => string {
  const types = new Map<number, string>()
  for (const at of [index, index + 1]) {
    const graph = objectGraph(objectsOf(session.stateAt(at)))
    for (let row = 0; row < graph.rows; row++) {
      const type = graph.typeOf(row)
      if (type !== null && graph.isLive(row)) types.set(graph.object[row], session.names.typeName(type))
    }
  }
  return (object) => (object === null ? session.names.typeName(null) : (types.get(object) ?? ''))
}

function searched({ objects, counts, held, isReachable }: Trial, named: (object: number | null) => string): readonly SearchedObject[] {
  return objects.map((object, place) => ({
    object,
    type: named(object),
    count: counts[place] ?? 0,
    held: held[place] ?? 0,
    fate: isReachable[place] === 0 ? UNREACHABLE : (held[place] ?? 0) > 0 ? HELD : REACHED,
  }))
}
