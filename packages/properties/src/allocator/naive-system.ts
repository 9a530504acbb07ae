/** What the naive model asks for its arenas. */
export interface NaiveSystem {
  /** The log says where the real system mapped an arena; null: it refused. */
  offer(address: number | null): void
  /** Address of a new arena; null: refused. */
  map(bytes: number): number | null
  unmap(address: number): void
  /** Address of a block of the C library, given what the log says of it. */
  blockAddress(recorded: number | null): number | null
}

/** How a subject's states answer for the layers below. */
export type SystemSetting =
  /** Arenas lie where `ArenaMapped` events say, and are refused where none stands. */
  | { readonly kind: 'recorded' }
  /** Arenas are mapped downwards from `topBytes`, the highest hole first. */
  | { readonly kind: 'simulated'; readonly topBytes: number }

/** The naive form of a setting's system. */
export function naiveSystem(setting: SystemSetting): NaiveSystem {
  return setting.kind === 'recorded' ? naiveRecorded() : naiveSimulated(setting.topBytes)
}

function naiveRecorded(): NaiveSystem {
  const offered: (number | null)[] = []
  return {
    offer: (address) => {
      offered.push(address)
    },
    map: () => offered.shift() ?? null,
    unmap: () => {},
    blockAddress: (recorded) => recorded,
  }
}

function naiveSimulated(topBytes: number): NaiveSystem {
  const holes = new Set<number>()
  let lowest = topBytes
  return {
    offer: () => {},
    map: (bytes) => {
      if (holes.size > 0) {
        const highest = Math.max(...holes)
        holes.delete(highest)
        return highest
      }
      if (lowest <= bytes) return null
      lowest -= bytes
      return lowest
    },
    unmap: (address) => {
      holes.add(address)
    },
    blockAddress: () => null,
  }
}
