/** Which shares of an axis of addresses are shown: kept in the address of the page. */
import { linkedChoice } from './permalink.ts'

/** A shorter part of the axis cannot be told apart. */
const SHARE_MIN = 1e-6

export class AddressZoom {
  readonly #text: ReturnType<typeof linkedChoice>

  /** @param key in the address of the page */
  constructor(key: string) {
    this.#text = linkedChoice(key, '')
  }

  /** From 0 to 1. */
  get shown(): readonly [low: number, high: number] {
    const [low = Number.NaN, high = Number.NaN] = this.#text.value.split('-').map(Number)
    return low >= 0 && low < high && high <= 1 ? [low, high] : [0, 1]
  }

  get isWhole(): boolean {
    const [low, high] = this.shown
    return low === 0 && high === 1
  }

  /** Zooms by a factor around a share, and moves by a share of what is shown. */
  zoom(factor: number, around: number, move = 0): void {
    const [low, high] = this.shown
    const span = Math.min(1, Math.max(SHARE_MIN, (high - low) * factor))
    const start = Math.max(0, Math.min(1 - span, around - (span * (around - low)) / (high - low) + span * move))
    this.#text.value = span === 1 ? '' : `${start.toFixed(8)}-${(start + span).toFixed(8)}`
  }

  showAll(): void {
    this.#text.value = ''
  }
}
