/** What the naive model gives back to the driver, and when. */
import { releaseSegment, unmapMemory } from './naive-driver.ts'
import { completeFree, insertEvents, processEvents } from './naive-free.ts'
import { type Block, cachedBlocks, deviceFigures, type NaiveDevice, type Pool, sum } from './naive-state.ts'

/** Thrown where a version has a fault. */
export const ASSERTION = Symbol('assertion')

export function releaseCached(d: NaiveDevice, releasesAll: boolean): void {
  if (releasesAll) {
    d.counters.syncs++
    const deferred = d.deferred.splice(0)
    for (const block of deferred) {
      insertEvents(d, block, false)
      if (block.events === 0) completeFree(d, block)
    }
    for (const queue of d.queues.values()) for (const event of queue) event.done = true
    processEvents(d)
    releasePool(d, d.large)
    releasePool(d, d.small)
  }
  for (const owner of [...d.privates]) {
    if (owner.uses > 0) continue
    releasePool(d, owner.small)
    releasePool(d, owner.large)
    const isEmpty = !d.segments.some(({ pool: from }) => from.owner === owner)
    if (owner.mallocs <= 0 && isEmpty) d.privates.splice(d.privates.indexOf(owner), 1)
  }
}

function releasePool(d: NaiveDevice, from: Pool): void {
  const cached = cachedBlocks(d, from)
  for (const block of cached) if (!block.segment.isExpandable && block.segment.blocks.length === 1) releaseSegment(d, block)
  for (const block of cached) if (block.segment.isExpandable) unmapMemory(d, block)
}

export function collectGarbage(d: NaiveDevice): void {
  const threshold = Math.floor(d.settings.gcThreshold * d.limit)
  const target = (deviceFigures(d).reserved_bytes ?? 0) - threshold
  const age = (block: Block): number => d.large.searches - block.searches
  let left = cachedBlocks(d, d.large).filter(({ segment }) => !segment.isExpandable && segment.blocks.length === 1)
  let reclaimed = 0
  while (target > 0 && reclaimed < target && left.length > 0) {
    const mean = sum(left.map(age)) / left.length
    const old = left.filter((block) => age(block) >= mean)
    left = left.filter((block) => age(block) < mean)
    for (const block of old) {
      reclaimed += block.size
      releaseSegment(d, block)
    }
  }
}

export function releaseAvailable(d: NaiveDevice, from: Pool, stream: number, size: number): boolean {
  const least = d.settings.maxSplitBytes
  if (least === Number.POSITIVE_INFINITY) return false
  const isWhole = ({ segment }: Block): boolean => !segment.isExpandable && segment.blocks.length === 1
  const wanted = Math.max(size, least)
  const cached = cachedBlocks(d, from, stream)
  const place = cached.findIndex((block) => block.size >= wanted)
  const fit = cached[place]
  const check = (block: Block): void => {
    if (block.segment.isExpandable && !d.profile.keepsExpandableOversize) throw ASSERTION
  }
  if (fit) check(fit)
  if (fit && isWhole(fit)) {
    releaseSegment(d, fit)
    return true
  }
  const smaller = (place < 0 ? cached : cached.slice(0, place)).filter((block) => block.size >= least).reverse()
  let released = 0
  for (const block of smaller) {
    if (released >= wanted) break
    check(block)
    if (!isWhole(block)) continue
    released += block.size
    releaseSegment(d, block)
  }
  return released >= wanted
}
