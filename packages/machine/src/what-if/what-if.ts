/** The same requests of an interpreter under several profiles and settings, side by side. */
import { type EventBatch, OPCODE_RANGES, type Rejected } from '@reheap/kernel'
import { type Either, left, right } from 'fp-ts/lib/Either.js'
import type { HostListener } from '../host-link.ts'
import type { MachineRejection } from '../machine.ts'
import type { MachineProfile } from '../profile.ts'
import { type LoggedStart, profileNamed, startingFrom } from '../runtime.ts'
import { type CollectorSettings, NO_SETTINGS } from '../settings.ts'
import { type ComparedFigures, withDifferences } from './compared-figures.ts'
import type { Foresight } from './foresight.ts'
import { type Parting, PartingWatch } from './parting.ts'
import { type CollectorFigures, type HostReplay, Variant, type VariantHost } from './variant.ts'
import { hostText, rowName, type Variation, varyCollector, varyHost } from './variation.ts'

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

const NARROW = '-32'
const { from: FIRST, to: LAST } = { from: OPCODE_RANGES.refcount.from, to: OPCODE_RANGES.cycleGc.to }

/** Feed it every batch in order, then ask for the rows. The system is simulated in every row. */
export class WhatIf {
  readonly variants: readonly Variant[]
  readonly #recorded: MachineProfile
  readonly #variesCollector: boolean
  readonly #watches: readonly PartingWatch[]
  #hasObjects = false

  constructor({ recorded, base = recorded, start, variations, foresight, host = {}, onHost, points }: WhatIfOptions) {
    const below = varyHost(variations) ? { isHosted: true } : host
    this.#recorded = recorded
    this.#variesCollector = varyCollector(variations)
    this.variants = [
      new Variant({ recorded, profile: base, settings: NO_SETTINGS, foresight, host: below, onHost: onHost?.(0), points }),
      ...variations.map(
        (row, place) =>
          new Variant({
            recorded,
            profile: row.profile === null ? base : startingFrom(ofWidth(row.profile, base), start),
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

  feed(batch: EventBatch): Either<WhatIfRejected, void> {
    this.#hasObjects ||= holdsObjects(batch)
    for (const variant of this.variants) {
      const fed = variant.feed(batch)
      if (fed._tag === 'Left') return left({ row: rowName(variant.profile.name, variant.settings), rejected: fed.left })
    }
    const [first, ...others] = this.variants
    if (first !== undefined) others.forEach((variant, place) => void this.#watches[place]?.compare(first.trail, variant.trail))
    return right(undefined)
  }

  /** The rows after the last event. Left: what cannot be varied of such a log. */
  rows(): Either<string, readonly WhatIfRow[]> {
    if (!this.#hasObjects && this.#variesCollector)
      return left('holds no objects, so only profile can be varied; record the program with reheap run')
    const hosts = this.variants.map((variant) => variant.hostFigures())
    const isHosted = hosts.some((host) => host !== null)
    const compared = withDifferences(this.variants.map((variant) => variant.figures()))
    return right(
      compared.map((row, place) => {
        const variant = this.variants[place] as Variant
        return {
          ...row,
          parting: this.#watches[place - 1]?.parting ?? null,
          ...(this.#hasObjects ? { settings: variant.settings, collector: variant.collectorFigures() } : {}),
          ...(isHosted ? { host: hosts[place] ?? null } : {}),
        }
      }),
    )
  }

  /** The rows' names, as people read them. */
  names(): readonly string[] {
    return this.variants.map(({ profile, settings, host }, place) =>
      place === 0 && profile.name === this.#recorded.name
        ? `${profile.name} (recorded)`
        : [rowName(profile.name, settings), hostText(host.host ?? {})].join(' ').trimEnd(),
    )
  }
}

/** Of a version that is named without its build, the build as wide as the first row's: else arenas of other sizes were compared. */
function ofWidth(profile: MachineProfile, first: MachineProfile): MachineProfile {
  if (!first.name.endsWith(NARROW) || !/^cpython-[\d.]+$/.test(profile.name)) return profile
  const twin = profileNamed(`${profile.name}${NARROW}`)
  return twin._tag === 'Right' ? twin.right : profile
}

/** Does a batch hold a request of the object layers? */
function holdsObjects({ code, length }: EventBatch): boolean {
  for (let row = 0; row < length; row++) if (code[row] >= FIRST && code[row] <= LAST) return true
  return false
}
