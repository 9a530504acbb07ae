/**
 * pymalloc again, written from CPython's own text and not from the reducer: JavaScript arrays for
 * every list, counts counted afresh, nothing kept that can be worked out.
 *
 * @source `Objects/obmalloc.c` of CPython 3.6 to 3.13
 */
import type { AllocatorProfile, Domain, Fact, Request } from '@reheap/allocator'
import { type Either, left, right } from 'fp-ts/lib/Either.js'
import type { Model } from '../model.ts'
import { blockBytesOf, carveBlock, type NaivePool } from './naive-arena.ts'
import { NaiveArenas } from './naive-arenas.ts'
import { type AllocatorFigures, figuresOf } from './naive-figures.ts'
import { rejectionOf } from './naive-rejection.ts'
import { type NaiveSystem, naiveSystem, type SystemSetting } from './naive-system.ts'

/** A live block: `pool` null is one of the C library, whose address may be unknown. */
export type NaiveBlock =
  | { readonly pool: NaivePool; readonly bytes: number; readonly address: number }
  | { readonly pool: null; readonly bytes: number; readonly address: number | null }

/** Where a block was found. */
interface Placed {
  readonly pool: NaivePool
  readonly address: number
}

/** The naive pymalloc. Everything may be read; only `step` writes. */
export class NaivePymalloc implements Model<Request, Fact> {
  readonly profile: AllocatorProfile
  readonly #system: NaiveSystem
  readonly blocks = new Map<number, NaiveBlock>()
  readonly arenas: NaiveArenas
  /** Pools of each class with a live and a free block; the one asked first is the first. */
  readonly used: NaivePool[][]
  /** Blocks of the C library that the MEM and OBJ domains were given, less those that they gave back. */
  clibCounted = 0

  constructor(profile: AllocatorProfile, system: NaiveSystem | SystemSetting) {
    this.profile = profile
    this.#system = 'kind' in system ? naiveSystem(system) : system
    this.arenas = new NaiveArenas(profile, this.#system)
    this.used = Array.from({ length: profile.smallRequestBytes / profile.alignmentBytes }, () => [])
  }

  figures(): AllocatorFigures {
    return figuresOf(this)
  }

  /** One request. Left: the kind of its rejection. */
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
        return right(this.profile.releasesHeaps ? this.arenas.release() : [])
    }
  }

  #malloc(domain: Domain, block: number, bytes: number, recorded: number | null): Fact[] {
    if (domain === 'raw' || bytes === 0 || bytes > this.profile.smallRequestBytes) return this.#passOn(domain, block, bytes, recorded)
    const sizeClass = Math.ceil(bytes / this.profile.alignmentBytes) - 1
    const facts: Fact[] = []
    const placed = this.used[sizeClass].length > 0 ? this.#fromUsedPool(sizeClass) : this.#fromNewPool(sizeClass, facts)
    if (placed === null) return [...facts, ...this.#passOn(domain, block, bytes, recorded)]
    const { pool, address } = placed
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
  #fromUsedPool(sizeClass: number): Placed {
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
  #fromNewPool(sizeClass: number, facts: Fact[]): Placed | null {
    const pool = this.arenas.takePool(facts)
    if (pool === null) return null
    this.used[sizeClass].unshift(pool)
    facts.push({ kind: 'PoolOpened', address: pool.address, sizeClass })
    if (pool.sizeClass === sizeClass) return { pool, address: pool.free.pop() as number }
    pool.sizeClass = sizeClass
    pool.carved = 0
    const first = carveBlock(pool, this.profile) as number
    pool.free = [carveBlock(pool, this.profile) as number]
    return { pool, address: first }
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
      this.arenas.givePoolBack(pool, facts)
    }
    return facts
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
