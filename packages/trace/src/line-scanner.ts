import type { EventColumns } from '@reheap/kernel'
import type { EventForm } from './event-form.ts'
import { pushSlots } from './event-row.ts'
import { CONTEXT_SLOT, type Field, isInRange, NONE, utf8 } from './field.ts'
import { EVENT_FORMS } from './vocabulary.ts'

const COMMA = 0x2c
const ZERO = 0x30
const CLOSE_LIST = 0x5d
const CLOSE = 0x7d
const CARRIAGE_RETURN = 0x0d
const LINE_FEED = 0x0a
/** What a number is spelled with. */
const DECIMAL = utf8('0123456789.e-+')
/** No number from 0 to 1 has a longer spelling. */
const DECIMAL_BYTES_MAX = 25
const NULL = Uint8Array.of(0x6e, 0x75, 0x6c, 0x6c)

/** Place of the kind's first letter in a line of the canonical spelling: behind `{"kind":"`. */
const KIND_AT = 9

/** What stands for no value: no slot holds it. */
const FAILED = -2

/** The forms whose kind begins with a letter. Forms with a payload are left to the JSON parser. */
const FORMS_BY_LETTER: readonly (readonly EventForm[])[] = Array.from({ length: 256 }, (_, letter) =>
  EVENT_FORMS.filter((form) => form.payload.length === 0 && form.head[KIND_AT] === letter),
)
const NO_FORMS: readonly EventForm[] = []

function startsWith(bytes: Uint8Array, at: number, expected: Uint8Array): boolean {
  for (let i = 0; i < expected.length; i++) if (bytes[at + i] !== expected[i]) return false
  return true
}

function formAt(bytes: Uint8Array, at: number): EventForm | null {
  const forms = FORMS_BY_LETTER[bytes[at + KIND_AT]] ?? NO_FORMS
  for (let i = 0; i < forms.length; i++) if (startsWith(bytes, at, forms[i].head)) return forms[i]
  return null
}

/**
 * Reads lines in the canonical spelling, the one that export writes, from bytes to rows without
 * text in between. Whatever is spelled otherwise is left to the JSON parser, right or wrong.
 */
export class LineScanner {
  readonly #slots = NONE.slice()
  /** Where the value that was read last ends. */
  #end = 0

  /**
   * Appends the event of the line that begins at `from`.
   *
   * @param bytes must hold a line feed at or behind `from`
   * @returns where the next line begins, or -1 if the line is not in the canonical spelling: then no row is appended
   */
  scan(bytes: Uint8Array, from: number, rows: EventColumns): number {
    const form = formAt(bytes, from)
    if (form === null) return -1
    const { fields, blank } = form
    const slots = this.#slots
    slots.set(blank)
    let hasContext = false
    let at = from + form.head.length
    for (let i = 0; i < fields.length; i++) {
      const field = fields[i]
      if (bytes[at] === CLOSE || !startsWith(bytes, at, field.key)) {
        if (field.omitted !== undefined) continue
        return -1
      }
      const value = this.#value(bytes, at + field.key.length, field)
      if (value === FAILED) return -1
      slots[field.slot] = value
      if (field.rest.length > 0 && !this.#list(bytes, field)) return -1
      at = this.#end
      if (field.slot >= CONTEXT_SLOT) hasContext = true
    }
    if (bytes[at] !== CLOSE) return -1
    at += bytes[at + 1] === CARRIAGE_RETURN ? 2 : 1
    if (bytes[at] !== LINE_FEED) return -1
    pushSlots(rows, form.opcode, slots, hasContext)
    return at + 1
  }

  /** The value of a field as its slot holds it, or none. */
  #value(bytes: Uint8Array, at: number, field: Field): number {
    if (field.wordBytes.length > 0) return this.#word(bytes, at, field)
    if (bytes[at] === NULL[0]) {
      if (!startsWith(bytes, at, NULL)) return FAILED
      this.#end = at + NULL.length
      return field.nulled ?? FAILED
    }
    return field.isWhole ? this.#whole(bytes, at, field.max) : this.#decimal(bytes, at, field)
  }

  /** The numbers of a list behind its first one, into their slots. @returns whether they are there and the list ends with them */
  #list(bytes: Uint8Array, { rest, max }: Field): boolean {
    for (let i = 0; i < rest.length; i++) {
      const value = bytes[this.#end] === COMMA ? this.#whole(bytes, this.#end + 1, max) : FAILED
      if (value === FAILED) return false
      this.#slots[rest[i]] = value
    }
    const closed = bytes[this.#end] === CLOSE_LIST
    this.#end += 1
    return closed
  }

  #word(bytes: Uint8Array, at: number, { wordBytes }: Field): number {
    for (let word = 0; word < wordBytes.length; word++) {
      if (!startsWith(bytes, at, wordBytes[word])) continue
      this.#end = at + wordBytes[word].length
      return word
    }
    return FAILED
  }

  /** A number with a fraction, where it is spelled as it would be written. */
  #decimal(bytes: Uint8Array, from: number, field: Field): number {
    let at = from
    while (at < from + DECIMAL_BYTES_MAX && DECIMAL.includes(bytes[at])) at += 1
    const text = String.fromCharCode(...bytes.subarray(from, at))
    const value = Number(text)
    if (String(value) !== text || !isInRange(field, value)) return FAILED
    this.#end = at
    return value
  }

  /** Nine digits fit a 32-bit integer; the next seven are gathered by themselves. */
  #whole(bytes: Uint8Array, from: number, max: number): number {
    let at = from
    let digit = bytes[at] - ZERO
    let high = 0
    while (digit >= 0 && digit <= 9 && at < from + 9) {
      high = (high * 10 + digit) | 0
      at += 1
      digit = bytes[at] - ZERO
    }
    let low = 0
    let shift = 1
    while (digit >= 0 && digit <= 9 && at < from + 16) {
      low = (low * 10 + digit) | 0
      shift = (shift * 10) | 0
      at += 1
      digit = bytes[at] - ZERO
    }
    const empty = at === from
    const leadingZero = bytes[from] === ZERO && at > from + 1
    const value = high * shift + low
    if (empty || leadingZero || (digit >= 0 && digit <= 9) || value > max) return FAILED
    this.#end = at
    return value
  }
}
