import type { AllocatorProfile, Domain, Request } from '@reheap/allocator'
import { bytesOf, classBytes, type Deed, type SweepOrder } from './deeds.ts'
import { blocksPerPool } from './naive-arena.ts'

/** How a recorder numbers blocks: from `first` on, each `step` above the one before. */
export interface Numbering {
  readonly first: number
  readonly step: number
}

interface LiveBlock {
  readonly block: number
  readonly domain: Domain
  readonly bytes: number
}

/** A fill writes at most so many requests, enough for an arena of 512-byte blocks in every real profile. */
const FILL_MAX = 2200

/** Writes deeds as requests of a program that is valid whatever the deeds are: it frees only what lives, and gives out no id that lives. */
export class Author {
  readonly requests: Request[] = []
  readonly #profile: AllocatorProfile
  readonly #step: number
  readonly #live: LiveBlock[] = []
  readonly #dead: number[] = []
  #next: number

  constructor(profile: AllocatorProfile, numbering: Numbering) {
    this.#profile = profile
    this.#next = numbering.first
    this.#step = numbering.step
  }

  write(deed: Deed): void {
    switch (deed.do) {
      case 'malloc':
        this.#malloc(deed.domain, bytesOf(this.#profile, deed.size), deed.reusesId)
        break
      case 'calloc':
        this.#calloc(deed.domain, deed.count, bytesOf(this.#profile, deed.size))
        break
      case 'fill':
        this.#fill(deed.at, deed.quarters, deed.more)
        break
      case 'free':
        this.#free(this.#picked(deed.pick))
        break
      case 'sweep':
        this.#sweep(deed.order, deed.percent, deed.seed)
        break
      case 'realloc':
        this.#realloc(this.#picked(deed.pick), bytesOf(this.#profile, deed.size))
        break
      case 'reallocAtEdge':
        this.#reallocAtEdge(this.#picked(deed.pick), deed.edge, deed.by)
        break
      case 'reallocNull':
        this.#reallocNull(deed.domain, bytesOf(this.#profile, deed.size))
        break
      case 'freeNull':
        this.requests.push({ kind: 'Free', domain: deed.domain, block: null })
        break
      case 'end':
        this.#sweep('newest', 100, 0)
        this.requests.push({ kind: 'ReleaseHeap' })
    }
  }

  #newId(reuses: boolean): number {
    const again = reuses ? this.#dead.pop() : undefined
    if (again !== undefined) return again
    const block = this.#next
    this.#next += this.#step
    return block
  }

  #picked(pick: number): LiveBlock | undefined {
    return this.#live[pick % Math.max(1, this.#live.length)]
  }

  #malloc(domain: Domain, bytes: number, reusesId = false): void {
    const block = this.#newId(reusesId)
    this.requests.push({ kind: 'Malloc', domain, block, bytes })
    this.#live.push({ block, domain, bytes })
  }

  #calloc(domain: Domain, count: number, bytes: number): void {
    const elementBytes = count === 0 ? bytes : Math.ceil(bytes / count)
    const block = this.#newId(false)
    this.requests.push({ kind: 'Calloc', domain, block, count, elementBytes })
    this.#live.push({ block, domain, bytes: count * elementBytes })
  }

  #fill(at: number, quarters: number, more: number): void {
    const { alignmentBytes, poolBytes, arenaBytes } = this.#profile
    const bytes = classBytes(this.#profile, at)
    const pools = (quarters * arenaBytes) / poolBytes / 4
    const blocks = Math.min(FILL_MAX, pools * blocksPerPool(this.#profile, bytes / alignmentBytes - 1) + more)
    for (let written = 0; written < blocks; written++) this.#malloc('obj', bytes)
  }

  #free(held: LiveBlock | undefined): void {
    if (held === undefined) return
    this.#live.splice(this.#live.indexOf(held), 1)
    this.#dead.push(held.block)
    this.requests.push({ kind: 'Free', domain: held.domain, block: held.block })
  }

  #sweep(order: SweepOrder, percent: number, seed: number): void {
    const swept = ordered(this.#live, order, seed).slice(0, Math.ceil((this.#live.length * percent) / 100))
    for (const held of swept) this.#free(held)
  }

  #realloc(held: LiveBlock | undefined, bytes: number): void {
    if (held === undefined) return
    const newBlock = this.#newId(false)
    this.requests.push({ kind: 'Realloc', domain: held.domain, block: held.block, newBlock, bytes })
    this.#live[this.#live.indexOf(held)] = { block: newBlock, domain: held.domain, bytes }
    this.#dead.push(held.block)
  }

  #reallocAtEdge(held: LiveBlock | undefined, edge: 'block' | 'threeQuarters', by: number): void {
    const { alignmentBytes } = this.#profile
    const blockBytes = Math.max(1, Math.ceil((held?.bytes ?? 0) / alignmentBytes)) * alignmentBytes
    this.#realloc(held, (edge === 'block' ? blockBytes : (blockBytes * 3) / 4) + by)
  }

  #reallocNull(domain: Domain, bytes: number): void {
    const newBlock = this.#newId(false)
    this.requests.push({ kind: 'Realloc', domain, block: null, newBlock, bytes })
    this.#live.push({ block: newBlock, domain, bytes })
  }
}

/** The blocks in the order in which a sweep frees them. */
function ordered(live: readonly LiveBlock[], order: SweepOrder, seed: number): LiveBlock[] {
  switch (order) {
    case 'oldest':
      return [...live]
    case 'newest':
      return live.toReversed()
    case 'everyOther':
      return [...live.filter((_, place) => place % 2 === 0), ...live.filter((_, place) => place % 2 === 1)]
    case 'shuffled':
      return shuffled(live, seed)
  }
}

/** A fixed shuffle for each seed (Fisher and Yates, numbers from a linear congruence). */
function shuffled<T>(values: readonly T[], seed: number): T[] {
  const mixed = [...values]
  let state = seed
  for (let last = mixed.length - 1; last > 0; last--) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    const other = Math.floor((state / 2 ** 32) * (last + 1))
    ;[mixed[last], mixed[other]] = [mixed[other] as T, mixed[last] as T]
  }
  return mixed
}
