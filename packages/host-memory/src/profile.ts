/** The constants and habits of an operating system and its C library, as data. */
export interface HostMemoryProfile {
  /** System and machine, `linux-x86_64`. */
  readonly name: string
  /** @unit bytes */
  readonly pageBytes: number
  /** A huge page, taken at the first touch where a program advised it. @unit bytes */
  readonly hugePageBytes: number
  /** Where the heap of the C library begins, and below which address mappings are placed, top down, when the log has no addresses. */
  readonly breakStart: number
  readonly mapTop: number
  /** Estimates of what moving one page between RAM and swap costs: a solid-state disk. @unit nanoseconds */
  readonly swapOutNanoseconds: number
  readonly swapInNanoseconds: number
  /** The machine that a log without `HostOpened` runs on. @unit bytes */
  readonly host: HostSize
}

/** A machine's memory when a log begins. @unit bytes */
export interface HostSize {
  readonly ramBytes: number
  readonly swapBytes: number
  readonly romBytes: number
  /** Used by the system and by all processes that the log does not follow. */
  readonly systemBytes: number
  readonly cacheBytes: number
}

const MIB = 1024 ** 2
const GIB = 1024 ** 3

const linux: HostMemoryProfile = {
  name: 'linux-x86_64',
  pageBytes: 4096,
  hugePageBytes: 2 * MIB,
  // Where a position-independent program lies without randomisation. @source arch/x86/include/asm/elf.h ELF_ET_DYN_BASE, mmap_base
  breakStart: 0x5555_5555_a000,
  mapTop: 0x7fff_f7ff_f000,
  // Random reads and writes of 4 KiB: 100 and 30 microseconds are usual for a solid-state disk. An estimate, for a first idea of the cost.
  swapOutNanoseconds: 30_000,
  swapInNanoseconds: 100_000,
  host: { ramBytes: 16 * GIB, swapBytes: 2 * GIB, romBytes: 16 * MIB, systemBytes: 2 * GIB, cacheBytes: 4 * GIB },
}

/** Profiles by name. */
export const HOST_MEMORY_PROFILES: ReadonlyMap<string, HostMemoryProfile> = new Map([[linux.name, linux]])

/** The profile of a system and machine; undefined: there is none of that name. */
export const hostMemoryProfile = (name: string): HostMemoryProfile | undefined => HOST_MEMORY_PROFILES.get(name)
