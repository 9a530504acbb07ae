/** Which pages of a stretch of memory the log has told to be in RAM. */
import { ABSENT, OWN, PAGE_BYTES, READ_OR_FORKED } from './process-files.ts'

/** A run of pages that came or went, in bytes from the start of the stretch. */
export interface PageRun {
  readonly from: number
  readonly bytes: number
  /** What they are now: ABSENT, SHOWN, OWN. */
  readonly state: number
}

export class TouchedPages {
  readonly start: number
  readonly end: number
  readonly #present: Uint8Array

  /** @unit bytes; the first and the last page may be only in part the stretch's */
  constructor(start: number, end: number) {
    this.start = start
    this.end = end
    this.#present = new Uint8Array(Math.ceil(end / PAGE_BYTES) - Math.floor(start / PAGE_BYTES))
  }

  /** Takes what is in RAM now. @param present the state of each page @returns what has changed, in order */
  changed(present: Uint8Array): readonly PageRun[] {
    const runs: PageRun[] = []
    const known = this.#present
    for (let page = 0; page < known.length; ) {
      const state = stateNow(known[page] ?? ABSENT, present[page] ?? ABSENT)
      if (state === known[page]) {
        page++
        continue
      }
      const first = page
      do known[page++] = state
      while (page < known.length && known[page] !== state && stateNow(known[page] ?? ABSENT, present[page] ?? ABSENT) === state)
      runs.push(this.#run(first, page, state))
    }
    return runs
  }

  /** Pages of a block are in RAM. @param from in bytes from the start */
  note(from: number, bytes: number): void {
    const base = Math.floor(this.start / PAGE_BYTES)
    const first = Math.floor((this.start + from) / PAGE_BYTES) - base
    this.#present.fill(OWN, first, Math.ceil((this.start + from + bytes) / PAGE_BYTES) - base)
  }

  #run(first: number, last: number, state: number): PageRun {
    const base = Math.floor(this.start / PAGE_BYTES)
    const from = Math.max(0, (base + first) * PAGE_BYTES - this.start)
    return { from, bytes: Math.min(this.end, (base + last) * PAGE_BYTES) - this.start - from, state }
  }
}

/** Before a process forks it is looked at: what is its own then was known to be. */
const stateNow = (known: number, present: number): number => (present !== READ_OR_FORKED ? present : known === OWN ? OWN : ABSENT)
