/** Shrinking by requests: what a generator's own shrinking leaves is made of deeds, and one deed may be many requests. */
import type { Sealed } from '@reheap/kernel'
import type { Program, Subject } from './subject.ts'

/** Candidates that are tried at most: each one runs the law once. */
const CANDIDATES_MAX = 1500

/**
 * Fewest steps of which taking away any piece makes the failure go: pieces of half the list, of a quarter, down to one
 * (Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", 2002).
 *
 * @param fails is a shorter list a failure too?
 */
export function fewestSteps<Step>(steps: readonly Step[], fails: (steps: readonly Step[]) => boolean): readonly Step[] {
  const shorter = shorterLists(steps)
  let asked = shorter.next()
  while (asked.done !== true) asked = shorter.next(fails(asked.value))
  return asked.value
}

/** {@link fewestSteps} where the answer comes later. */
export async function fewestStepsLater<Step>(
  steps: readonly Step[],
  fails: (steps: readonly Step[]) => Promise<boolean>,
): Promise<readonly Step[]> {
  const shorter = shorterLists(steps)
  let asked = shorter.next()
  while (asked.done !== true) asked = shorter.next(await fails(asked.value))
  return asked.value
}

/** Asks of shorter lists whether they fail, and returns the shortest that does. */
function* shorterLists<Step>(steps: readonly Step[]): Generator<readonly Step[], readonly Step[], boolean> {
  let kept = steps
  let tried = 0
  let piece = Math.ceil(kept.length / 2)
  while (piece > 0 && tried < CANDIDATES_MAX) {
    let isShorter = false
    for (let from = kept.length - piece; from > -piece && tried < CANDIDATES_MAX; from -= piece) {
      const candidate = [...kept.slice(0, Math.max(0, from)), ...kept.slice(from + piece)]
      tried++
      if (!(yield candidate)) continue
      kept = candidate
      isShorter = true
    }
    // At one step at a time it goes on until nothing more goes.
    piece = piece > 1 ? Math.floor(piece / 2) : isShorter ? 1 : 0
  }
  return kept
}

/**
 * Can every request of a program happen, as the naive model says? Where the model and the mechanism first differ the
 * rest is beyond judgement, and the program counts as possible.
 */
export function isPossible<S, Setting, Request, Fact>(
  subject: Subject<S, Setting, Request, Fact>,
  { setting, requests }: Program<Setting, Request>,
): boolean {
  const model = subject.model(setting)
  let state: Sealed<S> = subject.initial(setting)
  for (const request of requests) {
    try {
      const stepped = subject.reducer.step(state, request)
      const expected = model.step(request, stepped._tag === 'Right' ? stepped.right.emitted : [])
      if (expected._tag === 'Left') return false
      if (stepped._tag === 'Left') return true
      state = stepped.right.state
    } catch {
      return true
    }
  }
  return true
}
