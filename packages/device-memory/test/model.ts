/**
 * The caching allocator, obviously right: one device, every list sorted anew, every figure counted anew.
 *
 * It follows `facts` of PyTorch's behaviour and shares no code with the package but settings and profile.
 */
import type { DeviceMemoryProfile, Request, Settings } from '../src/index.ts'
import { changeSettings, defaultSettings } from '../src/index.ts'

const MIB = 1024 * 1024

interface Pool {
  readonly isSmall: boolean
  readonly owner: Private | null
  searches: number
}
interface Private {
  readonly id: number
  readonly small: Pool
  readonly large: Pool
  uses: number
  mallocs: number
}
interface Segment {
  readonly pool: Pool
  readonly stream: number
  readonly isExpandable: boolean
  readonly base: number
  readonly bytes: number
  readonly page: number
  /** In the order of addresses. */
  readonly blocks: Block[]
}
interface Block {
  readonly segment: Segment
  address: number
  size: number
  requested: number
  isAllocated: boolean
  isMapped: boolean
  /** Streams that use it; true: since a pool was begun. */
  readonly uses: Map<number, boolean>
  events: number
  searches: number
  id: number
}

/** A fact in short: its action, address, bytes, stream and block. */
export type ModelFact = readonly [action: string, address: number, bytes: number, stream: number]

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0)
const isFree = (block: Block): boolean => !block.isAllocated && block.events === 0 && block.uses.size === 0
const pool = (isSmall: boolean, owner: Private | null = null): Pool => ({ isSmall, owner, searches: 0 })

/** Thrown where a version has a fault. */
const ASSERTION = Symbol('assertion')

export class Model {
  readonly #profile: DeviceMemoryProfile
  #settings: Settings
  #facts: ModelFact[] = []
  #segments: Segment[] = []
  #reserved: { start: number; bytes: number }[] = []
  #small = pool(true)
  #large = pool(false)
  #privates: Private[] = []
  #captures: { readonly owner: Private; readonly stream: number | null }[] = []
  #queues = new Map<number, { readonly block: Block; done: boolean }[]>()
  #deferred: Block[] = []
  #live = new Map<number, Block | null>()
  #capacity = 0
  #context = 0
  #limit = Number.POSITIVE_INFINITY
  readonly counters = { retries: 0, ooms: 0, syncs: 0, deviceAllocs: 0, deviceFrees: 0 }

  constructor(profile: DeviceMemoryProfile) {
    this.#profile = profile
    this.#settings = defaultSettings(profile)
  }

