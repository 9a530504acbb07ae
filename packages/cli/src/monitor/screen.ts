/** A full screen of text that is redrawn in place, and what it leaves behind: nothing. */
import { onInterrupt } from '../io/interrupt.ts'

const ENTER = '\u001b[?1049h\u001b[?25l'
const LEAVE = '\u001b[?25h\u001b[?1049l'
const CLEAR = '\u001b[2J'
/** Terminals that know it show all changes between these two at once; others pass over them. */
const BEGIN = '\u001b[?2026h'
const END = '\u001b[?2026l'
const lineAt = (row: number, text: string): string => `\u001b[${row + 1};1H${text}\u001b[K`

/** Size of a terminal in characters. */
export interface ScreenSize {
  readonly columns: number
  readonly rows: number
}

/** The part of a terminal's stream that a screen needs. */
export interface Terminal {
  readonly columns?: number | undefined
  readonly rows?: number | undefined
  write(text: string): unknown
  on(event: 'resize', listener: () => void): unknown
  off(event: 'resize', listener: () => void): unknown
}

/** Draws on the terminal's other screen; the first one comes back when it is closed, or the command ends in any other way. */
export class Screen {
  readonly #terminal: Terminal
  readonly #resized: () => void
  readonly #settled: () => void
  /** What stands on the screen; null: it is not known. */
  #shown: readonly string[] | null = null
  #isOpen = true

  /** @param onResize the size has changed: draw again */
  constructor(terminal: Terminal, onResize: () => void) {
    this.#terminal = terminal
    this.#resized = () => {
      this.#shown = null
      onResize()
    }
    terminal.on('resize', this.#resized)
    terminal.write(ENTER)
    this.#settled = onInterrupt(() => this.#restore())
  }

  get size(): ScreenSize {
    return { columns: this.#terminal.columns || 80, rows: this.#terminal.rows || 24 }
  }

  /** Shows these lines. Only rows that changed are written, in one piece, so nothing flickers. */
  draw(lines: readonly string[]): void {
    const { columns, rows } = this.size
    const wanted = Array.from({ length: rows }, (_, row) => (lines[row] ?? '').slice(0, columns))
    const before = this.#shown
    const changes = wanted.flatMap((line, row) => (before?.[row] === line ? [] : [lineAt(row, line)]))
    if (changes.length > 0) this.#terminal.write(`${BEGIN}${before === null ? CLEAR : ''}${changes.join('')}${END}`)
    this.#shown = wanted
  }

  close(): void {
    this.#restore()
    this.#settled()
  }

  #restore(): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    this.#terminal.off('resize', this.#resized)
    this.#terminal.write(LEAVE)
  }
}
