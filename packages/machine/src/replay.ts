/** Replays the requests of a log without comparing anything. */
import { type AllocatorProfile, simulatedSystem } from '@reheap/allocator'
import { type Draft, Emit, type EventBatch, explainRow, type FactBatch, type Rejected, type Sealed } from '@reheap/kernel'
import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { emptyMachine, type MachineRejection, type MachineState, machineMechanism } from './machine.ts'
import { firstArenaEnd, type Placement, placementOf, systemOf } from './placement.ts'

/** How a log is replayed. */
export interface ReplayOptions {
  /** The profile that the log was recorded under. */
  readonly recorded: AllocatorProfile
  /** The profile to replay it under; default the recorded one. Under another one blocks cannot lie where they were recorded. */
  readonly profile?: AllocatorProfile | undefined
  /** Who says where arenas lie; default what the log holds. */
  readonly placement?: Placement | undefined
  /** Drop facts: faster where only the state is wanted. */
  readonly muted?: boolean | undefined
}

/** A replay under way: feed it the log's batches in order, then ask for the state. */
export class Replay {
  readonly profile: AllocatorProfile
  readonly #recorded: AllocatorProfile
  readonly #emit: Emit
  #placement: Placement | null
  #draft: Draft<MachineState> | null = null

  constructor({ recorded, profile = recorded, placement, muted = false }: ReplayOptions) {
    this.profile = profile
    this.#recorded = recorded
    this.#placement = profile.name === recorded.name ? (placement ?? null) : 'simulated'
    this.#emit = new Emit({ muted })
  }

  /** Who says where arenas lie; known from the first batch on. */
  get placement(): Placement {
    return this.#placement ?? 'recorded'
  }

  /**
   * Replays the rows of a batch before row `to`.
   *
   * @returns their facts, overwritten by the next call. Left: a request that cannot have happened
   */
  feed(batch: EventBatch, to: number = batch.length): Either<Rejected<MachineRejection>, FactBatch> {
    this.#draft ??= this.#start(batch)
    this.#emit.clear()
    const row = machineMechanism.applyBatch(this.#draft, batch, 0, to, this.#emit)
    if (row < 0) return right(this.#emit.facts)
    return left({ index: batch.firstIndex + row, reason: explainRow(machineMechanism, this.#emit.reason, batch, row) })
  }

  /** Ends the replay. @returns the state after the last row fed */
  end(): Sealed<MachineState> {
    return this.#draft === null ? emptyMachine(this.profile, simulatedSystem()) : machineMechanism.seal(this.#draft)
  }

  #start(first: EventBatch): Draft<MachineState> {
    this.#placement ??= placementOf(first, this.#recorded)
    const top = firstArenaEnd(first, this.#recorded) ?? undefined
    return machineMechanism.thaw(emptyMachine(this.profile, systemOf(this.#placement, top)))
  }
}
