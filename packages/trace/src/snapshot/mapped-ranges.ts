import type { SegmentRecord } from './snapshot.ts'

type Range = Omit<SegmentRecord, 'blocks'>

/** Mapped ranges of expandable segments, by address, none touching another of its stream and pool. */
export class MappedRanges {
  #ranges: Range[] = []

  all(): readonly Range[] {
    return this.#ranges
  }

  /** Adds a range. What is known of a neighbour that it touches holds for it too. @returns whether it was free */
  add(range: Range): boolean {
    const place = this.#placeOf(range.address)
    const end = range.address + range.bytes
    const before = this.#ranges[place - 1]
    const after = this.#ranges[place]
    if (before !== undefined && before.address + before.bytes > range.address) return false
    if (after !== undefined && after.address < end) return false
    const joinsBefore = before !== undefined && before.address + before.bytes === range.address && before.stream === range.stream
    const joinsAfter = after !== undefined && after.address === end && after.stream === range.stream
    const known = joinsBefore ? before : joinsAfter ? after : range
    const address = joinsBefore ? before.address : range.address
    const bytes = (joinsAfter ? after.address + after.bytes : end) - address
    this.#ranges.splice(place - (joinsBefore ? 1 : 0), (joinsBefore ? 1 : 0) + (joinsAfter ? 1 : 0), { ...known, address, bytes })
    return true
  }

  /** Takes pages out. @returns whether they were mapped */
  remove(address: number, bytes: number): boolean {
    const place = this.#placeOf(address + 1) - 1
    const around = this.#ranges[place]
    const end = address + bytes
    if (around === undefined || around.address > address || around.address + around.bytes < end) return false
    const rest: Range[] = []
    if (around.address < address) rest.push({ ...around, bytes: address - around.address })
    if (around.address + around.bytes > end) rest.push({ ...around, address: end, bytes: around.address + around.bytes - end })
    this.#ranges.splice(place, 1, ...rest)
    return true
  }

  /** Place of the first range that begins at or behind an address. */
  #placeOf(address: number): number {
    let low = 0
    let high = this.#ranges.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#ranges[middle].address < address) low = middle + 1
      else high = middle
    }
    return low
  }
}
