/** Heaps that the C library has for threads, beside `[heap]`: ranges of an aligned 64 MiB, of which it uses the beginning. */
import type { MapsLine } from './process-files.ts'
import type { Range } from './ranges.ts'

/** @source glibc `HEAP_MAX_SIZE`, with 64-bit pointers */
const WINDOW_BYTES = 2 ** 26
const MEMORY = 'rw-p'

export class ThreadHeaps {
  /** Ranges of that size and alignment in which a block lay. */
  readonly #windows = new Set<number>()
  #last = -1

  /** A block lies in the C library's heap, or in a thread's. */
  note(address: number): void {
    const window = Math.floor(address / WINDOW_BYTES)
    if (window === this.#last) return
    this.#last = window
    this.#windows.add(window)
  }

  /** What is in use of such heaps, of a process with these maps. */
  *areas(maps: readonly MapsLine[]): Iterable<Range> {
    for (const { start, end, permissions, name } of maps)
      if (name === '' && permissions === MEMORY && start % WINDOW_BYTES === 0 && this.#windows.has(start / WINDOW_BYTES))
        yield { start, end: Math.min(end, start + WINDOW_BYTES) }
  }
}