  get liveIds(): readonly number[] {
    return [...this.#live.keys()]
  }

  /** Facts of a request. */
  apply(request: Request): readonly ModelFact[] {
    this.#facts = []
    switch (request.kind) {
      case 'DeviceOpened':
        this.#capacity = request.capacityBytes
        this.#context = request.contextBytes
        break
      case 'DeviceMalloc':
        this.#malloc(request.block, request.stream, request.bytes)
        break
      case 'DeviceFree':
        this.#free(request.block)
        break
      case 'RecordStream': {
        const block = this.#live.get(request.block)
        if (block && request.stream !== block.segment.stream)
          block.uses.set(request.stream, (block.uses.get(request.stream) ?? false) || this.#captures.length > 0)
        break
      }
      case 'CompleteStreamEvents':
        for (const [stream, queue] of this.#queues)
          if (request.stream === null || request.stream === stream) for (const event of queue) event.done = true
        break
      case 'EmptyCache':
        this.#releaseCached(this.#captures.length === 0)
        break
      case 'Configure': {
        const { settings, fault } = changeSettings(this.#settings, request.settings, this.#profile)
        this.#settings = settings
        if (fault !== null) this.#fact('SettingsRefused', 0, 0, 0)
        break
      }
      case 'SetMemoryFraction':
        this.#limit =
          request.fraction < 1 || this.#profile.fullFractionLimits
            ? Math.floor(request.fraction * this.#capacity)
            : Number.POSITIVE_INFINITY
        break
      case 'BeginPool':
        this.#begin(request.pool, request.stream)
        break
      case 'EndPool':
        this.#captures = this.#captures.filter(({ owner }) => owner.id !== request.pool)
        break
      case 'ReleasePool': {
        const owner = this.#privates.find(({ id }) => id === request.pool)
        if (owner) owner.uses--
        break
      }
    }
    return this.#facts
  }

  /** Current figures, counted anew. */
  figures(): Readonly<Record<string, number>> {
    const mapped = this.#blocks().filter(({ isMapped }) => isMapped)
    const allocated = mapped.filter(({ isAllocated }) => isAllocated)
    const active = mapped.filter((block) => !isFree(block))
    const split = mapped.filter((block) => isFree(block) && !block.segment.isExpandable && block.segment.blocks.length > 1)
    const bytes = (blocks: readonly Block[]): number => sum(blocks.map(({ size }) => size))
    return {
      allocation: allocated.length,
      segment: this.#segments.filter(({ isExpandable }) => !isExpandable).length,
      active: active.length,
      inactive_split: split.length,
      allocated_bytes: bytes(allocated),
      reserved_bytes: bytes(mapped),
      active_bytes: bytes(active),
      inactive_split_bytes: bytes(split),
      requested_bytes: sum(active.map(({ requested }) => requested)),
    }
  }

  #blocks(): Block[] {
    return this.#segments.flatMap(({ blocks }) => blocks)
  }

  #fact(action: string, address: number, bytes: number, stream: number): void {
    this.#facts.push([action, address, bytes, stream])
  }

  #rounded(bytes: number): number {
    if (bytes < 512) return 512
    const interval = Math.max(0, Math.min(15, Math.floor(Math.log2(bytes)) - 20))
    const divisions = this.#settings.divisions[interval] ?? 0
    if (divisions > 1 && bytes > 512 * divisions) {
      const step = 2 ** Math.floor(Math.log2(bytes)) / divisions
      return Math.ceil(bytes / step) * step
    }
    return Math.ceil(bytes / 512) * 512
  }

  #segmentBytes(size: number): number {
    if (size <= MIB) return 2 * MIB
    return size < 10 * MIB ? this.#settings.largeSegmentBytes : Math.ceil(size / (2 * MIB)) * 2 * MIB
  }

  #poolFor(size: number, stream: number): Pool {
    const captures = this.#profile.poolMatch === 'last' ? [...this.#captures].reverse() : this.#captures
    const owner = captures.find((capture) => capture.stream === null || capture.stream === stream)?.owner
    return size <= MIB ? (owner?.small ?? this.#small) : (owner?.large ?? this.#large)
  }

  /** Cached blocks in order. */
  #cached(wanted: Pool, stream: number | null = null): Block[] {
    return this.#blocks()
      .filter(
        (block) => block.segment.pool === wanted && block.isMapped && isFree(block) && (stream === null || block.segment.stream === stream),
      )
      .sort((a, b) => a.segment.stream - b.segment.stream || a.size - b.size || a.address - b.address)
  }

