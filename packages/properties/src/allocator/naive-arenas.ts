import type { AllocatorProfile, Fact } from '@reheap/allocator'
import { freePoolsOf, type NaiveArena, type NaivePool, newArena, takePoolOf } from './naive-arena.ts'
import type { NaiveSystem } from './naive-system.ts'

/** The arenas of a naive heap: which are mapped, and in which order they are asked for a pool. */
export class NaiveArenas {
  readonly #profile: AllocatorProfile
  readonly #system: NaiveSystem
  /** Mapped arenas, oldest first. */
  readonly mapped: NaiveArena[] = []
  /** Arenas with a free pool, in the order in which they are asked for one. */
  readonly usable: NaiveArena[] = []
  total = 0
  highwater = 0
  /** Numbers of the radix tree's nodes. */
  readonly mids = new Set<number>()
  readonly bots = new Set<number>()

  constructor(profile: AllocatorProfile, system: NaiveSystem) {
    this.#profile = profile
    this.#system = system
  }

  /** A pool of the first usable arena, or of a new one; null if the system refuses. */
  takePool(facts: Fact[]): NaivePool | null {
    if (this.usable.length === 0 && !this.#map(facts)) return null
    const arena = this.usable[0]
    if (freePoolsOf(arena) === 1) this.usable.shift()
    return takePoolOf(arena, this.#profile)
  }

  /** An arena has one more free pool: it may go, come back into the list, or move up in it. */
  givePoolBack(pool: NaivePool, facts: Fact[]): void {
    const { arena } = pool
    arena.freed.push(pool)
    const free = freePoolsOf(arena)
    const place = this.usable.indexOf(arena)
    const isLast = place === this.usable.length - 1
    if (free === arena.poolsMax && !(this.#profile.keepsLastArena && isLast)) {
      this.usable.splice(place, 1)
      this.mapped.splice(this.mapped.indexOf(arena), 1)
      facts.push(this.#unmapped(arena))
    } else if (free === 1) {
      this.usable.unshift(arena)
    } else {
      this.#moveUp(arena, place, free)
    }
  }

  /** The end of an interpreter that left no block: its arenas go, and with them the tree that knew their addresses. */
  release(): Fact[] {
    this.usable.splice(0)
    this.mids.clear()
    this.bots.clear()
    return this.mapped.splice(0).map((arena) => this.#unmapped(arena))
  }

  #map(facts: Fact[]): boolean {
    const bytes = this.#profile.arenaBytes
    const address = this.#system.map(bytes)
    if (address === null) {
      facts.push({ kind: 'ArenaRefused', bytes })
      return false
    }
    const arena = newArena(this.#profile, address)
    this.mapped.push(arena)
    this.usable.unshift(arena)
    this.total += 1
    this.highwater = Math.max(this.highwater, this.mapped.length)
    this.#enterTree(address)
    facts.push({ kind: 'ArenaOpened', address, bytes })
    return true
  }

  #unmapped({ address }: NaiveArena): Fact {
    this.#system.unmap(address)
    return { kind: 'ArenaReleased', address, bytes: this.#profile.arenaBytes }
  }

  /** The radix tree has an entry for the window of addresses that an arena begins in, and for the one that it reaches into. */
  #enterTree(address: number): void {
    const { arenaBytes, arenaMap } = this.#profile
    if (!arenaMap?.levels) return
    const { botBits, midBits } = arenaMap.levels
    for (const reached of [address, address + arenaBytes - 1]) {
      const bot = Math.floor(reached / arenaBytes / 2 ** botBits)
      this.bots.add(bot)
      this.mids.add(Math.floor(bot / 2 ** midBits))
    }
  }

  /** Fullest arenas first: it steps over every arena behind it that has fewer free pools than it has now. */
  #moveUp(arena: NaiveArena, from: number, free: number): void {
    let to = from
    while (to + 1 < this.usable.length && freePoolsOf(this.usable[to + 1]) < free) to += 1
    this.usable.splice(from, 1)
    this.usable.splice(to, 0, arena)
  }
}
