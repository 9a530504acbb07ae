/**
 * Which text each row's detail is: most repeat one that was there before, and mostly the one that followed in the same place the last time.
 * A row is written as 0 where that is so.
 */
import { Malformed } from '../error.ts'
import { readPlanes, writePlanes } from './planes.ts'

/** What is written of a row. */
const AS_BEFORE = 0
/** The row has no detail. */
export const NONE = 1
/** The detail is a text that is not kept: it stands by itself. */
export const LITERAL = 2
const FIRST = 3
/** Texts that are kept, and the characters of all of them together. */
const KEPT_MAX = 2 ** 16
const CHARACTERS_MAX = 2 ** 24
const CODES = 256

/** Writes or reads the templates of every batch of a log, in order. */
export class Templates {
  readonly #numbers = new Map<string, number>()
  readonly #texts: string[] = []
  #characters = 0
  /** What stood last in each place: behind which template, and between which kinds of events. */
  readonly #followed = new Map<number, number>()
  #previous = NONE

  /** The number of a text. @returns whether it is new: the reader must be told it */
  number(text: string): { readonly number: number; readonly isNew: boolean } {
    const known = this.#numbers.get(text)
    if (known !== undefined) return { number: known, isNew: false }
    return { number: this.add(text), isNew: true }
  }

  /** Keeps a text, unless there are too many. @returns its number, or LITERAL */
  add(text: string): number {
    if (this.#texts.length >= KEPT_MAX || this.#characters + text.length > CHARACTERS_MAX) return LITERAL
    this.#numbers.set(text, FIRST + this.#texts.length)
    this.#texts.push(text)
    this.#characters += text.length
    return FIRST + this.#texts.length - 1
  }

  /** Is the number that of the next text to be told? */
  isNew(number: number): boolean {
    return number === FIRST + this.#texts.length
  }

  /** @throws Malformed */
  text(number: number): string {
    const text = this.#texts[number - FIRST]
    if (text === undefined) throw new Malformed('a detail is missing')
    return text
  }

  /** @param numbers of each row's detail */
  write(code: Uint8Array, numbers: Uint32Array): readonly Uint8Array[] {
    const written = new Float64Array(code.length)
    for (let row = 0; row < code.length; row++) {
      const key = this.#placeOf(code, row)
      written[row] = (this.#followed.get(key) ?? NONE) === numbers[row] ? AS_BEFORE : numbers[row]
      this.#follow(key, numbers[row])
    }
    return writePlanes(written)
  }

  /** Reads what {@link write} wrote from `at` on. @returns the numbers, and the place behind @throws Malformed */
  read(bytes: Uint8Array, at: number, code: Uint8Array): { readonly numbers: Uint32Array; readonly end: number } {
    const { values, end } = readPlanes(bytes, at, code.length)
    const numbers = new Uint32Array(code.length)
    for (let row = 0; row < code.length; row++) {
      const key = this.#placeOf(code, row)
      numbers[row] = values[row] === AS_BEFORE ? (this.#followed.get(key) ?? NONE) : values[row]
      this.#follow(key, numbers[row])
    }
    return { numbers, end }
  }

  #placeOf(code: Uint8Array, row: number): number {
    return (this.#previous * CODES + code[row]) * CODES + (row === 0 ? 0 : code[row - 1])
  }

  #follow(key: number, number: number): void {
    this.#followed.set(key, number)
    if (number !== NONE) this.#previous = number
  }
}
