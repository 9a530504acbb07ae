/** Blocks: their rows, and how they merge with their neighbours. */
import { NO_ID } from '@reheap/kernel'
import { removeFree } from './free-list.ts'
import { ALLOCATED, type DeviceMemoryState, growBlocks, IN_USE, NONE, UNMAPPED } from './state.ts'

/** A block with no neighbours, in no list. @source `Block::Block` */
export function newBlock(s: DeviceMemoryState, list: number, address: number, size: number): number {
  let block = s.blockUnused
  if (block === NONE) {
    block = s.blockRows
    if (block === s.blockLink.length) growBlocks(s)
    s.blockRows = block + 1
  } else s.blockUnused = s.blockLink[block]
  s.blockAddress[block] = address
  s.blockSize[block] = size
  s.blockRequested[block] = 0
  s.blockList[block] = list
  s.blockPrev[block] = NONE
  s.blockNext[block] = NONE
  s.blockFlags[block] = 0
  s.blockSegment[block] = NONE
  s.blockEvents[block] = 0
  s.blockUses[block] = NONE
  s.blockId[block] = NO_ID
  s.poolBlocks[s.listPool[list]]++
  return block
}

/** The row of a block that is no more. */
export function dropBlock(s: DeviceMemoryState, block: number): void {
  s.poolBlocks[s.listPool[s.blockList[block]]]--
  s.blockList[block] = NONE
  s.blockLink[block] = s.blockUnused
  s.blockUnused = block
}

/** Is the block cached or unmapped: neither handed out nor pending? */
export function isFree(s: DeviceMemoryState, block: number): boolean {
  return (s.blockFlags[block] & (ALLOCATED | IN_USE)) === 0
}

/** Is the block a part of a segment that has others? */
export function isSplit(s: DeviceMemoryState, block: number): boolean {
  return s.blockPrev[block] !== NONE || s.blockNext[block] !== NONE
}

/** Puts a block between two neighbours. @source `Block::splice` */
export function splice(s: DeviceMemoryState, block: number, before: number, after: number): void {
  s.blockPrev[block] = before
  s.blockNext[block] = after
  if (before !== NONE) s.blockNext[before] = block
  if (after !== NONE) s.blockPrev[after] = block
}

/** Merges a neighbour into a block if both are mapped or both are not and the neighbour is free. @source `try_merge_blocks` */
export function mergeInto(s: DeviceMemoryState, block: number, neighbour: number): void {
  if (neighbour === NONE || !isFree(s, neighbour) || ((s.blockFlags[neighbour] ^ s.blockFlags[block]) & UNMAPPED) !== 0) return
  if ((s.blockFlags[neighbour] & UNMAPPED) === 0) removeFree(s, neighbour)
  else removeUnmapped(s, neighbour)
  join(s, block, neighbour)
}

/** Is there a neighbour that is cached? */
export const isCached = (s: DeviceMemoryState, neighbour: number): boolean => neighbour !== NONE && s.blockFlags[neighbour] === 0

/** Makes a neighbour, which is in no list any more, a part of a block. */
export function join(s: DeviceMemoryState, block: number, neighbour: number): void {
  if (s.blockPrev[block] === neighbour) {
    const before = s.blockPrev[neighbour]
    s.blockAddress[block] = s.blockAddress[neighbour]
    s.blockPrev[block] = before
    if (before !== NONE) s.blockNext[before] = block
  } else {
    const after = s.blockNext[neighbour]
    s.blockNext[block] = after
    if (after !== NONE) s.blockPrev[after] = block
  }
  s.blockSize[block] += s.blockSize[neighbour]
  dropBlock(s, neighbour)
}

/** Enters an unmapped block in its list, by address. */
export function insertUnmapped(s: DeviceMemoryState, block: number): void {
  const list = s.blockList[block]
  let before = NONE
  let after = s.listUnmapped[list]
  while (after !== NONE && s.blockAddress[after] < s.blockAddress[block]) {
    before = after
    after = s.blockLink[after]
  }
  s.blockLink[block] = after
  if (before === NONE) s.listUnmapped[list] = block
  else s.blockLink[before] = block
}

/** Takes an unmapped block out of its list. */
export function removeUnmapped(s: DeviceMemoryState, block: number): void {
  const list = s.blockList[block]
  let before = NONE
  let at = s.listUnmapped[list]
  while (at !== block) {
    before = at
    at = s.blockLink[at]
  }
  if (before === NONE) s.listUnmapped[list] = s.blockLink[block]
  else s.blockLink[before] = s.blockLink[block]
}
