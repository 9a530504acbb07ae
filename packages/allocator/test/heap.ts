import type { Sealed } from '@reheap/kernel'
import {
  type AllocatorProfile,
  type AllocatorState,
  allocatorReducer,
  cpythonProfile,
  type Domain,
  emptyAllocator,
  type Fact,
  type Request,
  recordedSystem,
  type System,
} from '../src/index.ts'

/** A profile small enough for rules to be seen: pools of 256 bytes, four to an arena, blocks of 16 to 64 bytes. */
export const TINY: AllocatorProfile = {
  ...cpythonProfile('3.8'),
  name: 'tiny',
  alignmentBytes: 16,
  smallRequestBytes: 64,
  poolHeaderBytes: 48,
  poolBytes: 256,
  arenaBytes: 1024,
}
export const TINY_KEEPING: AllocatorProfile = { ...TINY, name: 'tiny-keeping', keepsLastArena: true }
/** Blocks of 64 bytes that fill a pool of the tiny profile: (256 - 48) / 64. */
export const POOL_BLOCKS = 3
export const ARENA_POOLS = 4

/** Where the tests' arenas lie: the first one is not the lowest. */
export const ARENA_BASES: readonly number[] = [0x40000, 0x20000, 0x60000, 0x10000, 0x50000]

/** Address of a block of the tiny profile, given arena, pool and block by number. */
export const addressOf = (arena: number, pool: number, block = 0, blockBytes = 64): number =>
  (ARENA_BASES[arena] as number) + pool * 256 + 48 + block * blockBytes

/** An allocator that is asked one thing after another. Its own ids count up from 100; lower ones are for requests written out. */
export class Heap {
  state: Sealed<AllocatorState>
  #next = 100

  constructor(profile: AllocatorProfile = TINY, system: System = recordedSystem(ARENA_BASES)) {
    this.state = emptyAllocator(profile, system)
  }

  /** The facts of one request. @throws if it is rejected */
  do(request: Request): readonly Fact[] {
    const stepped = allocatorReducer.step(this.state, request)
    if (stepped._tag === 'Left') throw new Error(stepped.left.reason.message)
    this.state = stepped.right.state
    return stepped.right.emitted
  }

  /** Why a request is rejected; null if it is not. The heap stays as it is. */
  rejection(request: Request): string | null {
    const stepped = allocatorReducer.step(this.state, request)
    return stepped._tag === 'Left' ? stepped.left.reason.kind : null
  }

  /** Takes a block. @returns its id */
  take(bytes: number, domain: Domain = 'obj'): number {
    const block = this.#next++
    this.do({ kind: 'Malloc', domain, block, bytes })
    return block
  }

  /** Takes a block. @returns its address; null for one of the C library that no log speaks of */
  malloc(bytes: number, domain: Domain = 'obj'): number | null {
    return this.#placed(this.do({ kind: 'Malloc', domain, block: this.#next++, bytes }))
  }

  /** @returns the new address, under a new id */
  realloc(block: number, bytes: number, domain: Domain = 'obj'): number | null {
    return this.#placed(this.do({ kind: 'Realloc', domain, block, newBlock: this.#next++, bytes }))
  }

  free(block: number, domain: Domain = 'obj'): readonly Fact[] {
    return this.do({ kind: 'Free', domain, block })
  }

  /** Takes a pool's worth of 64-byte blocks. @returns their ids */
  pool(): readonly number[] {
    return Array.from({ length: POOL_BLOCKS }, () => this.take(64))
  }

  /** Takes whole arenas of 64-byte blocks. @shape [arena][pool][block] ids */
  arenas(count: number): readonly (readonly (readonly number[])[])[] {
    return Array.from({ length: count }, () => Array.from({ length: ARENA_POOLS }, () => this.pool()))
  }

  /** Frees in the order given. @returns the kinds of all facts */
  freeAll(blocks: readonly number[]): readonly Fact['kind'][] {
    return blocks.flatMap((block) => this.free(block)).map(({ kind }) => kind)
  }

  /** Arena, by its place in ARENA_BASES, that each of the next pools comes from. */
  nextArenas(pools: number): readonly number[] {
    return Array.from({ length: pools }, () => {
      const address = this.malloc(64) as number
      for (let block = 1; block < POOL_BLOCKS; block++) this.take(64)
      return ARENA_BASES.findIndex((base) => address >= base && address < base + 1024 + 256)
    })
  }

  #placed(facts: readonly Fact[]): number | null {
    for (const fact of facts)
      if (fact.kind === 'BlockPlaced' || fact.kind === 'BlockResized' || fact.kind === 'BlockPassedOn') return fact.address
    throw new Error('no block was placed')
  }
}
