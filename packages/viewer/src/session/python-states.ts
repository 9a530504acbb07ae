/** The states of an interpreter's log: some that are kept, those that were asked for last, and from them any other. */
import { type Draft, Emit, giveStateBack, type Sealed } from '@reheap/kernel'
import { type MachineState, machineMechanism } from '@reheap/machine'
import type { LogStore } from './log-store.ts'
import { KeptStates } from './snapshots.ts'

/** Events between the cursor and a state that waits for steps back. */
const NEAR = 4096

/** A state that was asked for, and the events before it. */
interface Recent {
  readonly at: number
  readonly state: Sealed<MachineState>
  /** May somebody keep it? */
  isLent: boolean
}

export class PythonStates {
  /** To be filled by a replay of the log. */
  readonly kept: KeptStates<MachineState>
  readonly #log: LogStore
  /** The two states that were asked for last: a step back is as near as one on. */
  #recent: readonly Recent[] = []

  constructor(log: LogStore) {
    this.#log = log
    this.kept = new KeptStates(log.length)
  }

  /** The state after the first `at` events, which may be kept. */
  at(at: number): Sealed<MachineState> {
    const asked = this.#asked(at)
    asked.isLent = true
    return asked.state
  }

  /** What `read` makes of that state without keeping it: its memory is used again. */
  read<A>(at: number, read: (state: Sealed<MachineState>) => A): A {
    return read(this.#asked(at).state)
  }

  /** That state from one that is kept: what was asked for last stays what it is. */
  near(at: number): Sealed<MachineState> {
    const kept = this.#keptBefore(at)
    return this.#replayed(kept.use(machineMechanism.thaw), kept.at, at)
  }

  #keptBefore(at: number): NonNullable<ReturnType<KeptStates<MachineState>['before']>> {
    const kept = this.kept.before(at)
    if (kept === undefined) throw new RangeError(`no state at ${at}`)
    return kept
  }

  #asked(at: number): Recent {
    const near = this.#recent.reduce<Recent | null>((best, each) => (each.at <= at && each.at >= (best?.at ?? 0) ? each : best), null)
    if (near?.at === at) return near
    const kept = this.#keptBefore(at)
    const isKept = near === null || near.at < kept.at
    const from = isKept ? kept.at : near.at
    const draft = isKept ? kept.use(machineMechanism.thaw) : machineMechanism.thaw(near.state)
    // A step back is likely followed by others: a state a little before serves them.
    const isStepBack = this.#recent.some((each) => each.at > at && each.at - NEAR < at) && at - NEAR > from
    if (!isStepBack) return this.#remembered(this.#recent.slice(-1), at, this.#replayed(draft, from, at))
    const before = this.#remembered([], at - NEAR, this.#replayed(draft, from, at - NEAR))
    return this.#remembered([before], at, this.#replayed(machineMechanism.thaw(before.state), before.at, at))
  }

  /** Remembers a state beside some of those before it; the others go. */
  #remembered(others: readonly Recent[], at: number, state: Sealed<MachineState>): Recent {
    for (const each of this.#recent) if (!each.isLent && !others.includes(each)) giveStateBack(each.state)
    const asked = { at, state, isLent: false }
    this.#recent = [...others, asked]
    return asked
  }

  #replayed(draft: Draft<MachineState>, from: number, to: number): Sealed<MachineState> {
    const emit = new Emit({ muted: true })
    for (const batch of this.#log.batches.within(from, to)) {
      const { firstIndex, length } = batch
      machineMechanism.applyBatch(draft, batch, Math.max(0, from - firstIndex), Math.min(length, to - firstIndex), emit)
    }
    return machineMechanism.seal(draft)
  }
}
