/** What few objects have: weak references to them or of them, a finalizer. */
import { grown, NO_ID } from '@reheap/kernel'
import { NONE, type RefcountState } from './state.ts'

/** Annex of an object, made if need be. */
export function annexOf(s: RefcountState, row: number): number {
  if (s.annex[row] !== NONE) return s.annex[row]
  let annex = s.unusedAnnex
  if (annex !== NONE) s.unusedAnnex = s.weakNext[annex]
  else {
    annex = s.annexes++
    if (annex === s.weakHead.length) growAnnexes(s)
  }
  s.weakHead[annex] = NONE
  s.weakTarget[annex] = NONE
  s.weakObject[annex] = NO_ID
  s.weakNext[annex] = NONE
  s.weakPrev[annex] = NONE
  s.resurrectsInto[annex] = NO_ID
  s.finalizerCode[annex] = NO_ID
  s.callbackCode[annex] = NO_ID
  s.dropsFrom[annex] = NO_ID
  s.annex[row] = annex
  return annex
}

function growAnnexes(s: RefcountState): void {
  const annexes = s.weakHead.length * 2
  s.weakHead = grown(s.weakHead, annexes)
  s.weakTarget = grown(s.weakTarget, annexes)
  s.weakObject = grown(s.weakObject, annexes)
  s.weakNext = grown(s.weakNext, annexes)
  s.weakPrev = grown(s.weakPrev, annexes)
  s.resurrectsInto = grown(s.resurrectsInto, annexes)
  s.finalizerCode = grown(s.finalizerCode, annexes)
  s.callbackCode = grown(s.callbackCode, annexes)
  s.dropsFrom = grown(s.dropsFrom, annexes)
}

export function giveAnnex(s: RefcountState, row: number): void {
  const annex = s.annex[row]
  s.weakNext[annex] = s.unusedAnnex
  s.unusedAnnex = annex
  s.annex[row] = NONE
}
