/** Replays the requests of a log without comparing anything. */
import type { DeviceMemoryState } from '@reheap/device-memory'
import type { HostMemoryState, HostSettings } from '@reheap/host-memory'
import { type Draft, Emit, type EventBatch, explainRow, type FactBatch, type Rejected, type Sealed } from '@reheap/kernel'
import { type Either, left, right } from 'fp-ts/lib/Either.js'
import type { GarbageListener, GarbageWatch } from './garbage-watch.ts'
import type { HostListener } from './host-link.ts'
import { emptyMachine, keeper, type MachineRejection, machineMechanism } from './machine.ts'
import type { MachineState } from './machine-draft.ts'
import { type Placement, PlacementSearch, systemOf } from './placement.ts'
import type { MachineProfile } from './profile.ts'
import { type CollectorSettings, hasSettings, NO_SETTINGS } from './settings.ts'
import type { Foresight } from './what-if/foresight.ts'

/** How a log is replayed. */
export interface ReplayOptions {
  /** The profile that the log was recorded under. */
  readonly recorded: MachineProfile
  /** The profile to replay it under; default the recorded one. Under another one blocks cannot lie where they were recorded. */
  readonly profile?: MachineProfile | undefined
  /** What the collector is set to, whatever the log sets. */
  readonly settings?: CollectorSettings | undefined
  /** Who says where arenas lie; default what the log holds. */
  readonly placement?: Placement | undefined
  /** Is it a row of a comparison of what-ifs? Default: under another profile or settings. */
  readonly isWhatIf?: boolean | undefined
  /** Is memory followed down to pages from the first event on? Default: from the event on that names the host. */
  readonly isHosted?: boolean | undefined
  /** What the host is, whatever the log says. */
  readonly host?: HostSettings | undefined
  /** Told after each request of the host. */
  readonly onHost?: HostListener | undefined
  /** Drop facts: faster where only the state is wanted. */
  readonly muted?: boolean | undefined
  /** What the log tells later on. */
  readonly foresight?: Foresight | undefined
  /** A state of the same log under the same options, which knows where arenas lie: the replay goes on behind it. Default: the beginning. */
  readonly from?: Sealed<MachineState> | undefined
  /** Told of each object that was unreachable and alive, and when. */
  readonly onGarbage?: GarbageListener | undefined
}

/** A replay under way: feed it the log's batches in order, then ask for the state. */
export class Replay {
  readonly profile: MachineProfile
  readonly settings: CollectorSettings
  readonly #search: PlacementSearch
  readonly #onHost: HostListener | undefined
  readonly #foresight: Foresight | undefined
  readonly #emit: Emit
  #placement: Placement | null
  #draft: Draft<MachineState>
  readonly #watch: GarbageWatch | null
  #next = 0

  constructor(options: ReplayOptions) {
    const { recorded, profile = recorded, settings = NO_SETTINGS, placement, isWhatIf, muted = false, onGarbage } = options
    this.profile = profile
    this.settings = settings
    const isOther = isWhatIf ?? (profile.name !== recorded.name || hasSettings(settings))
    this.#placement = isOther ? 'simulated' : (placement ?? null)
    const { isHosted, host, from } = options
    this.#search = new PlacementSearch(recorded, isHosted ?? false)
    this.#search.isDone = from !== undefined
    this.#onHost = options.onHost
    this.#emit = new Emit({ muted })
    this.#foresight = options.foresight
    this.#draft = machineMechanism.thaw(
      from ?? emptyMachine(profile, systemOf(this.placement), { settings, isWhatIf: isOther, isHosted, host }),
    )
    if (this.#onHost !== undefined) keeper.own(this.#draft).listenToHost(this.#onHost)
    this.#watch = onGarbage === undefined ? null : keeper.own(this.#draft).watchGarbage(onGarbage)
  }

  /** Who says where arenas lie; until a batch tells, the log. */
  get placement(): Placement {
    return this.#placement ?? 'recorded'
  }

  /**
   * Looks at a batch, which may say where arenas lie: only for one that is fed in pieces, or whose state is kept before it is fed.
   *
   * @returns whether that is known now
   */
  begin(batch: EventBatch): boolean {
    const told = this.#search.look(batch)
    if (told !== null) {
      this.#placement ??= told.placement
      keeper.own(this.#draft).answerFrom(systemOf(this.#placement, told.top))
    }
    return this.#search.isDone
  }

  /**
   * Replays the rows of a batch before row `to`.
   *
   * @returns their facts, overwritten by the next call. Left: a request that cannot have happened
   */
  feed(batch: EventBatch, to: number = batch.length): Either<Rejected<MachineRejection>, FactBatch> {
    this.begin(batch)
    this.#emit.clear()
    const row = this.#apply(batch, to)
    this.#next = batch.firstIndex + to
    if (row < 0) return right(this.#emit.facts)
    return left({ index: batch.firstIndex + row, reason: explainRow(machineMechanism, this.#emit.reason, batch, row) })
  }

  #apply(batch: EventBatch, to: number): number {
    const draft = this.#draft
    const foreseen = this.#foresight?.within(batch.firstIndex, batch.firstIndex + to) ?? []
    let from = 0
    for (const { at, row } of foreseen) {
      const place = at - batch.firstIndex
      const end = row === null ? place : place + 1
      const rejected = machineMechanism.applyBatch(draft, batch, from, end, this.#emit)
      if (rejected >= 0) return rejected
      if (row !== null) machineMechanism.applyBatch(draft, row, 0, 1, this.#emit)
      from = place + 1
    }
    return machineMechanism.applyBatch(draft, batch, from, to, this.#emit)
  }

  /** The state after the last row fed; the replay goes on with a copy, which tells nobody of garbage. */
  state(): Sealed<MachineState> {
    const sealed = machineMechanism.seal(this.#draft)
    this.#draft = machineMechanism.thaw(sealed)
    if (this.#onHost !== undefined) keeper.own(this.#draft).listenToHost(this.#onHost)
    return sealed
  }

  /** The system's memory as it is now, to be asked and not kept; null: no host is followed. */
  get hostNow(): Draft<HostMemoryState> | null {
    return keeper.own(this.#draft).junction.host?.memory ?? null
  }

  /** The memory of all devices as it is now, to be asked and not kept; null: no event has named one. */
  get devicesNow(): Draft<DeviceMemoryState> | null {
    return keeper.own(this.#draft).devices
  }

  /** Ends the replay. @returns the state after the last row fed */
  end(): Sealed<MachineState> {
    this.#watch?.end(this.#next)
    return machineMechanism.seal(this.#draft)
  }
}