  get #collects(): boolean {
    return this.#limit !== Number.POSITIVE_INFINITY && this.#settings.gcThreshold > 0
  }

  #malloc(id: number, stream: number, bytes: number): void {
    if (this.#captures.length === 0) this.#processEvents()
    const size = this.#rounded(bytes)
    const from = this.#poolFor(size, stream)
    if (this.#collects) from.searches++
    let block: Block | null
    try {
      block = this.#bestFit(from, stream, size) ?? this.#makeRoom(from, stream, size)
    } catch (error) {
      if (error !== ASSERTION) throw error
      this.#live.set(id, null)
      this.#fact('AssertionRaised', 0, 0, 0)
      return
    }
    if (block === null) {
      this.#live.set(id, null)
      this.counters.ooms++
      this.#fact('oom', this.#freeBytes(), size, stream)
      return
    }
    this.#handOut(block, size, bytes, id)
  }

  #bestFit(from: Pool, stream: number, size: number): Block | null {
    const { expandableSegments, maxSplitBytes, nonSplitRoundingBytes } = this.#settings
    let fits = this.#cached(from, stream).filter((block) => block.size >= size)
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

  #makeRoom(from: Pool, stream: number, size: number): Block | null {
    if (this.#collects) this.#collectGarbage()
    const first = this.#askDriver(from, stream, size)
    if (first !== null) return first
    if (this.#releaseAvailable(from, stream, size)) {
      const second = this.#askDriver(from, stream, size)
      if (second !== null) return second
    }
    const isQuiet = this.#captures.length === 0
    if (!isQuiet && !(this.#profile.releasesBesidePools && this.#captures.every((capture) => capture.stream === null))) return null
    this.#releaseCached(true)
    this.counters.retries++
    return this.#askDriver(from, stream, size)
  }

  #askDriver(from: Pool, stream: number, size: number): Block | null {
    const bytes = this.#segmentBytes(size)
    if ((this.figures().reserved_bytes ?? 0) + bytes > this.#limit) return null
    const expands = this.#settings.expandableSegments && (from.owner === null || this.#profile.expandablePrivatePools)
    if (expands) return this.#expand(from, stream, size)
    const rounded = Math.ceil(bytes / (2 * MIB)) * 2 * MIB
    if (rounded > this.#freeBytes()) return null
    const taken = this.#segments
      .filter(({ isExpandable }) => !isExpandable)
      .map(({ base, bytes }) => [base, Math.ceil(bytes / (2 * MIB)) * 2 * MIB] as const)
    const base = firstGap(taken, 0x7f00_0000_0000, rounded)
    const segment: Segment = { pool: from, stream, isExpandable: false, base, bytes, page: 0, blocks: [] }
    const block = this.#block(segment, base, bytes)
    segment.blocks.push(block)
    this.#segments.push(segment)
    if (from.owner) from.owner.mallocs++
    this.counters.deviceAllocs++
    this.#fact('segment_alloc', base, bytes, stream)
    return block
  }

  #block(segment: Segment, address: number, size: number, isMapped = true): Block {
    return {
      segment,
      address,
      size,
      requested: 0,
      isAllocated: false,
      isMapped,
      uses: new Map(),
      events: 0,
      searches: segment.pool.searches,
      id: -1,
    }
  }

  #freeBytes(): number {
    const round = (bytes: number): number => Math.ceil(bytes / (2 * MIB)) * 2 * MIB
    const used = this.#segments.map((segment) => {
      if (!segment.isExpandable) return round(segment.bytes)
      const mapped = sum(segment.blocks.filter(({ isMapped }) => isMapped).map(({ size }) => size))
      return (mapped / segment.page) * round(segment.page)
    })
    return this.#capacity - this.#context - sum(used)
  }

  #expand(from: Pool, stream: number, size: number): Block | null {
    let start = this.#room(from, stream, size)
    if (start === null) {
      const page = from.isSmall ? 2 * MIB : this.#settings.largeSegmentBytes
      const bytes = Math.ceil((this.#capacity + Math.floor(this.#capacity / 8)) / page) * page
      const rounded = Math.ceil(bytes / (2 * MIB)) * 2 * MIB
      const base = firstGap(
        this.#reserved.map(({ start, bytes }) => [start, bytes] as const),
        0x6000_0000_0000,
        rounded,
      )
      this.#reserved.push({ start: base, bytes: rounded })
      const segment: Segment = { pool: from, stream, isExpandable: true, base, bytes, page, blocks: [] }
      start = this.#block(segment, base, bytes, false)
      segment.blocks.push(start)
      this.#segments.push(segment)
    }
    let block = start
    if (!block.isMapped && !this.#map(block, Math.min(size, block.size))) return null
    while (block.size < size) {
      const next = block.segment.blocks[block.segment.blocks.indexOf(block) + 1] as Block
      if (!this.#map(next, Math.min(size - block.size, next.size))) return null
      block = next
    }
    if (from.owner) from.owner.mallocs++
    return block
  }

  /** The lowest unmapped block, or the cached one before it, from which on there is room. */
  #room(from: Pool, stream: number, size: number): Block | null {
    const unmapped = this.#blocks()
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

  #map(block: Block, size: number): boolean {
    const { segment } = block
    const mapped = Math.ceil(size / segment.page) * segment.page
    const physical = (mapped / segment.page) * Math.ceil(segment.page / (2 * MIB)) * 2 * MIB
    if (physical > this.#freeBytes()) return false
    const { address } = block
    if (mapped < block.size) {
      const rest = this.#block(segment, address + mapped, block.size - mapped, false)
      segment.blocks.splice(segment.blocks.indexOf(block) + 1, 0, rest)
      block.size = mapped
    }
    block.isMapped = true
    this.#mergeAndCache(block)
    this.counters.deviceAllocs++
    this.#fact('segment_map', address, mapped, segment.stream)
    return true
  }

  #mergeAndCache(block: Block): void {
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

  #handOut(found: Block, size: number, bytes: number, id: number): void {
    const { blocks, pool: from } = found.segment
    const rest = found.size - size
    const { expandableSegments, maxSplitBytes } = this.#settings
    const splits = from.isSmall || expandableSegments ? rest >= 512 : size < maxSplitBytes && rest > MIB
    let block = found
    if (splits) {
      block = this.#block(found.segment, found.address, size)
      blocks.splice(blocks.indexOf(found), 0, block)
      found.address += size
      found.size = rest
      found.searches = from.searches
    }
    block.isAllocated = true
    block.requested = bytes
    block.id = id
    this.#live.set(id, block)
    this.#fact('alloc', block.address, bytes, found.segment.stream)
  }

  #free(id: number): void {
    const block = this.#live.get(id)
    this.#live.delete(id)
    if (!block) return
    block.isAllocated = false
    this.#fact('free_requested', block.address, block.requested, block.segment.stream)
    if (block.uses.size === 0) this.#complete(block)
    else if (this.#captures.length > 0) this.#deferred.push(block)
    else this.#insertEvents(block, true)
  }

  #complete(block: Block): void {
    this.#fact('free_completed', block.address, block.requested, block.segment.stream)
    this.#mergeAndCache(block)
  }

  #insertEvents(block: Block, keepsCaptured: boolean): void {
    const streams = [...block.uses].filter(([, isCaptured]) => keepsCaptured || !isCaptured)
    block.uses.clear()
    for (const [stream] of streams) {
      const queue = this.#queues.get(stream) ?? []
      this.#queues.set(stream, queue)
      queue.push({ block, done: false })
      block.events++
    }
  }

  #processEvents(): void {
    for (const block of this.#deferred.splice(0)) {
      this.#insertEvents(block, false)
      if (block.events === 0) this.#complete(block)
    }
    for (const queue of this.#queues.values()) {
      while (queue[0]?.done) {
        const { block } = queue.shift() as { readonly block: Block }
        block.events--
        if (block.events === 0) this.#complete(block)
      }
    }
  }

  #releaseCached(releasesAll: boolean): void {
    if (releasesAll) {
      this.counters.syncs++
      const deferred = this.#deferred.splice(0)
      for (const block of deferred) {
        this.#insertEvents(block, false)
        if (block.events === 0) this.#complete(block)
      }
      for (const queue of this.#queues.values()) for (const event of queue) event.done = true
      this.#processEvents()
      this.#releasePool(this.#large)
      this.#releasePool(this.#small)
    }
    for (const owner of [...this.#privates]) {
      if (owner.uses > 0) continue
      this.#releasePool(owner.small)
      this.#releasePool(owner.large)
      const isEmpty = !this.#segments.some(({ pool: from }) => from.owner === owner)
      if (owner.mallocs <= 0 && isEmpty) this.#privates.splice(this.#privates.indexOf(owner), 1)
    }
  }

  #releasePool(from: Pool): void {
    const cached = this.#cached(from)
    for (const block of cached) if (!block.segment.isExpandable && block.segment.blocks.length === 1) this.#releaseSegment(block)
    for (const block of cached) if (block.segment.isExpandable) this.#unmap(block)
  }

  #releaseSegment(block: Block): void {
    const { segment } = block
    this.#segments.splice(this.#segments.indexOf(segment), 1)
    if (segment.pool.owner) segment.pool.owner.mallocs--
    this.counters.deviceFrees++
    this.#fact('segment_free', segment.base, segment.bytes, segment.stream)
  }

  #unmap(block: Block): void {
    const { segment } = block
    const from = segment.base + Math.ceil((block.address - segment.base) / segment.page) * segment.page
    const to = segment.base + Math.floor((block.address + block.size - segment.base) / segment.page) * segment.page
    if (from < to) {
      for (const event of this.#queues.get(segment.stream) ?? []) event.done = true
      const { blocks } = segment
      const end = block.address + block.size
      if (block.address < from) blocks.splice(blocks.indexOf(block), 0, this.#block(segment, block.address, from - block.address))
      if (to < end) blocks.splice(blocks.indexOf(block) + 1, 0, this.#block(segment, to, end - to))
      block.address = from
      block.size = to - from
      block.isMapped = false
      this.#mergeAndCache(block)
      const { owner } = segment.pool
      if (owner && owner.mallocs > 0) owner.mallocs--
      this.counters.deviceFrees++
      this.#fact('segment_unmap', from, to - from, segment.stream)
    }
    if (segment.blocks.length > 1) return
    this.#segments.splice(this.#segments.indexOf(segment), 1)
    this.#reserved = this.#reserved.filter(({ start }) => start !== segment.base)
  }

  #collectGarbage(): void {
    const threshold = Math.floor(this.#settings.gcThreshold * this.#limit)
    const target = (this.figures().reserved_bytes ?? 0) - threshold
    const age = (block: Block): number => this.#large.searches - block.searches
    let left = this.#cached(this.#large).filter(({ segment }) => !segment.isExpandable && segment.blocks.length === 1)
    let reclaimed = 0
    while (target > 0 && reclaimed < target && left.length > 0) {
      const mean = sum(left.map(age)) / left.length
      const old = left.filter((block) => age(block) >= mean)
      left = left.filter((block) => age(block) < mean)
      for (const block of old) {
        reclaimed += block.size
        this.#releaseSegment(block)
      }
    }
  }

  #releaseAvailable(from: Pool, stream: number, size: number): boolean {
    const least = this.#settings.maxSplitBytes
    if (least === Number.POSITIVE_INFINITY) return false
    const isWhole = ({ segment }: Block): boolean => !segment.isExpandable && segment.blocks.length === 1
    const wanted = Math.max(size, least)
    const cached = this.#cached(from, stream)
    const place = cached.findIndex((block) => block.size >= wanted)
    const fit = cached[place]
    const check = (block: Block): void => {
      if (block.segment.isExpandable && !this.#profile.keepsExpandableOversize) throw ASSERTION
    }
    if (fit) check(fit)
    if (fit && isWhole(fit)) {
      this.#releaseSegment(fit)
      return true
    }
    const smaller = (place < 0 ? cached : cached.slice(0, place)).filter((block) => block.size >= least).reverse()
    let released = 0
    for (const block of smaller) {
      if (released >= wanted) break
      check(block)
      if (!isWhole(block)) continue
      released += block.size
      this.#releaseSegment(block)
    }
    return released >= wanted
  }

  #begin(id: number, stream: number | null): void {
    let owner = this.#privates.find((each) => each.id === id)
    if (owner) owner.uses++
    else {
      const made = { id, uses: 1, mallocs: 0 } as { -readonly [K in keyof Private]: Private[K] }
      made.small = pool(true, made)
      made.large = pool(false, made)
      owner = made
      this.#privates.push(owner)
    }
    this.#captures.push({ owner, stream })
  }
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
