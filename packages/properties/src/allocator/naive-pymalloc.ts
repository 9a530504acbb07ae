/**
 * pymalloc again, written from CPython's own text and not from the reducer: JavaScript arrays for
 * every list, counts counted afresh, nothing kept that can be worked out.
 *
 * @source `Objects/obmalloc.c` of CPython 3.6 to 3.13
 */
import type { AllocatorProfile, Domain, Fact, Request } from '@reheap/allocator'
import { type Either, left, right } from 'fp-ts/lib/Either.js'
import type { Model } from '../model.ts'
import { blockBytesOf, carveBlock, freePoolsOf, type NaiveArena, type NaivePool, newArena, takePoolOf } from './naive-arena.ts'
import { type AllocatorFigures, figuresOf } from './naive-figures.ts'
import { rejectionOf } from './naive-rejection.ts'
import { type NaiveSystem, naiveSystem, type SystemSetting } from './naive-system.ts'

/** A live block: `pool` null is one of the C library, whose address may be unknown. */
export type NaiveBlock =
  | { readonly pool: NaivePool; readonly bytes: number; readonly address: number }
  | { readonly pool: null; readonly bytes: number; readonly address: number | null }

/** The naive pymalloc. Everything may be read; only `step` writes. */
export class NaivePymalloc implements Model<Request, Fact> {
  readonly profile: AllocatorProfile
  readonly #system: NaiveSystem
  readonly blocks = new Map<number, NaiveBlock>()
  /** Mapped arenas, oldest first. */
  readonly arenas: NaiveArena[] = []
  /** Arenas with a free pool, in the order in which they are asked for one. */
  readonly usable: NaiveArena[] = []
  /** Pools of each class with a live and a free block; the one asked first is the first. */
  readonly used: NaivePool[][]
  arenasTotal = 0
  arenasHighwater = 0
  /** Blocks of the C library that the MEM and OBJ domains were given, less those that they gave back. */
  clibCounted = 0
  /** Numbers of the radix tree's nodes. */
  readonly mapMids = new Set<number>()
  readonly mapBots = new Set<number>()

  constructor(profile: AllocatorProfile, system: NaiveSystem | SystemSetting) {
    this.profile = profile
    this.#system = 'kind' in system ? naiveSystem(system) : system
    this.used = Array.from({ length: profile.smallRequestBytes / profile.alignmentBytes }, () => [])
  }

  figures(): AllocatorFigures {
    return figuresOf(this)
  }

