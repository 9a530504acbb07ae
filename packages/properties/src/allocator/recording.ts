import type { AllocatorProfile, Fact, Request } from '@reheap/allocator'
import { NaivePymalloc } from './naive-pymalloc.ts'

/** Where a real system would have put things: what a recording holds besides the program's requests. */
export interface Surroundings {
  /** Distance of every arena from the next multiple of the pool size below it, in alignment steps. */
  readonly offsetUnits: number
  /** Place of each new arena, in order and then round: a slot between others, so that addresses do not follow the order of mapping. */
  readonly slots: readonly number[]
  /** Which new arenas the system refuses, counted from 0. */
  readonly refused: readonly number[]
  /** Does the log hold nothing where the system refused, and not a refusal? */
  readonly isSilent: boolean
  /** Does another user of the arena allocator map and unmap memory of another size in between? */
  readonly hasOtherUser: boolean
}

const ARENA_BASE = 0x7f00_0000_0000
const CLIB_BASE = 0x5500_0000_0000

/**
 * The recording of a program on the naive pymalloc: the requests, with the address that each one
 * was given, and before them the arenas that they made the system map and unmap.
 *
 * @throws if the naive model rejects a request
 */
export function recordingOf(profile: AllocatorProfile, requests: readonly Request[], surroundings: Surroundings): readonly Request[] {
  const system = new PlannedSystem(profile, surroundings)
  const heap = new NaivePymalloc(profile, system)
  const recording: Request[] = []
  for (const request of requests) {
    const stepped = heap.step(request)
    if (stepped._tag === 'Left') throw new Error(`the program is not valid: ${stepped.left} at ${JSON.stringify(request)}`)
    recording.push(...system.answers.splice(0), observed(request, stepped.right))
  }
  return recording
}

/** Finds addresses by plan and remembers what a recorder would have seen of it. */
class PlannedSystem {
  readonly answers: Request[] = []
  readonly #profile: AllocatorProfile
  readonly #surroundings: Surroundings
  readonly #taken = new Set<number>()
  #asked = 0
  #clibAddress = CLIB_BASE

  constructor(profile: AllocatorProfile, surroundings: Surroundings) {
    this.#profile = profile
    this.#surroundings = surroundings
  }

  offer(): void {}

  map(bytes: number): number | null {
    const { refused, isSilent, slots, hasOtherUser } = this.#surroundings
    const asked = this.#asked++
    if (hasOtherUser) this.answers.push({ kind: 'ArenaMapped', address: this.#clibAddress, bytes: bytes / 2 })
    if (refused.includes(asked)) {
      if (!isSilent) this.answers.push({ kind: 'ArenaMapped', address: null, bytes })
      return null
    }
    let slot = slots[asked % slots.length] ?? 0
    while (this.#taken.has(slot)) slot += 1
    this.#taken.add(slot)
    const address = this.#addressOf(slot)
    this.answers.push({ kind: 'ArenaMapped', address, bytes })
    return address
  }

  unmap(address: number): void {
    for (const slot of this.#taken) if (this.#addressOf(slot) === address) this.#taken.delete(slot)
    this.answers.push({ kind: 'ArenaUnmapped', address })
  }

  blockAddress(): number {
    this.#clibAddress += 4096
    return this.#clibAddress
  }

  #addressOf(slot: number): number {
    const { arenaBytes, alignmentBytes, poolBytes } = this.#profile
    return ARENA_BASE + 2 * slot * arenaBytes + ((this.#surroundings.offsetUnits * alignmentBytes) % poolBytes)
  }
}

/** The request with the address that it was answered with, if it was answered with one. */
function observed(request: Request, facts: readonly Fact[]): Request {
  if (request.kind !== 'Malloc' && request.kind !== 'Calloc' && request.kind !== 'Realloc') return request
  for (const fact of facts)
    if (fact.kind === 'BlockPlaced' || fact.kind === 'BlockResized' || fact.kind === 'BlockPassedOn')
      return { ...request, address: fact.address as number }
  return request
}
