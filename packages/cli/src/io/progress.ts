import { formatCount } from '@reheap/kernel'

/** Shorter work shows nothing. @unit ms */
const QUIET_MS = 1000
/** @unit ms */
const BETWEEN_MS = 100
const CLEAR_LINE = '\r\u001b[K'

/** How far a long piece of work is: one line on a terminal's standard error, gone when it ends. */
export class Progress {
  readonly #what: string
  readonly #total: number | null
  readonly #unit: string
  readonly #started = performance.now()
  readonly #isShown = process.stderr.isTTY === true
  #next = this.#started + QUIET_MS
  #isDrawn = false

  /** @param what the work in one word, such as `verify` @param total of them, where that is known @param unit what is counted */
  constructor(what: string, total: number | null, unit = 'events') {
    this.#what = what
    this.#total = total
    this.#unit = unit
  }

  /** So many are done. */
  at(done: number): void {
    const now = performance.now()
    if (!this.#isShown || now < this.#next) return
    this.#next = now + BETWEEN_MS
    this.#isDrawn = true
    const share = this.#total === null ? '' : `, ${Math.floor((100 * done) / Math.max(1, this.#total))} %`
    const perSecond = (1000 * done) / (now - this.#started)
    const rate = perSecond >= 50_000 ? `${(perSecond / 1e6).toFixed(1)} M/s` : `${formatCount(Math.round(perSecond))}/s`
    process.stderr.write(`${CLEAR_LINE}${this.#what}: ${formatCount(done)} ${this.#unit}${share}, ${rate}`)
  }

  end(): void {
    if (this.#isDrawn) process.stderr.write(CLEAR_LINE)
  }
}