  step(request: Request): Either<string, readonly Fact[]> {
    const rejection = rejectionOf(this, request)
    if (rejection !== null) return left(rejection)
    switch (request.kind) {
      case 'Malloc':
        return right(this.#malloc(request.domain, request.block, request.bytes, request.address ?? null))
      case 'Calloc':
        return right(this.#malloc(request.domain, request.block, request.count * request.elementBytes, request.address ?? null))
      case 'Realloc':
        if (request.block === null) return right(this.#malloc(request.domain, request.newBlock, request.bytes, request.address ?? null))
        return right(this.#realloc(request.domain, request.block, request.newBlock, request.bytes, request.address ?? null))
      case 'Free':
        return right(request.block === null ? [] : this.#free(request.domain, request.block))
      case 'ArenaMapped':
        if (request.bytes === this.profile.arenaBytes) this.#system.offer(request.address)
        return right([])
      case 'ArenaUnmapped':
        return right([])
      case 'ReleaseHeap':
        return right(this.profile.releasesHeaps ? this.#release() : [])
    }
  }

  #malloc(domain: Domain, block: number, bytes: number, recorded: number | null): Fact[] {
    if (domain === 'raw' || bytes === 0 || bytes > this.profile.smallRequestBytes) return this.#passOn(domain, block, bytes, recorded)
    const sizeClass = Math.ceil(bytes / this.profile.alignmentBytes) - 1
    const facts: Fact[] = []
    if (this.used[sizeClass].length === 0 && this.usable.length === 0 && !this.#mapArena(facts))
      return [...facts, ...this.#passOn(domain, block, bytes, recorded)]
    const { pool, address } = this.used[sizeClass].length > 0 ? this.#fromUsedPool(sizeClass) : this.#fromNewPool(sizeClass, facts)
    pool.live.set(address, { block, bytes })
    this.blocks.set(block, { pool, bytes, address })
    return [...facts, { kind: 'BlockPlaced', block, bytes, address, sizeClass }]
  }

  #passOn(domain: Domain, block: number, bytes: number, recorded: number | null): Fact[] {
    const address = this.#system.blockAddress(recorded)
    this.blocks.set(block, { pool: null, bytes, address })
    if (domain !== 'raw') this.clibCounted += 1
    return [{ kind: 'BlockPassedOn', block, bytes, address, domain }]
  }

  /** A pool whose last free block is taken gets one more carved; if that cannot be it is full, and no list holds it. */
  #fromUsedPool(sizeClass: number): { pool: NaivePool; address: number } {
    const pool = this.used[sizeClass][0]
    const address = pool.free.pop() as number
    if (pool.free.length === 0) {
      const carved = carveBlock(pool, this.profile)
      if (carved === null) this.used[sizeClass].shift()
      else pool.free.push(carved)
    }
    return { pool, address }
  }

  /** A pool that served the same class before goes on where it was; any other begins anew with two blocks carved. */
  #fromNewPool(sizeClass: number, facts: Fact[]): { pool: NaivePool; address: number } {
    const arena = this.usable[0]
    const pool = takePoolOf(arena, this.profile)
    if (freePoolsOf(arena) === 1) this.usable.shift()
    this.used[sizeClass].unshift(pool)
    facts.push({ kind: 'PoolOpened', address: pool.address, sizeClass })
    if (pool.sizeClass === sizeClass) return { pool, address: pool.free.pop() as number }
    pool.sizeClass = sizeClass
    pool.carved = 0
    const first = carveBlock(pool, this.profile) as number
    pool.free = [carveBlock(pool, this.profile) as number]
    return { pool, address: first }
  }

  #mapArena(facts: Fact[]): boolean {
    const bytes = this.profile.arenaBytes
    const address = this.#system.map(bytes)
    if (address === null) {
      facts.push({ kind: 'ArenaRefused', bytes })
      return false
    }
    const arena = newArena(this.profile, address)
    this.arenas.push(arena)
    this.usable.unshift(arena)
    this.arenasTotal += 1
    this.arenasHighwater = Math.max(this.arenasHighwater, this.arenas.length)
    this.#enterMap(address)
    facts.push({ kind: 'ArenaOpened', address, bytes })
    return true
  }

  /** The radix tree has an entry for the window of addresses that an arena begins in, and for the one that it reaches into. */
  #enterMap(address: number): void {
    const levels = this.profile.arenaMap?.levels
    if (!levels) return
    for (const reached of [address, address + this.profile.arenaBytes - 1]) {
      const bot = Math.floor(reached / this.profile.arenaBytes / 2 ** levels.botBits)
      this.mapBots.add(bot)
      this.mapMids.add(Math.floor(bot / 2 ** levels.midBits))
    }
  }

  #free(domain: Domain, block: number): Fact[] {
    const held = this.blocks.get(block) as NaiveBlock
    this.blocks.delete(block)
    if (held.pool === null) {
      if (domain !== 'raw') this.clibCounted -= 1
      return [{ kind: 'BlockHandedBack', block, bytes: held.bytes, address: held.address, domain }]
    }
    const { pool, address, bytes } = held
    const sizeClass = pool.sizeClass as number
    const facts: Fact[] = [{ kind: 'BlockReturned', block, bytes, address, sizeClass }]
    const wasFull = pool.free.length === 0
    pool.live.delete(address)
    pool.free.push(address)
    if (wasFull) {
      this.used[sizeClass].unshift(pool)
    } else if (pool.live.size === 0) {
      this.used[sizeClass].splice(this.used[sizeClass].indexOf(pool), 1)
      facts.push({ kind: 'PoolClosed', address: pool.address, sizeClass })
      this.#givePoolBack(pool, facts)
    }
    return facts
  }

  /** The arena has one more free pool: it may go, come back into the list, or move up in it. */
  #givePoolBack(pool: NaivePool, facts: Fact[]): void {
    const { arena } = pool
    arena.freed.push(pool)
    const free = freePoolsOf(arena)
    const place = this.usable.indexOf(arena)
    const isLast = place === this.usable.length - 1
    if (free === arena.poolsMax && !(this.profile.keepsLastArena && isLast)) {
      this.usable.splice(place, 1)
      this.arenas.splice(this.arenas.indexOf(arena), 1)
      this.#system.unmap(arena.address)
      facts.push({ kind: 'ArenaReleased', address: arena.address, bytes: this.profile.arenaBytes })
    } else if (free === 1) {
      this.usable.unshift(arena)
    } else {
      this.#moveUp(arena, place, free)
    }
  }

  /** Fullest arenas first: it steps over every arena behind it that has fewer free pools than it has now. */
  #moveUp(arena: NaiveArena, from: number, free: number): void {
    let to = from
    while (to + 1 < this.usable.length && freePoolsOf(this.usable[to + 1]) < free) to += 1
    this.usable.splice(from, 1)
    this.usable.splice(to, 0, arena)
  }

  /** The end of an interpreter that left no block: its arenas go, and with them the tree that knew their addresses. */
  #release(): Fact[] {
    this.usable.splice(0)
    this.mapMids.clear()
    this.mapBots.clear()
    return this.arenas.splice(0).map(({ address }): Fact => {
      this.#system.unmap(address)
      return { kind: 'ArenaReleased', address, bytes: this.profile.arenaBytes }
    })
  }

  #realloc(domain: Domain, block: number, newBlock: number, bytes: number, recorded: number | null): Fact[] {
    const held = this.blocks.get(block) as NaiveBlock
    if (held.pool === null) return this.#resizeInClib(domain, block, newBlock, bytes, recorded)
    const { pool, address } = held
    const sizeClass = pool.sizeClass as number
    const blockBytes = blockBytesOf(this.profile, sizeClass)
    // In place if it does not grow out of its block and not a quarter of the block or more would be won.
    if (bytes <= blockBytes && bytes > 0.75 * blockBytes) {
      this.blocks.delete(block)
      this.blocks.set(newBlock, { pool, address, bytes })
      pool.live.set(address, { block: newBlock, bytes })
      return [{ kind: 'BlockResized', block: newBlock, previousBytes: held.bytes, bytes, address, sizeClass }]
    }
    return [...this.#malloc(domain, newBlock, bytes, recorded), ...this.#free(domain, block)]
  }

  #resizeInClib(domain: Domain, block: number, newBlock: number, bytes: number, recorded: number | null): Fact[] {
    const held = this.blocks.get(block) as NaiveBlock
    const address = this.#system.blockAddress(recorded)
    this.blocks.delete(block)
    this.blocks.set(newBlock, { pool: null, bytes, address })
    return [
      { kind: 'BlockHandedBack', block, bytes: held.bytes, address: held.address, domain },
      { kind: 'BlockPassedOn', block: newBlock, bytes, address, domain },
    ]
  }
}
