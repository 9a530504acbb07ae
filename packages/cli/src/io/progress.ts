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
  readonly #started = performance.now()
  readonly #isShown = process.stderr.isTTY === true
  #next = this.#started + QUIET_MS
  #isDrawn = false

  /** @param what the work in one word, such as `verify` @param total events, where that is known */
  constructor(what: string, total: number | null) {
    this.#what = what
    this.#total = total
  }

  /** So many events are done. */
  at(events: number): void {
    const now = performance.now()
    if (!this.#isShown || now < this.#next) return
    this.#next = now + BETWEEN_MS
    this.#isDrawn = true
    const share = this.#total === null ? '' : `, ${Math.floor((100 * events) / Math.max(1, this.#total))} %`
    const rate = events / (now - this.#started) / 1000
    process.stderr.write(`${CLEAR_LINE}${this.#what}: ${formatCount(events)} events${share}, ${rate.toFixed(1)} M/s`)
  }

  end(): void {
    if (this.#isDrawn) process.stderr.write(CLEAR_LINE)
  }
}
