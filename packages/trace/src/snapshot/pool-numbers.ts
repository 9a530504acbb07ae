import { NO_ID } from '@reheap/kernel'
import type { SegmentRecord, Snapshot } from './snapshot.ts'

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
    const { entries, containers } = this.#snapshot.records
    const named = entries.pool[entry]
    if (named !== NO_ID) {
      const parts: number[] = []
      containers.forEach(named, (_kind, num) => parts.push(num))
      return this.number(parts.join())
    }
    if (this.#segments.length === 0) return NO_ID
    const address = entries.address[entry]
    const around = this.#segments.find(
      (segment) => segment.device === device && segment.address <= address && address < segment.address + segment.bytes,
    )
    return around === undefined ? NO_ID : this.number(around.pool)
  }
}
