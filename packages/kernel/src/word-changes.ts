/** What differs between a column and the one before it, as the places and the values of changed 32-bit words. */
import { type Column, grown } from './columns.ts'

/** A byte of `gaps` that stands for so many words that are the same, and no changed one behind them. */
const SKIP = 255
/** Words looked at together: most are the same. */
const TOGETHER = 8

/** Changed words of a column, in ascending order. */
export interface WordChanges {
  /** Words between one that has changed and the next, {@link SKIP} for more. */
  readonly gaps: Uint8Array
  readonly words: Int32Array
}

/** A column's bytes as words; a copy where they do not fill whole ones. */
export function wordsOf(column: Column): Int32Array {
  const { buffer, byteOffset, byteLength } = column
  if (byteOffset % 4 === 0 && byteLength % 4 === 0) return new Int32Array(buffer, byteOffset, byteLength / 4)
  const words = new Int32Array(Math.ceil(byteLength / 4))
  new Uint8Array(words.buffer).set(new Uint8Array(buffer, byteOffset, byteLength))
  return words
}

/** Two words in one: half as many comparisons. */
function pairsOf(words: Int32Array): BigInt64Array {
  const { buffer, byteOffset, length } = words.byteOffset % 8 === 0 ? words : words.slice()
  return new BigInt64Array(buffer, byteOffset, length >>> 1)
}

/** Compares columns; keeps its room from one to the next. */
export class WordComparison {
  #gaps = new Uint8Array(1024)
  #words = new Int32Array(1024)
  #gapCount = 0
  #wordCount = 0
  #next = 0

  /** What has to be written over `before`, followed by zeros, to make it `now`. */
  changes(before: Int32Array, now: Int32Array): WordChanges {
    this.#gapCount = 0
    this.#wordCount = 0
    this.#next = 0
    const both = Math.min(before.length, now.length)
    let at = 0
    const old = pairsOf(before)
    const next = pairsOf(now)
    for (; at + TOGETHER <= both; at += TOGETHER) {
      const pair = at >>> 1
      if (
        old[pair] === next[pair] &&
        old[pair + 1] === next[pair + 1] &&
        old[pair + 2] === next[pair + 2] &&
        old[pair + 3] === next[pair + 3]
      )
        continue
      for (let word = at; word < at + TOGETHER; word++) if (before[word] !== now[word]) this.#note(word, now[word])
    }
    for (; at < both; at++) if (before[at] !== now[at]) this.#note(at, now[at])
    for (; at < now.length; at++) if (now[at] !== 0) this.#note(at, now[at])
    return { gaps: this.#gaps.slice(0, this.#gapCount), words: this.#words.slice(0, this.#wordCount) }
  }

  #note(place: number, word: number): void {
    let gap = place - this.#next
    const skips = Math.floor(gap / SKIP)
    this.#gaps = grown(this.#gaps, this.#gapCount + skips + 1)
    this.#words = grown(this.#words, this.#wordCount + 1)
    for (; gap >= SKIP; gap -= SKIP) this.#gaps[this.#gapCount++] = SKIP
    this.#gaps[this.#gapCount++] = gap
    this.#words[this.#wordCount++] = word
    this.#next = place + 1
  }
}

/** Writes changes over a column. Those behind its end are left out: they were of a longer one. */
export function writeChanges({ gaps, words }: WordChanges, into: Int32Array): void {
  let place = 0
  let next = 0
  for (let gap = 0; gap < gaps.length; gap++) {
    place += gaps[gap]
    if (gaps[gap] === SKIP) continue
    if (place < into.length) into[place] = words[next]
    next++
    place++
  }
}
