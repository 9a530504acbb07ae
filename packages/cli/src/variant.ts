import type { EventBatch, Rejected } from '@reheap/kernel'
import { type MachineProfile, type MachineRejection, Replay } from '@reheap/machine'
import { RunningUsage } from '@reheap/projections'
import { type Either, right } from 'fp-ts/lib/Either.js'

/** What the requests of a log cost under one profile. */
export interface VariantFigures {
  readonly profile: string
  /** Most arenas mapped at once. */
  readonly arenasPeak: number
  /** Arenas mapped at the end. */
  readonly arenas: number
  /** Arenas mapped in all, released ones included. */
  readonly arenasTotal: number
  /** Most bytes held at once: arenas and C-library blocks. */
  readonly heldBytesPeak: number
  /** Bytes held at the end. */
  readonly heldBytes: number
  /** Bytes that the program asked for and has not freed at the end. */
  readonly liveBytes: number
  /** Share of the arenas' bytes that are in no live block at the end, 0 to 1. */
  readonly externalFragmentation: number
}

/** A replay on the simulated system, so that any two profiles can be compared. */
export class Variant {
  readonly profile: MachineProfile
  readonly #replay: Replay
  readonly #usage: RunningUsage

  constructor(recorded: MachineProfile, profile: MachineProfile) {
    this.profile = profile
    this.#replay = new Replay({ recorded, profile, isWhatIf: true })
    this.#usage = new RunningUsage(profile.allocator.alignmentBytes)
  }

  feed(batch: EventBatch): Either<Rejected<MachineRejection>, void> {
    const fed = this.#replay.feed(batch)
    if (fed._tag === 'Left') return fed
    return right(this.#usage.feed(fed.right))
  }

  figures(): VariantFigures {
    const { blockBytes, arenaBytes, cLibraryBytes, requestedBytes, heldBytes, arenas, arenasTotal } = this.#usage
    return {
      profile: this.profile.name,
      arenasPeak: this.#usage.peak('arenaBytes').value / this.profile.allocator.arenaBytes,
      arenas,
      arenasTotal,
      heldBytesPeak: this.#usage.peak('heldBytes').value,
      heldBytes,
      liveBytes: requestedBytes + cLibraryBytes,
      externalFragmentation: arenaBytes === 0 ? 0 : 1 - blockBytes / arenaBytes,
    }
  }
}
