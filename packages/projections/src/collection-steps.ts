/** One collection step by step: its search, what it told and ran, and what it cleared. */
import { COLLECTION_REASONS, FACT_OPCODES as COLLECTOR, type CollectionReason, type Trial } from '@reheap/cycle-gc'
import { type EventIndex, type FactBatch, NO_ID } from '@reheap/kernel'
import { FACT_OPCODES as OBJECTS } from '@reheap/refcount'

/** A search, and how many facts came before it. */
export interface WatchedTrial {
  readonly trial: Trial
  readonly behind: number
}

/** Ids are those of the log; null: the runtime made the object for itself. */
export interface CollectionSteps {
  readonly index: EventIndex
  readonly generation: number
  readonly reason: CollectionReason
  /** The search; null: an increment that only marked. */
  readonly search: Trial | null
  /** Weak references that were cleared, with what they led to. */
  readonly weakReferences: readonly { readonly weak: number; readonly object: number }[]
  /** Weak references whose callbacks ran. */
  readonly callbacks: readonly number[]
  readonly finalizers: readonly { readonly object: number; readonly isResurrected: boolean }[]
  /** The second look behind finalizers; null: none ran, or the version looks otherwise. */
  readonly secondLook: Trial | null
  /** Objects that died, in order. */
  readonly died: readonly (number | null)[]
  /** Objects that went into `gc.garbage`. */
  readonly kept: readonly (number | null)[]
  readonly collected: number
  readonly uncollectable: number
  readonly visited: number
}

type Open = { -readonly [K in keyof CollectionSteps]: CollectionSteps[K] extends readonly (infer T)[] ? T[] : CollectionSteps[K] }

const opened = (index: EventIndex, generation: number, reason: CollectionReason): Open => ({
  index,
  generation,
  reason,
  search: null,
  weakReferences: [],
  callbacks: [],
  finalizers: [],
  secondLook: null,
  died: [],
  kept: [],
  collected: 0,
  uncollectable: 0,
  visited: 0,
})

/** Collections of some facts in the order in which they ended. @param trials searches that made them, in order */
export function collectionSteps(facts: FactBatch, trials: readonly WatchedTrial[]): readonly CollectionSteps[] {
  const all: Open[] = []
  /** Collections that run, the innermost last. */
  const running: Open[] = []
  const { code, cause, tag, id, length } = facts
  let next = 0
  const search = (behind: number): void => {
    for (; next < trials.length && (trials[next]?.behind ?? 0) <= behind; next++) {
      const inner = running.at(-1)
      const { trial } = trials[next] as WatchedTrial
      if (inner?.search === null) inner.search = trial
      else if (inner !== undefined) inner.secondLook = trial
    }
  }
  for (let row = 0; row < length; row++) {
    search(row)
    if (code[row] === COLLECTOR.CollectionStarted) {
      const begun = opened(cause[row], tag[row], COLLECTION_REASONS[id[row]] ?? 'request')
      running.push(begun)
      continue
    }
    const inner = running.at(-1)
    if (inner === undefined) continue
    take(inner, facts, row)
    if (code[row] !== COLLECTOR.CollectionFinished) continue
    running.pop()
    all.push(inner)
  }
  return all
}

function take(inner: Open, { code, tag, id, other, size }: FactBatch, row: number): void {
  const object = id[row] === NO_ID ? null : id[row]
  switch (code[row]) {
    case COLLECTOR.CollectionFinished:
      inner.collected = id[row]
      inner.uncollectable = other[row]
      inner.visited = size[row]
      return
    case COLLECTOR.GarbageKept:
      inner.kept.push(object)
      return
    case OBJECTS.WeakReferenceCleared:
      inner.weakReferences.push({ weak: id[row], object: other[row] })
      return
    case OBJECTS.WeakReferenceCalled:
      inner.callbacks.push(id[row])
      return
    case OBJECTS.FinalizerRan:
      inner.finalizers.push({ object: id[row], isResurrected: tag[row] !== 0 })
      return
    case OBJECTS.ObjectDied:
      inner.died.push(object)
  }
}
