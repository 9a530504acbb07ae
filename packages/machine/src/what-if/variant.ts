/** One row of a what-if. */
import {
  type HostSettings,
  type ProcessMemory,
  processMemory,
  type SwapTotals,
  type SystemMemory,
  swapTotals,
  systemMemory,
} from '@reheap/host-memory'
import type { EventBatch, Rejected, Sealed } from '@reheap/kernel'
import { Collections, type CollectionTotals, type Peak, Timeline, UncollectedPeaks } from '@reheap/projections'
import { type Either, right } from 'fp-ts/lib/Either.js'
import type { HostListener } from '../host-link.ts'
import { hostOf, type MachineRejection, passedOver } from '../machine.ts'
import type { MachineState } from '../machine-draft.ts'
import type { MachineProfile } from '../profile.ts'
import { Replay } from '../replay.ts'
import type { CollectorSettings } from '../settings.ts'
import type { Foresight } from './foresight.ts'
import { Trail } from './parting.ts'

/** What a replay is told of the host. */
export interface HostReplay {
  readonly isHosted?: boolean
  readonly host?: HostSettings
}

/** What a row is made of. */
export interface VariantOptions {
  /** The profile that the log was recorded under. */
  readonly recorded: MachineProfile
  readonly profile: MachineProfile
  readonly settings: CollectorSettings
  /** What the log tells later on. */
  readonly foresight?: Foresight | undefined
  readonly host?: HostReplay | undefined
  /** Told after each request of the host. */
  readonly onHost?: HostListener | undefined
  /** Stretches of the row's curves; left out: as few as can be. */
  readonly points?: number | undefined
}

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

/** What the collector did with the objects of a log under one profile and its settings. */
export interface CollectorFigures {
  readonly settings: CollectorSettings
  /** The youngest generation first; pauses are estimates. */
  readonly generations: readonly CollectionTotals[]
  /** What a visited object is estimated to take. */
  readonly nanosecondsPerVisit: number
  /** The most that was unreachable and not yet collected, and before which event. */
  readonly uncollected: { readonly objects: Peak; readonly containers: Peak; readonly bytes: Peak }
  /** The most that was alive, late objects among it. */
  readonly live: { readonly objects: Peak; readonly bytes: Peak }
  /** Requests about objects that had died by then under this row, and did nothing. */
  readonly passedOver: number
}

/** What the process of the log cost the machine below. */
export interface VariantHost {
  readonly system: SystemMemory
  readonly process: ProcessMemory
  readonly swap: SwapTotals
}

const GENERATIONS = [0, 1, 2]
/** The process that a log is about. */
const PROCESS = 0

/** A replay on the simulated system, so that any two profiles can be compared. */
export class Variant {
  readonly profile: MachineProfile
  readonly settings: CollectorSettings
  /** What is told of the machine below. */
  readonly host: HostReplay
  /** Its curves. */
  readonly timeline: Timeline
  /** Its values after each event of the last batch. */
  readonly trail = new Trail()
  readonly #replay: Replay
  readonly #collections: Collections
  readonly #uncollected = new UncollectedPeaks()
  #ended: Sealed<MachineState> | null = null

  constructor({ recorded, profile, settings, foresight, host = {}, onHost, points = 2 }: VariantOptions) {
    this.profile = profile
    this.settings = settings
    this.host = host
    this.#replay = new Replay({
      recorded,
      profile,
      settings,
      foresight,
      isWhatIf: true,
      onGarbage: (span) => this.#uncollected.add(span),
      onHost,
      ...host,
    })
    this.#collections = new Collections(profile.nanosecondsPerVisit)
    this.timeline = new Timeline(profile.allocator.alignmentBytes, points)
  }

  /** Replays a batch under the variation. Left: a request that cannot have happened. */
  feed(batch: EventBatch): Either<Rejected<MachineRejection>, void> {
    const fed = this.#replay.feed(batch)
    if (fed._tag === 'Left') return fed
    this.#collections.feed(fed.right)
    this.trail.begin()
    this.timeline.feed(fed.right, (index) => this.trail.note(index, this.timeline))
    return right(undefined)
  }

  figures(): VariantFigures {
    const { blockBytes, arenaBytes, cLibraryBytes, requestedBytes, heldBytes, arenas, arenasTotal } = this.timeline.usage
    return {
      profile: this.profile.name,
      arenasPeak: this.timeline.usage.peak('arenaBytes').value / this.profile.allocator.arenaBytes,
      arenas,
      arenasTotal,
      heldBytesPeak: this.timeline.usage.peak('heldBytes').value,
      heldBytes,
      liveBytes: requestedBytes + cLibraryBytes,
      externalFragmentation: arenaBytes === 0 ? 0 : 1 - blockBytes / arenaBytes,
    }
  }

  /** Ends the replay; null: the log does not reach the machine below. */
  hostFigures(): VariantHost | null {
    const host = hostOf(this.#end())
    return host && { system: systemMemory(host), process: processMemory(host, PROCESS), swap: swapTotals(host) }
  }

  #end(): Sealed<MachineState> {
    this.#ended ??= this.#replay.end()
    return this.#ended
  }

  /** Ends the replay: what is garbage now is counted too. */
  collectorFigures(): CollectorFigures {
    const state = this.#end()
    return {
      settings: this.settings,
      generations: GENERATIONS.map((generation) => this.#collections.of(generation)),
      nanosecondsPerVisit: this.profile.nanosecondsPerVisit,
      uncollected: {
        objects: this.#uncollected.peak('objects'),
        containers: this.#uncollected.peak('containers'),
        bytes: this.#uncollected.peak('bytes'),
      },
      live: { objects: this.timeline.objects.peak('objects'), bytes: this.timeline.objects.peak('objectBytes') },
      passedOver: passedOver(state),
    }
  }
}
