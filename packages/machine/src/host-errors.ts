/** How far the simulated sizes of a system and its processes are from those that were seen. */

/** Sizes agree where they differ by no more than this share, or by no more than {@link TOLERANCE_BYTES}. */
export const TOLERANCE_SHARE = 0.03
/** @unit bytes */
export const TOLERANCE_BYTES = 2 * 2 ** 20

/** Errors of one observed size, over a whole log. */
export interface HostError {
  /** `hostMemory.rssBytes`, `systemMemory.used` ... */
  readonly of: string
  readonly compared: number
  /** Those that are outside of the tolerance. */
  readonly outside: number
  /** Middle of the errors, as shares of what was seen. */
  readonly medianShare: number
  /** Nine of ten errors are no larger. */
  readonly tenthShare: number
  readonly maxShare: number
  /** The error with the most bytes. @unit bytes */
  readonly maxBytes: number
  /** Mean of simulated less seen: on which side the simulation errs. @unit bytes */
  readonly meanBytes: number
}

/** Errors are counted in steps of this share; what is beyond the last step counts there. */
const STEP_SHARE = 0.0001
const STEPS = 10_001

/** Does a simulated size agree with the one that was seen? */
export const agrees = (seen: number, simulated: number): boolean =>
  Math.abs(simulated - seen) <= Math.max(TOLERANCE_BYTES, TOLERANCE_SHARE * Math.abs(seen))

class Distribution {
  /** Errors by their share, in steps. */
  readonly #steps = new Uint32Array(STEPS)
  #compared = 0
  #outside = 0
  #maxShare = 0
  #maxBytes = 0
  #sumBytes = 0

  add(seen: number, simulated: number): void {
    const bytes = Math.abs(simulated - seen)
    const share = seen === 0 ? (bytes === 0 ? 0 : 1) : bytes / seen
    this.#steps[Math.min(STEPS - 1, Math.floor(share / STEP_SHARE))]++
    this.#compared++
    if (!agrees(seen, simulated)) this.#outside++
    this.#maxShare = Math.max(this.#maxShare, share)
    this.#maxBytes = Math.max(this.#maxBytes, bytes)
    this.#sumBytes += simulated - seen
  }

  told(of: string): HostError {
    return {
      of,
      compared: this.#compared,
      outside: this.#outside,
      medianShare: this.#quantile(0.5),
      tenthShare: this.#quantile(0.9),
      maxShare: this.#maxShare,
      maxBytes: this.#maxBytes,
      meanBytes: this.#sumBytes / this.#compared,
    }
  }

  /** The share that so many errors do not exceed: the end of their step, or the largest error. */
  #quantile(part: number): number {
    let left = part * this.#compared
    const step = this.#steps.findIndex((count) => {
      left -= count
      return left <= 0
    })
    return Math.min(this.#maxShare, (step + 1) * STEP_SHARE)
  }
}

/** The errors of a verification, by the size that was observed. Its memory does not grow with the log. */
export class HostErrors {
  readonly #distributions = new Map<string, Distribution>()

  /** Takes one observed size. @returns whether the simulated one agrees */
  compare(of: string, seen: number, simulated: number): boolean {
    const known = this.#distributions.get(of)
    const distribution = known ?? new Distribution()
    if (known === undefined) this.#distributions.set(of, distribution)
    distribution.add(seen, simulated)
    return agrees(seen, simulated)
  }

  told(): readonly HostError[] {
    return [...this.#distributions].map(([of, distribution]) => distribution.told(of))
  }
}
