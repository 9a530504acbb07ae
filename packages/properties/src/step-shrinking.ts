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
  let kept = steps
  let tried = 0
  let piece = Math.ceil(kept.length / 2)
  while (piece > 0) {
    let isShorter = false
    for (let from = kept.length - piece; from > -piece && tried < CANDIDATES_MAX; from -= piece) {
      const start = Math.max(0, from)
      const candidate = [...kept.slice(0, start), ...kept.slice(from + piece)]
      tried++
      if (candidate.length === kept.length || !fails(candidate)) continue
      kept = candidate
      isShorter = true
    }
    if (tried >= CANDIDATES_MAX) break
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
