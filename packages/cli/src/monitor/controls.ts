/** Keys and signals that steer a monitor, and the wait between two looks, which they cut short. */
import type { Pace } from './reading.ts'

const CTRL_C = '\u0003'
const SPEED_STEP = 2
const SIGNALS = ['SIGINT', 'SIGTERM'] as const

/** What the person in front of the terminal, or a signal, asked for. */
export class Controls {
  isStopped = false
  readonly #pace: Pace | null
  #wake: () => void = () => {}
  readonly #stop = (): void => {
    this.isStopped = true
    this.#wake()
  }
  readonly #onKeys = (keys: Buffer): void => this.#keys(keys.toString())

  constructor(pace: Pace | null) {
    this.#pace = pace
    for (const signal of SIGNALS) process.on(signal, this.#stop)
  }

  /** Listens to keys, where standard input is a terminal: each as it is pressed, unseen. */
  listen(): void {
    if (process.stdin.isTTY !== true) return
    process.stdin.setRawMode(true)
    process.stdin.on('data', this.#onKeys)
    process.stdin.resume()
  }

  /** Waits, unless something happens. @unit ms */
  wait(milliseconds: number): Promise<void> {
    if (this.isStopped) return Promise.resolve()
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  /** Ends a wait: there is something new to draw. */
  wake(): void {
    this.#wake()
  }

  close(): void {
    for (const signal of SIGNALS) process.off(signal, this.#stop)
    if (!process.stdin.isRaw) return
    process.stdin.off('data', this.#onKeys)
    process.stdin.setRawMode(false)
    process.stdin.pause()
  }

  #keys(keys: string): void {
    for (const key of keys) {
      if (key === 'q' || key === CTRL_C) this.#stop()
      if (this.#pace === null) continue
      if (key === ' ') this.#pace.isPaused = !this.#pace.isPaused
      if (key === '+') this.#pace.speed *= SPEED_STEP
      if (key === '-') this.#pace.speed /= SPEED_STEP
    }
    this.#wake()
  }
}
