/** A driver that answers as a recording of a real one says. */

import type { Driver } from './driver.ts'
import type { Action } from './events.ts'

/** What the real driver was seen to do: a fact of the recording, in the order in which the facts stand. */
export interface DriverAnswer {
  readonly action: Extract<Action, 'segment_alloc' | 'segment_free' | 'segment_map' | 'segment_unmap' | 'oom'>
  readonly device: number
  /** Of an `oom`: the free bytes of the device. */
  readonly address: number
  readonly bytes: number
}

/** Answers are offered just before the request that caused them. */
export interface RecordedDriver extends Driver {
  offer(answer: DriverAnswer): void
  /** Answers that no request asked for are dropped. @returns how many */
  settle(): number
}

/** Base of an expandable segment of which no page was seen: it is never mapped. */
const UNSEEN_BASE = 0x6000_0000_0000

/**
 * The next answer decides: memory is refused unless it says that memory was given, of the same size. Where a segment's
 * address space begins is not recorded: it begins at the first page that is mapped into it.
 */
export function recordedDriver(offered: readonly DriverAnswer[] = []): RecordedDriver {
  const queue = [...offered]
  const takes = (action: DriverAnswer['action'], device: number, fits: (answer: DriverAnswer) => boolean): DriverAnswer | null => {
    const next = queue[0]
    if (next === undefined || next.action !== action || next.device !== device || !fits(next)) return null
    queue.shift()
    return next
  }
  return {
    clone: () => recordedDriver(queue),
    offer: (answer) => {
      queue.push(answer)
    },
    settle: () => queue.splice(0).length,
    open: () => {},
    malloc: (device, bytes) => takes('segment_alloc', device, (answer) => answer.bytes === bytes)?.address ?? -1,
    free: (device, address) => {
      takes('segment_free', device, (answer) => answer.address === address)
    },
    reserve: () => (queue[0]?.action === 'segment_map' ? queue[0].address : UNSEEN_BASE),
    unreserve: () => {},
    adopt: () => {},
    adoptReserved: () => {},
    adoptPages: () => {},
    map: (device, address, bytes) =>
      takes('segment_map', device, (answer) => answer.address === address && answer.bytes === bytes) !== null,
    unmap: (device, address) => {
      takes('segment_unmap', device, (answer) => answer.address === address)
    },
    freeBytes: (device) => takes('oom', device, () => true)?.address ?? 0,
  }
}
