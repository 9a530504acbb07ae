/** Frames of calls as objects, up to 3.10. @source `_PyFrame_New_NoTrack` and `frame_dealloc` of frameobject.c */
import { enterId, handleOfId, NO_ID, removeId } from '@reheap/kernel'
import { gain, putAside, type RefcountState } from './state.ts'

const KEPT = 1
/** Their bytes depend on the code, which the log does not tell. */
const UNKNOWN_BYTES = 0

/** A function is called: its frame is the one that its code keeps, one of the free list, or a new one. A collection may run. */
export function takeFrame(s: RefcountState, code: number): void {
  if (!s.profile.callsMakeFrames || code === NO_ID) return
  if (handleOfId(s.keptFrames, code) === KEPT) {
    removeId(s.keptFrames, code)
    return
  }
  if (s.listedFrames > 0) {
    s.listedFrames--
    s.frameHits++
    return
  }
  s.frameMisses++
  if (s.tracking !== null) s.tracking.allocated(UNKNOWN_BYTES)
}

/** The call has ended and nobody else holds its frame. */
export function giveFrame(s: RefcountState, code: number): void {
  if (!s.profile.callsMakeFrames || code === NO_ID) return
  if (handleOfId(s.keptFrames, code) !== KEPT) {
    enterId(s.keptFrames, code, KEPT)
    return
  }
  if (s.listedFrames < s.profile.framesMax) s.listedFrames++
  else if (s.tracking !== null) s.tracking.freed()
}

/**
 * A finalizer or a callback has ended. Where deaths are as deep as the trashcan lets them be, its frame is put aside,
 * and with it what it was called with: an object under its finalizer lives on until then.
 */
export function endCall(s: RefcountState, code: number, argument: number): void {
  if (s.profile.callsMakeFrames && s.nesting >= s.rules.nestingMax) {
    gain(s, argument)
    putAside(s, ~argument, code)
  } else giveFrame(s, code)
}
