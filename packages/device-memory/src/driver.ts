import { AddressSpace } from './address-space.ts'

/**
 * The port to the layer below: the CUDA driver, which has the device's memory.
 *
 * The allocator asks; the machine supplies the answer: in a verification of a real recording the recorded ones, in a what-if
 * a simulated driver. What a driver remembers is part of the allocator's state, so that the whole stays one pure step.
 */
export interface Driver {
  /** A copy that shares nothing. */
  clone(): Driver
  /** A device with so much memory, of which others hold some. @unit bytes */
  open(device: number, capacityBytes: number, contextBytes: number): void
  /** cudaMalloc. @returns an address, or -1: refused */
  malloc(device: number, bytes: number): number
  /** cudaFree. */
  free(device: number, address: number, bytes: number): void
  /** cuMemAddressReserve. @returns an address, or -1: refused */
  reserve(device: number, bytes: number): number
  /** cuMemAddressFree. */
  unreserve(device: number, address: number, bytes: number): void
  /** cuMemCreate and cuMemMap of whole pages. @returns was there memory? */
  map(device: number, address: number, bytes: number, pageBytes: number): boolean
  /** cuMemUnmap and cuMemRelease. */
  unmap(device: number, address: number, bytes: number, pageBytes: number): void
  /** Memory of cudaMalloc that is there when the log begins. */
  adopt(device: number, address: number, bytes: number): void
  /** Address space of an expandable segment that is there when the log begins, and its mapped bytes. */
  adoptReserved(device: number, address: number, bytes: number): void
  adoptPages(device: number, bytes: number, pageBytes: number): void
  /** cudaMemGetInfo. */
  freeBytes(device: number): number
}

/** Constants of a simulated driver, as in the header of a log. */
export interface FirstFit {
  readonly granularityBytes: number
  readonly mallocBase: number
  readonly reserveBase: number
}

/** The driver of the oracles, and the default of a what-if. */
export const FIRST_FIT: FirstFit = { granularityBytes: 2 * 1024 * 1024, mallocBase: 0x7f00_0000_0000, reserveBase: 0x6000_0000_0000 }

class SimulatedDriver implements Driver {
  readonly #constants: FirstFit
  readonly #memory: AddressSpace
  readonly #reserved: AddressSpace
  readonly #capacity: number[]
  readonly #used: number[]

  constructor(constants: FirstFit, memory: AddressSpace, reserved: AddressSpace, capacity: readonly number[], used: readonly number[]) {
    this.#constants = constants
    this.#memory = memory
    this.#reserved = reserved
    this.#capacity = [...capacity]
    this.#used = [...used]
  }

  clone(): Driver {
    return new SimulatedDriver(this.#constants, this.#memory.clone(), this.#reserved.clone(), this.#capacity, this.#used)
  }

  open(device: number, capacityBytes: number, contextBytes: number): void {
    this.#capacity[device] = capacityBytes
    this.#used[device] = contextBytes
  }

  malloc(device: number, bytes: number): number {
    const rounded = this.#rounded(bytes)
    if (!this.#commit(device, rounded)) return -1
    return this.#memory.take(rounded)
  }

  free(device: number, address: number, bytes: number): void {
    const rounded = this.#rounded(bytes)
    this.#memory.give(address, rounded)
    this.#commit(device, -rounded)
  }

  reserve(_device: number, bytes: number): number {
    return this.#reserved.take(this.#rounded(bytes))
  }

  unreserve(_device: number, address: number, bytes: number): void {
    this.#reserved.give(address, this.#rounded(bytes))
  }

  map(device: number, _address: number, bytes: number, pageBytes: number): boolean {
    return this.#commit(device, (bytes / pageBytes) * this.#rounded(pageBytes))
  }

  unmap(device: number, _address: number, bytes: number, pageBytes: number): void {
    this.#commit(device, -(bytes / pageBytes) * this.#rounded(pageBytes))
  }

  adopt(device: number, address: number, bytes: number): void {
    const rounded = this.#rounded(bytes)
    this.#memory.occupy(address, rounded)
    this.#used[device] = (this.#used[device] ?? 0) + rounded
  }

  adoptReserved(_device: number, address: number, bytes: number): void {
    this.#reserved.occupy(address, this.#rounded(bytes))
  }

  adoptPages(device: number, bytes: number, pageBytes: number): void {
    this.#used[device] = (this.#used[device] ?? 0) + (bytes / pageBytes) * this.#rounded(pageBytes)
  }

  freeBytes(device: number): number {
    return (this.#capacity[device] ?? 0) - (this.#used[device] ?? 0)
  }

  #rounded(bytes: number): number {
    const { granularityBytes } = this.#constants
    return Math.ceil(bytes / granularityBytes) * granularityBytes
  }

  #commit(device: number, bytes: number): boolean {
    if (bytes > this.freeBytes(device)) return false
    this.#used[device] = (this.#used[device] ?? 0) + bytes
    return true
  }
}

/** A driver that has a capacity and takes the lowest gap. */
export function simulatedDriver(constants: FirstFit = FIRST_FIT): Driver {
  return new SimulatedDriver(constants, new AddressSpace(constants.mallocBase), new AddressSpace(constants.reserveBase), [], [])
}
