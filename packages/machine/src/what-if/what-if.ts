/** The same requests of an interpreter under several profiles and settings, side by side. */
import type { AllocatorSizes } from '@reheap/allocator'
import { type EventBatch, type EventIndex, OPCODE_RANGES, type Rejected } from '@reheap/kernel'
import { type Either, left, right } from 'fp-ts/lib/Either.js'
import type { HostListener } from '../host-link.ts'
import type { MachineRejection } from '../machine.ts'
import type { MachineProfile } from '../profile.ts'
import type { LoggedStart } from '../runtime.ts'
import { type CollectorSettings, NO_SETTINGS } from '../settings.ts'
import { type ComparedFigures, withDifferences } from './compared-figures.ts'
import type { Foresight } from './foresight.ts'
import { firstParting, type Parting, PartingWatch } from './parting.ts'
import { rowProfile } from './row-profile.ts'
import { type CollectorFigures, type HostReplay, Variant, type VariantHost } from './variant.ts'
import { type Variation, variationText, varyCollector, varyHost, varySizes } from './variation.ts'

/** What is compared. */
export interface WhatIfOptions {
  /** The profile that the log was recorded under. */
  readonly recorded: MachineProfile
  /** The profile of the first row; default the recorded one. */
  readonly base?: MachineProfile | undefined
  /** How the collector stood when the log begins, as its header says. */
  readonly start?: LoggedStart | undefined
  readonly variations: readonly Variation[]
  /** What the log tells later on, if it was read before. */
  readonly foresight?: Foresight | undefined
  /** What every row is told of the machine below. */
  readonly host?: HostReplay | undefined
  /** Who is told after each request of a row's host. */
  readonly onHost?: ((row: number) => HostListener) | undefined
  /** Stretches of each row's curves; left out: as few as can be. */
  readonly points?: number | undefined
}

/** One row: what the requests cost, and where they first part from the first row. */
export interface WhatIfRow extends ComparedFigures {
  /** Null in the first row. */
  readonly parting: Parting | null
  /** The first event after which any value differs; null in the first row, and where none ever does. */
  readonly firstParting: EventIndex | null
  /** Where sizes of the allocator are varied. */
  readonly allocator?: Required<AllocatorSizes>
  /** Where the log holds objects. */
  readonly settings?: CollectorSettings
  readonly collector?: CollectorFigures
  /** Where the log reaches the machine below; null: this row does not. */
  readonly host?: VariantHost | null
}

/** A request that cannot have happened, and the row that rejects it. */
export interface WhatIfRejected {
  readonly row: string
  readonly rejected: Rejected<MachineRejection>
}

const { from: FIRST, to: LAST } = { from: OPCODE_RANGES.refcount.from, to: OPCODE_RANGES.cycleGc.to }

/** Feed it every batch in order, then ask for the rows. The system is simulated in every row. */
export class WhatIf {
  readonly variants: readonly Variant[]
  readonly #recorded: MachineProfile
  readonly #variations: readonly Variation[]
  readonly #watches: readonly PartingWatch[]
  #hasObjects = false

  constructor({ recorded, base = recorded, start, variations, foresight, host = {}, onHost, points }: WhatIfOptions) {
    const below = varyHost(variations) ? { isHosted: true } : host
    this.#recorded = recorded
    this.#variations = variations
    this.variants = [
      new Variant({ recorded, profile: base, settings: NO_SETTINGS, foresight, host: below, onHost: onHost?.(0), points }),
      ...variations.map(
        (row, place) =>
          new Variant({
            recorded,
            profile: rowProfile(row, base, start),
            settings: row.settings,
            foresight,
            host: { ...below, host: row.host },
            onHost: onHost?.(place + 1),
            points,
          }),
      ),
    ]
    this.#watches = variations.map(() => new PartingWatch())
  }

  /** Does the log hold objects, so far? */
  get hasObjects(): boolean {
    return this.#hasObjects
  }

  /** Replays a batch in every row. Left: a request that cannot have happened. */
  feed(batch: EventBatch): Either<WhatIfRejected, void> {
    this.#hasObjects ||= holdsObjects(batch)
    for (const [place, variant] of this.variants.entries()) {
      const fed = variant.feed(batch)
      if (fed._tag === 'Left') return left({ row: this.#nameOf(place), rejected: fed.left })
    }
    const [first, ...others] = this.variants
    if (first !== undefined) others.forEach((variant, place) => void this.#watches[place]?.compare(first.trail, variant.trail))
    return right(undefined)
  }

  /** The rows after the last event. Left: what cannot be varied of such a log. */
  rows(): Either<string, readonly WhatIfRow[]> {
    if (!this.#hasObjects && varyCollector(this.#variations))
      return left('holds no objects, so nothing of its collector can be varied; record the program with reheap run')
    const hosts = this.variants.map((variant) => variant.hostFigures())
    const isHosted = hosts.some((host) => host !== null)
    const hasSizes = varySizes(this.#variations)
    const compared = withDifferences(this.variants.map((variant) => variant.figures()))
    return right(
      compared.map((row, place) => {
        const variant = this.variants[place] as Variant
        const parting = this.#watches[place - 1]?.parting ?? null
        return {
          ...row,
          parting,
          firstParting: parting && firstParting(parting),
          ...(hasSizes
            ? { allocator: { arenaBytes: variant.profile.allocator.arenaBytes, poolBytes: variant.profile.allocator.poolBytes } }
            : {}),
          ...(this.#hasObjects ? { settings: variant.settings, collector: variant.collectorFigures() } : {}),
          ...(isHosted ? { host: hosts[place] ?? null } : {}),
        }
      }),
    )
  }

  /** The rows' names, as people read them. */
  names(): readonly string[] {
    const isRecorded = this.variants[0]?.profile.name === this.#recorded.name
    return this.variants.map((_, place) => (place === 0 && isRecorded ? `${this.#recorded.name} (recorded)` : this.#nameOf(place)))
  }

  #nameOf(place: number): string {
    const variation = this.#variations[place - 1]
    return [this.variants[place]?.profile.name ?? '', ...(variation === undefined ? [] : variationText(variation))].join(' ')
  }
}

/** Does a batch hold a request of the object layers? */
function holdsObjects({ code, length }: EventBatch): boolean {
  for (let row = 0; row < length; row++) if (code[row] >= FIRST && code[row] <= LAST) return true
  return false
}
