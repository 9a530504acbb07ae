/** Replays the requests of a log without comparing anything. */
import { type AllocatorProfile, recordedSystem, type System, simulatedSystem } from '@reheap/allocator'
import { type Draft, Emit, type EventBatch, explainRow, type FactBatch, type Rejected, type Sealed } from '@reheap/kernel'
import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { emptyMachine, type MachineRejection, type MachineState, machineMechanism } from './machine.ts'
import type { Placement } from './placement.ts'

/** How a log is replayed. */
export interface ReplayOptions {
  /** Drop facts: faster where only the state is wanted. */
  readonly muted?: boolean
}

/** A replay under way: feed it the log's batches in order, then ask for the state. */
export class Replay {
  readonly #emit: Emit
  readonly #draft: Draft<MachineState>

  /** @param system answers for the layers below the allocator */
  constructor(profile: AllocatorProfile, system: System, { muted = false }: ReplayOptions = {}) {
    this.#emit = new Emit({ muted })
    this.#draft = machineMechanism.thaw(emptyMachine(profile, system))
  }

  /**
   * Replays the rows of a batch before row `to`.
   *
   * @returns their facts, overwritten by the next call. Left: a request that cannot have happened
   */
  feed(batch: EventBatch, to: number = batch.length): Either<Rejected<MachineRejection>, FactBatch> {
    this.#emit.clear()
    const row = machineMechanism.applyBatch(this.#draft, batch, 0, to, this.#emit)
    if (row < 0) return right(this.#emit.facts)
    return left({ index: batch.firstIndex + row, reason: explainRow(machineMechanism, this.#emit.reason, batch, row) })
  }

  /** Ends the replay. @returns the state after the last row fed */
  end(): Sealed<MachineState> {
    return machineMechanism.seal(this.#draft)
  }
}

/** The system that a placement means. @param top where a simulated system starts: see `simulatedSystem` */
export const systemOf = (placement: Placement, top?: number | undefined): System =>
  placement === 'recorded' ? recordedSystem() : simulatedSystem(top)
