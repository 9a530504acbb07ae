/** Frames of functions in the naive model: each function keeps one for its next call, a list keeps some of the others. */
import type { RefcountProfile } from '../src/index.ts'

export class NaiveFrames {
  readonly #profile: RefcountProfile
  readonly #kept = new Set<number>()
  #listed = 0

  constructor(profile: RefcountProfile) {
    this.#profile = profile
  }

  /** @param code of the function; null: it is none @returns must memory be asked for? */
  start(code: number | null): boolean {
    if (!this.#profile.callsMakeFrames || code === null || this.#kept.delete(code)) return false
    if (this.#listed === 0) return true
    this.#listed--
    return false
  }

  /** @returns does memory go back? */
  end(code: number | null): boolean {
    if (!this.#profile.callsMakeFrames || code === null) return false
    if (!this.#kept.has(code)) {
      this.#kept.add(code)
      return false
    }
    if (this.#listed === this.#profile.framesMax) return true
    this.#listed++
    return false
  }
}
