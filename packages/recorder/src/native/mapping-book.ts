/** The mappings that the log knows by an id: those that the program asked for, and those that a sample found. */
import { TouchedPages } from './touched-pages.ts'

/** A mapping, or the part of one that is left. */
export interface KnownMapping {
  readonly id: number
  /** Where the mapping of this id began. */
  readonly base: number
  /** Found by a sample: nobody was seen to ask for it. */
  readonly isFound: boolean
  readonly pages: TouchedPages
}

export class MappingBook {
  #mappings: KnownMapping[] = []
  #next = 1

  open(start: number, end: number, isFound: boolean): KnownMapping {
    const mapping = { id: this.#next++, base: start, isFound, pages: new TouchedPages(start, end) }
    this.#mappings.push(mapping)
    return mapping
  }

  /** A mapping has another place or size and keeps its id. */
  moved(id: number, start: number, end: number): KnownMapping {
    const mapping = { id, base: start, isFound: false, pages: new TouchedPages(start, end) }
    this.#mappings.push(mapping)
    return mapping
  }

  all(): readonly KnownMapping[] {
    return this.#mappings
  }

  /** The mapping that holds an address. */
  at(address: number): KnownMapping | undefined {
    return this.#mappings.find(({ pages }) => pages.start <= address && address < pages.end)
  }

  forget(mapping: KnownMapping): void {
    this.#mappings = this.#mappings.filter((other) => other !== mapping)
  }

  /** A range is no longer mapped. @returns the parts of mappings that lay in it */
  close(start: number, end: number): readonly { readonly id: number; readonly from: number; readonly bytes: number }[] {
    const closed: { id: number; from: number; bytes: number }[] = []
    const left: KnownMapping[] = []
    for (const mapping of this.#mappings) {
      const { pages, base, id } = mapping
      if (pages.end <= start || pages.start >= end) {
        left.push(mapping)
        continue
      }
      const [low, high] = [Math.max(start, pages.start), Math.min(end, pages.end)]
      closed.push({ id, from: low - base, bytes: high - low })
      if (pages.start < low) left.push({ ...mapping, pages: new TouchedPages(pages.start, low) })
      if (high < pages.end) left.push({ ...mapping, pages: new TouchedPages(high, pages.end) })
    }
    this.#mappings = left
    return closed
  }
}
