/**
 * What the C library's heap asks of the operating system, and answers in numbers: nothing is allocated.
 *
 * Addresses and sizes in bytes; sizes and addresses of mappings are whole pages.
 */
export interface SystemCalls {
  /** `sbrk(delta)`. @returns where the end of the heap was before, or -1: refused */
  moveBreak(delta: number): number
  /** The end of the heap now. */
  currentBreak(): number
  /** An anonymous private mapping. @param alignment of its address, 4096 unless a heap of a thread is wanted. @returns its address, or -1 */
  map(bytes: number, alignment: number): number
  unmap(address: number, bytes: number): void
  /** `mremap` that may move. @returns the new address, or -1 */
  remap(address: number, bytes: number, newBytes: number): number
  /** `madvise(MADV_DONTNEED)`. */
  release(address: number, bytes: number): void
  /** The bytes are written: their pages are resident from now on. */
  touch(address: number, bytes: number): void
}
