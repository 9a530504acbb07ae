/** Frames of calls as objects, up to 3.10. @source `_PyFrame_New_NoTrack` and `frame_dealloc` of frameobject.c */
import { handleOfId, NO_HANDLE, NO_ID, openId } from '@reheap/kernel'
import type { RefcountState } from './state.ts'

const KEPT = 1
/** Their bytes depend on the code, which the log does not tell. */
const UNKNOWN_BYTES = 0

/** A function is called: its frame is the one that its code keeps, one of the free list, or a new one. A collection may run. */
export function takeFrame(s: RefcountState, code: number): void {
  const { frames } = s.profile
  if (frames === 'none' || code === NO_ID) return
  if (frames === 'keptByCode' && handleOfId(s.keptFrames, code) === KEPT) {
    s.keptFrames.handle[openId(s.keptFrames, code)] = NO_HANDLE
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
  const { frames, framesMax } = s.profile
  if (frames === 'none' || code === NO_ID) return
  if (frames === 'keptByCode' && handleOfId(s.keptFrames, code) !== KEPT) {
    s.keptFrames.handle[openId(s.keptFrames, code)] = KEPT
    return
  }
  if (s.listedFrames < framesMax) s.listedFrames++
  else if (s.tracking !== null) s.tracking.freed()
}
