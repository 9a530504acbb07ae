import { NO_ID } from '@reheap/kernel'
import type { SegmentRecord, Snapshot } from './snapshot.ts'
import { pairOf } from './snapshot-tree.ts'

const NO_POOL = '0,0'

/** Dense numbers of private pools, and which one is begun on each device. */
export class PoolNumbers {
  readonly #snapshot: Snapshot
  readonly #numbers = new Map<string, number>()
  readonly #begun: number[] = []
  /** Segments of private pools at the end, by device and address. */
  readonly #segments: readonly SegmentRecord[]

  constructor(snapshot: Snapshot) {
    this.#snapshot = snapshot
    this.#segments = snapshot.segments.filter(({ pool }) => pool !== NO_POOL)
  }

  /** The number of a pool; {@link NO_ID}: it is the device's own. */
  number(pool: string): number {
    if (pool === NO_POOL) return NO_ID
    const known = this.#numbers.get(pool) ?? this.#numbers.size + 1
    this.#numbers.set(pool, known)
    return known
  }

  /** Begins and ends pools so that a request for memory comes from its own. */
  choose(device: number, entry: number, tell: (pool: number, isBegun: boolean) => void): void {
    const begun = this.#begun[device] ?? NO_ID
    const wanted = this.#poolOf(device, entry)
    if (begun === wanted) return
    if (begun !== NO_ID) tell(begun, false)
    if (wanted !== NO_ID) tell(wanted, true)
    this.#begun[device] = wanted
  }

  /** Ends every pool that is begun. */
  close(tell: (pool: number, device: number) => void): void {
    for (const [device, pool] of this.#begun.entries()) if (pool !== undefined && pool !== NO_ID) tell(pool, device)
    this.#begun.length = 0
  }

  /** The pool that the entry names, else that of the segment at the end in which its memory lies. */
  #poolOf(device: number, entry: number): number {
    const { records } = this.#snapshot
    const named = records.entries.pool.of(entry)
    if (named !== NO_ID) return this.number(pairOf(records, named))
    if (this.#segments.length === 0) return NO_ID
    const around = this.#segmentAt(device, records.entries.address[entry])
    return around === undefined ? NO_ID : this.number(around.pool)
  }

  #segmentAt(device: number, address: number): SegmentRecord | undefined {
    let low = 0
    let high = this.#segments.length
    while (low < high) {
      const middle = (low + high) >> 1
      const segment = this.#segments[middle] as SegmentRecord
      if (segment.device < device || (segment.device === device && segment.address <= address)) low = middle + 1
      else high = middle
    }
    const last = this.#segments[low - 1]
    return last?.device === device && address < last.address + last.bytes ? last : undefined
  }
}
