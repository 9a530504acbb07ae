import { grown } from '@reheap/kernel'
import { ACTIONS, KEY_CODES, UNKNOWN } from './snapshot-keys.ts'
import type { TextTable } from './text-table.ts'

const ACTION_CODES: ReadonlyMap<string, number> = new Map(ACTIONS.map((action, code) => [action, code]))
/** No key and no action has more bytes. */
const WORD_BYTES_MAX = 32

/** What texts mean as keys and as actions, by their numbers. */
export class KeyTable {
  readonly #texts: TextTable
  /** The code of every text that is a key; 0: it is none. */
  key = new Uint8Array(256)
  /** The number of every text that is an action. */
  action = new Uint8Array(256)
  #known = 0

  constructor(texts: TextTable) {
    this.#texts = texts
  }

  /** Learns what texts came since the last call. */
  learn(): void {
    const texts = this.#texts
    if (this.#known === texts.length) return
    this.key = grown(this.key, texts.length)
    this.action = grown(this.action, texts.length)
    for (; this.#known < texts.length; this.#known++) {
      const text = texts.size(this.#known) < WORD_BYTES_MAX ? texts.text(this.#known) : ''
      this.key[this.#known] = KEY_CODES.get(text) ?? 0
      this.action[this.#known] = ACTION_CODES.get(text) ?? UNKNOWN
    }
  }
}
