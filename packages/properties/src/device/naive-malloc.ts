/** How the naive model answers a malloc: a cached block, or memory of the driver. */
import { askDriver } from './naive-driver.ts'
import { processEvents } from './naive-free.ts'
import { ASSERTION, collectGarbage, releaseAvailable, releaseCached } from './naive-release.ts'
import { type Block, cachedBlocks, freeBytes, MIB, type NaiveDevice, newBlock, type Pool, tell } from './naive-state.ts'

const collects = ({ limit, settings }: NaiveDevice): boolean => limit !== Number.POSITIVE_INFINITY && settings.gcThreshold > 0

export function mallocBlock(d: NaiveDevice, id: number, stream: number, bytes: number): void {
  if (d.captures.length === 0) processEvents(d)
  const size = roundedBytes(d, bytes)
  const from = poolFor(d, size, stream)
  if (collects(d)) from.searches++
  let block: Block | null
  try {
    block = bestFit(d, from, stream, size) ?? makeRoom(d, from, stream, size)
  } catch (error) {
    if (error !== ASSERTION) throw error
    d.live.set(id, null)
    tell(d, 'AssertionRaised', 0, 0, 0)
    return
  }
  if (block === null) {
    d.live.set(id, null)
    d.counters.ooms++
    tell(d, 'oom', freeBytes(d), size, stream)
    return
  }
  handOut(d, block, size, bytes, id)
}

function roundedBytes(d: NaiveDevice, bytes: number): number {
  if (bytes < 512) return 512
  const interval = Math.max(0, Math.min(15, Math.floor(Math.log2(bytes)) - 20))
  const divisions = d.settings.divisions[interval] ?? 0
  if (divisions > 1 && bytes > 512 * divisions) {
    const step = 2 ** Math.floor(Math.log2(bytes)) / divisions
    return Math.ceil(bytes / step) * step
  }
  return Math.ceil(bytes / 512) * 512
}

function poolFor(d: NaiveDevice, size: number, stream: number): Pool {
  const captures = d.profile.poolMatch === 'last' ? [...d.captures].reverse() : d.captures
  const owner = captures.find((capture) => capture.stream === null || capture.stream === stream)?.owner
  return size <= MIB ? (owner?.small ?? d.small) : (owner?.large ?? d.large)
}

function bestFit(d: NaiveDevice, from: Pool, stream: number, size: number): Block | null {
  const { expandableSegments, maxSplitBytes, nonSplitRoundingBytes } = d.settings
  let fits = cachedBlocks(d, from, stream).filter((block) => block.size >= size)
  if (fits[0]?.segment.isExpandable && !expandableSegments) fits = fits.filter(({ segment }) => !segment.isExpandable)
  const grows = (block: Block): number => {
    const next = block.segment.blocks[block.segment.blocks.indexOf(block) + 1]
    return block.size + (next && !next.isMapped ? next.size : 0)
  }
  let place = 0
  if (expandableSegments)
    while (fits[place + 1] && fits[place]?.segment.isExpandable && grows(fits[place + 1] as Block) < grows(fits[place] as Block)) place++
  const best = fits[place]
  if (best === undefined) return null
  const isOversize = best.size >= maxSplitBytes
  if (size < maxSplitBytes ? isOversize : best.size >= size + nonSplitRoundingBytes) return null
  return best
}

function makeRoom(d: NaiveDevice, from: Pool, stream: number, size: number): Block | null {
  if (collects(d)) collectGarbage(d)
  const first = askDriver(d, from, stream, size)
  if (first !== null) return first
  if (releaseAvailable(d, from, stream, size)) {
    const second = askDriver(d, from, stream, size)
    if (second !== null) return second
  }
  const isQuiet = d.captures.length === 0
  if (!isQuiet && !(d.profile.releasesBesidePools && d.captures.every((capture) => capture.stream === null))) return null
  releaseCached(d, true)
  d.counters.retries++
  return askDriver(d, from, stream, size)
}

function handOut(d: NaiveDevice, found: Block, size: number, bytes: number, id: number): void {
  const { blocks, pool: from } = found.segment
  const rest = found.size - size
  const { expandableSegments, maxSplitBytes } = d.settings
  const splits = from.isSmall || expandableSegments ? rest >= 512 : size < maxSplitBytes && rest > MIB
  let block = found
  if (splits) {
    block = newBlock(found.segment, found.address, size)
    blocks.splice(blocks.indexOf(found), 0, block)
    found.address += size
    found.size = rest
    found.searches = from.searches
  }
  block.isAllocated = true
  block.requested = bytes
  d.live.set(id, block)
  tell(d, 'alloc', block.address, bytes, found.segment.stream)
}
