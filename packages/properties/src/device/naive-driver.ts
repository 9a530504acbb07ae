/** What the naive model asks of the driver: segments, and pages of those that expand. */
import { mergeAndCache } from './naive-free.ts'
import {
  allBlocks,
  type Block,
  deviceFigures,
  freeBytes,
  isFree,
  MIB,
  type NaiveDevice,
  newBlock,
  type Pool,
  type Segment,
  sum,
  tell,
} from './naive-state.ts'

function segmentBytes(d: NaiveDevice, size: number): number {
  if (size <= MIB) return 2 * MIB
  return size < 10 * MIB ? d.settings.largeSegmentBytes : Math.ceil(size / (2 * MIB)) * 2 * MIB
}

export function askDriver(d: NaiveDevice, from: Pool, stream: number, size: number): Block | null {
  const bytes = segmentBytes(d, size)
  if ((deviceFigures(d).reserved_bytes ?? 0) + bytes > d.limit) return null
  const expands = d.settings.expandableSegments && (from.owner === null || d.profile.expandablePrivatePools)
  if (expands) return expandSegment(d, from, stream, size)
  const rounded = Math.ceil(bytes / (2 * MIB)) * 2 * MIB
  if (rounded > freeBytes(d)) return null
  const taken = d.segments
    .filter(({ isExpandable }) => !isExpandable)
    .map(({ base, bytes }) => [base, Math.ceil(bytes / (2 * MIB)) * 2 * MIB] as const)
  const base = firstGap(taken, 0x7f00_0000_0000, rounded)
  const segment: Segment = { pool: from, stream, isExpandable: false, base, bytes, page: 0, blocks: [] }
  const block = newBlock(segment, base, bytes)
  segment.blocks.push(block)
  d.segments.push(segment)
  if (from.owner) from.owner.mallocs++
  d.counters.deviceAllocs++
  tell(d, 'segment_alloc', base, bytes, stream)
  return block
}

function expandSegment(d: NaiveDevice, from: Pool, stream: number, size: number): Block | null {
  let start = roomFor(d, from, stream, size)
  if (start === null) {
    const page = from.isSmall ? 2 * MIB : d.settings.largeSegmentBytes
    const bytes = Math.ceil((d.capacity + Math.floor(d.capacity / 8)) / page) * page
    const rounded = Math.ceil(bytes / (2 * MIB)) * 2 * MIB
    const base = firstGap(
      d.reserved.map(({ start, bytes }) => [start, bytes] as const),
      0x6000_0000_0000,
      rounded,
    )
    d.reserved.push({ start: base, bytes: rounded })
    const segment: Segment = { pool: from, stream, isExpandable: true, base, bytes, page, blocks: [] }
    start = newBlock(segment, base, bytes, false)
    segment.blocks.push(start)
    d.segments.push(segment)
  }
  let block = start
  if (!block.isMapped && !mapMemory(d, block, Math.min(size, block.size))) return null
  while (block.size < size) {
    const next = block.segment.blocks[block.segment.blocks.indexOf(block) + 1] as Block
    if (!mapMemory(d, next, Math.min(size - block.size, next.size))) return null
    block = next
  }
  if (from.owner) from.owner.mallocs++
  return block
}

/** The lowest unmapped block, or the cached one before it, from which on there is room. */
function roomFor(d: NaiveDevice, from: Pool, stream: number, size: number): Block | null {
  const unmapped = allBlocks(d)
    .filter((block) => block.segment.pool === from && block.segment.stream === stream && !block.isMapped)
    .sort((a, b) => a.address - b.address)
  for (const block of unmapped) {
    const { blocks } = block.segment
    let place = blocks.indexOf(block)
    const before = blocks[place - 1]
    if (before && isFree(before)) place--
    const run = blocks.slice(place)
    const end = run.findIndex((each) => !isFree(each))
    if (sum((end < 0 ? run : run.slice(0, end)).map((each) => each.size)) >= size) return blocks[place] as Block
  }
  return null
}

function mapMemory(d: NaiveDevice, block: Block, size: number): boolean {
  const { segment } = block
  const mapped = Math.ceil(size / segment.page) * segment.page
  const physical = (mapped / segment.page) * Math.ceil(segment.page / (2 * MIB)) * 2 * MIB
  if (physical > freeBytes(d)) return false
  const { address } = block
  if (mapped < block.size) {
    const rest = newBlock(segment, address + mapped, block.size - mapped, false)
    segment.blocks.splice(segment.blocks.indexOf(block) + 1, 0, rest)
    block.size = mapped
  }
  block.isMapped = true
  mergeAndCache(block)
  d.counters.deviceAllocs++
  tell(d, 'segment_map', address, mapped, segment.stream)
  return true
}

export function releaseSegment(d: NaiveDevice, block: Block): void {
  const { segment } = block
  d.segments.splice(d.segments.indexOf(segment), 1)
  if (segment.pool.owner) segment.pool.owner.mallocs--
  d.counters.deviceFrees++
  tell(d, 'segment_free', segment.base, segment.bytes, segment.stream)
}

export function unmapMemory(d: NaiveDevice, block: Block): void {
  const { segment } = block
  const from = segment.base + Math.ceil((block.address - segment.base) / segment.page) * segment.page
  const to = segment.base + Math.floor((block.address + block.size - segment.base) / segment.page) * segment.page
  if (from < to) {
    for (const event of d.queues.get(segment.stream) ?? []) event.done = true
    const { blocks } = segment
    const end = block.address + block.size
    if (block.address < from) blocks.splice(blocks.indexOf(block), 0, newBlock(segment, block.address, from - block.address))
    if (to < end) blocks.splice(blocks.indexOf(block) + 1, 0, newBlock(segment, to, end - to))
    block.address = from
    block.size = to - from
    block.isMapped = false
    mergeAndCache(block)
    const { owner } = segment.pool
    if (owner && owner.mallocs > 0) owner.mallocs--
    d.counters.deviceFrees++
    tell(d, 'segment_unmap', from, to - from, segment.stream)
  }
  if (segment.blocks.length > 1) return
  d.segments.splice(d.segments.indexOf(segment), 1)
  d.reserved = d.reserved.filter(({ start }) => start !== segment.base)
}

/** The lowest address from a base on at which so many bytes are not taken. */
function firstGap(taken: readonly (readonly [start: number, bytes: number])[], base: number, bytes: number): number {
  let address = base
  for (const [start, size] of [...taken].sort(([a], [b]) => a - b)) {
    if (start - address >= bytes) break
    address = start + size
  }
  return address
}
