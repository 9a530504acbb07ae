/** Mappings that the allocator's arenas are to the host. Part of the machine's state. */

/** Ids of mappings that the machine asks for begin here, above those that a recorder gives. */
const FIRST_MAPPING = 2 ** 31
const NO_ARENA = -1

export class HostMappings {
  readonly #arenaBytes: number
  /** Base of each mapped arena, by the arena-sized window of addresses that it begins in. */
  readonly #bases: Map<number, number>
  /** Mapping of each arena, by its base. */
  readonly #mappings: Map<number, number>
  #next: number

  /** @param from copied; left out: no arena is mapped */
  constructor(arenaBytes: number, from?: HostMappings) {
    this.#arenaBytes = arenaBytes
    this.#bases = new Map(from === undefined ? [] : from.#bases)
    this.#mappings = new Map(from === undefined ? [] : from.#mappings)
    this.#next = from === undefined ? FIRST_MAPPING : from.#next
  }

  clone(): HostMappings {
    return new HostMappings(this.#arenaBytes, this)
  }

  /** An arena is mapped. @returns the id of its mapping */
  open(base: number): number {
    const mapping = this.#next++
    this.#bases.set(this.#windowOf(base), base)
    this.#mappings.set(base, mapping)
    return mapping
  }

  /** An arena is unmapped. @returns the id that its mapping had, or -1: it was mapped before the host came to life */
  close(base: number): number {
    const mapping = this.mappingOf(base)
    if (mapping === NO_ARENA) return NO_ARENA
    this.#bases.delete(this.#windowOf(base))
    this.#mappings.delete(base)
    return mapping
  }

  /** Base of the arena that an address lies in, or -1. */
  baseOf(address: number): number {
    const window = this.#windowOf(address)
    const own = this.#bases.get(window)
    if (own !== undefined && address >= own) return own
    const before = this.#bases.get(window - 1)
    return before !== undefined && address < before + this.#arenaBytes ? before : NO_ARENA
  }

  /** Mapping of the arena with this base, or -1. */
  mappingOf(base: number): number {
    return this.#mappings.get(base) ?? NO_ARENA
  }

  #windowOf(address: number): number {
    return Math.floor(address / this.#arenaBytes)
  }
}
