/** Blocks that pymalloc passes on to the C library: size 0, above 512 bytes, or no arena to be had. */
import { grown } from '@reheap/kernel'
import type { AllocatorState } from './state.ts'

/** Enters a block of the C library. @returns its handle for the block table */
export function addClibBlock(s: AllocatorState, bytes: number, address: number): number {
  const row = s.clibFreeCount > 0 ? s.clibFreeRows[--s.clibFreeCount] : s.clibRows++
  if (row === s.clibBytes.length) {
    s.clibBytes = grown(s.clibBytes, row + 1)
    s.clibAddress = grown(s.clibAddress, row + 1)
    s.clibFreeRows = grown(s.clibFreeRows, row + 1)
  }
  s.clibBytes[row] = bytes
  s.clibAddress[row] = address
  return ~row
}

/** Takes out a block of the C library, given its row. */
export function removeClibBlock(s: AllocatorState, row: number): void {
  s.clibFreeRows[s.clibFreeCount++] = row
}
