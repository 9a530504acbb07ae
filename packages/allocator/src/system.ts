/**
 * The port to the layers below: who says where an arena or a C-library block lies.
 *
 * The allocator asks; the machine supplies the answer: in a verification the recorded answers in
 * order, in a what-if a simulated system. What a system remembers is part of the allocator's state,
 * so that the whole stays one pure step.
 */
export interface System {
  /** A copy that shares nothing. */
  clone(): System
  /** The log says that the real system mapped an arena here, or refused one (-1); it stands before the request that wants it. */
  offerArena(address: number): void
  /** An address for a new arena, or -1: refused. */
  mapArena(bytes: number): number
  unmapArena(address: number): void
  /** Address of a block that the C library places; `recorded` is the log's, NaN if it has none. */
  blockAddress(recorded: number): number
}

/** Answers with the addresses of the log, in order; refuses an arena that the log does not hold. */
export function recordedSystem(offered: readonly number[] = []): System {
  const queue = [...offered]
  return {
    clone: () => recordedSystem(queue),
    offerArena: (address) => {
      queue.push(address)
    },
    mapArena: () => queue.shift() ?? -1,
    unmapArena: () => {},
    blockAddress: (recorded) => recorded,
  }
}

/** Top of the simulated mapping area: where a 64-bit Linux process finds its first mappings. */
const SIMULATED_TOP = 0x7fff_f7e0_0000

/**
 * Answers as Linux does for mappings of one size: the highest hole first, else directly below the
 * lowest mapping. C-library blocks get no address.
 *
 * @param top end of the first arena; its remainder by the pool size decides whether arenas lose a pool to alignment
 */
export function simulatedSystem(top: number = SIMULATED_TOP, holes: readonly number[] = []): System {
  const free = [...holes]
  let lowest = top
  return {
    clone: () => simulatedSystem(lowest, free),
    offerArena: () => {},
    mapArena: (bytes) => {
      const hole = free.pop()
      if (hole !== undefined) return hole
      // Nothing is mapped at 0: it is how the real system says no.
      if (lowest <= bytes) return -1
      lowest -= bytes
      return lowest
    },
    unmapArena: (address) => {
      let place = free.length
      while (place > 0 && (free[place - 1] ?? 0) > address) place -= 1
      free.splice(place, 0, address)
    },
    blockAddress: () => Number.NaN,
  }
}
