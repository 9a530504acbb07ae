/** Address space in which the lowest gap that is large enough is taken. */
export class AddressSpace {
  readonly #base: number
  /** Taken ranges in ascending order, none touching the next. */
  readonly #starts: number[]
  readonly #ends: number[]

  constructor(base: number, starts: readonly number[] = [], ends: readonly number[] = []) {
    this.#base = base
    this.#starts = [...starts]
    this.#ends = [...ends]
  }

  clone(): AddressSpace {
    return new AddressSpace(this.#base, this.#starts, this.#ends)
  }

  take(bytes: number): number {
    const starts = this.#starts
    const ends = this.#ends
    let address = this.#base
    let place = 0
    while (place < starts.length && (starts[place] as number) - address < bytes) address = ends[place++] as number
    this.#enter(place, address, bytes)
    return address
  }

  /** Takes a range that is known to be free. */
  occupy(address: number, bytes: number): void {
    this.#enter(this.#holding(address), address, bytes)
  }

  #enter(place: number, address: number, bytes: number): void {
    const starts = this.#starts
    const ends = this.#ends
    const end = address + bytes
    const touchesBefore = place > 0 && ends[place - 1] === address
    const touchesAfter = starts[place] === end
    if (touchesBefore && touchesAfter) {
      starts.splice(place, 1)
      ends.splice(place - 1, 1)
    } else if (touchesBefore) ends[place - 1] = end
    else if (touchesAfter) starts[place] = address
    else {
      starts.splice(place, 0, address)
      ends.splice(place, 0, end)
    }
  }

  give(address: number, bytes: number): void {
    const end = address + bytes
    const place = this.#holding(address)
    const isFirst = this.#starts[place] === address
    const isLast = this.#ends[place] === end
    if (isFirst && isLast) {
      this.#starts.splice(place, 1)
      this.#ends.splice(place, 1)
    } else if (isFirst) this.#starts[place] = end
    else if (isLast) this.#ends[place] = address
    else {
      this.#starts.splice(place + 1, 0, end)
      this.#ends.splice(place, 0, address)
    }
  }

  /** Place of the range that an address lies in. */
  #holding(address: number): number {
    let low = 0
    let high = this.#ends.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#ends[middle] as number) <= address) low = middle + 1
      else high = middle
    }
    return low
  }
}
