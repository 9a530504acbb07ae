import type { Tally } from './tally.ts'

/** Why a program stopped being recorded before it ended. */
export type StopReason = 'readerGone' | 'byReader' | 'tooManyHeaps' | 'tooManyBlocks'

const STOPPED: Record<StopReason, string> = {
  readerGone: 'the program lost the recorder and went on unrecorded',
  byReader: 'the recorder gave up and the program went on unrecorded',
  tooManyBlocks: 'recording ended at the 4,294,967,294th block: a log has no ids beyond',
  tooManyHeaps: 'recording ended at the 1024th interpreter with a heap of its own, or the 65,536th in all',
}

const many = (count: number, thing: string): string => `${count} ${thing}${count === 1 ? '' : thing.endsWith('s') ? 'es' : 's'}`

/**
 * What keeps a recording from being the whole truth, a line each; none for a complete one.
 *
 * @param forks processes that were to be recorded too, and could not
 */
export function findings({ unknownFrees, lostFrees, bypassedArenas }: Tally, stopped: StopReason | null, forks = 0): readonly string[] {
  const found: string[] = []
  if (bypassedArenas > 0)
    found.push(
      `${many(bypassedArenas, 'arena')} mapped for requests that were not seen: the program replaced the allocator (-X dev, PYTHONMALLOC, an extension)`,
    )
  if (unknownFrees > 0) found.push(`${many(unknownFrees, 'request')} named a block that no recorded request had given: left out of the log`)
  if (lostFrees > 0) found.push(`${many(lostFrees, 'address')} given again without a recorded free: the older block stays live in the log`)
  if (forks > 0)
    found.push(
      `${many(forks, 'forked process')} went on as the same program and ${forks === 1 ? 'has' : 'have'} no log: only processes that are started anew have one (multiprocessing: set_start_method('spawn'))`,
    )
  if (stopped !== null) found.push(STOPPED[stopped])
  return found
}
