/** How blocks come back in the naive model: at once, or when every stream that uses them is done. */
import { type Block, isFree, type NaiveDevice, tell } from './naive-state.ts'

export function freeBlock(d: NaiveDevice, id: number): void {
  const block = d.live.get(id)
  d.live.delete(id)
  if (!block) return
  block.isAllocated = false
  tell(d, 'free_requested', block.address, block.requested, block.segment.stream)
  if (block.uses.size === 0) completeFree(d, block)
  else if (d.captures.length > 0) d.deferred.push(block)
  else insertEvents(d, block, true)
}

export function completeFree(d: NaiveDevice, block: Block): void {
  tell(d, 'free_completed', block.address, block.requested, block.segment.stream)
  mergeAndCache(block)
}

export function mergeAndCache(block: Block): void {
  const { blocks } = block.segment
  const merges = (other: Block | undefined): other is Block => other !== undefined && isFree(other) && other.isMapped === block.isMapped
  const before = blocks[blocks.indexOf(block) - 1]
  if (merges(before)) {
    block.address = before.address
    block.size += before.size
    blocks.splice(blocks.indexOf(before), 1)
  }
  const after = blocks[blocks.indexOf(block) + 1]
  if (merges(after)) {
    block.size += after.size
    blocks.splice(blocks.indexOf(after), 1)
  }
  block.searches = block.segment.pool.searches
}

export function insertEvents(d: NaiveDevice, block: Block, keepsCaptured: boolean): void {
  const streams = [...block.uses].filter(([, isCaptured]) => keepsCaptured || !isCaptured)
  block.uses.clear()
  for (const [stream] of streams) {
    const queue = d.queues.get(stream) ?? []
    d.queues.set(stream, queue)
    queue.push({ block, done: false })
    block.events++
  }
}

export function processEvents(d: NaiveDevice): void {
  for (const block of d.deferred.splice(0)) {
    insertEvents(d, block, false)
    if (block.events === 0) completeFree(d, block)
  }
  for (const queue of d.queues.values()) {
    while (queue[0]?.done) {
      const { block } = queue.shift() as { readonly block: Block }
      block.events--
      if (block.events === 0) completeFree(d, block)
    }
  }
}
