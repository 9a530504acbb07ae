import { type Either, left, right } from 'fp-ts/lib/Either.js'

/** Deepest nesting of objects and lists in one line, so that no walk over a line exhausts the stack. */
const DEPTH_MAX = 64

/** What JSON.parse would let pass: where it stands, from the outermost key on, and in which words. */
export interface Inexact {
  readonly path: readonly string[]
  readonly expected: string
  readonly got: string
}

const NOT_JSON: Inexact = { path: [], expected: 'one JSON object', got: 'text that is not JSON' }

/** A JSON text as a value, refusing what a parser would lose silently: digits, all but the last of equal keys. */
export function parseExact(text: string): Either<Inexact, unknown> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return left(NOT_JSON)
  }
  const lost = new LossFinder(text).find()
  return lost === null ? right(value) : left(lost)
}

const NUMBER = /[-+.\deE]+/y

/** One walk over a text that is known to be JSON. */
class LossFinder {
  readonly #text: string
  #at = 0
  /** Whether the next string is the key of an object. */
  #keyNext = false
  /** The objects and lists that are open, outermost first; a list holds no keys. */
  readonly #open: { readonly keys: Set<string> | null; key: string }[] = []

  constructor(text: string) {
    this.#text = text
  }

  find(): Inexact | null {
    while (this.#at < this.#text.length) {
      const lost = this.#token(this.#text[this.#at] as string)
      if (lost !== null) return lost
    }
    return null
  }

  #token(char: string): Inexact | null {
    if (char === '"') return this.#string()
    if (char === '-' || (char >= '0' && char <= '9')) return this.#number()
    this.#at += 1
    if (char === '{' || char === '[') return this.#enter(char === '{')
    if (char === '}' || char === ']') this.#open.pop()
    else if (char === ',') this.#keyNext = this.#open.at(-1)?.keys != null
    else if (char === ':') this.#keyNext = false
    return null
  }

  #enter(isObject: boolean): Inexact | null {
    this.#open.push({ keys: isObject ? new Set() : null, key: '' })
    this.#keyNext = isObject
    return this.#open.length <= DEPTH_MAX ? null : this.#lost(`at most ${DEPTH_MAX} objects and lists inside one another`, 'more')
  }

  #string(): Inexact | null {
    const start = this.#at + 1
    let end = this.#text.indexOf('"', start)
    while (isEscaped(this.#text, end)) end = this.#text.indexOf('"', end + 1)
    this.#at = end + 1
    const object = this.#open.at(-1)
    if (!this.#keyNext || object?.keys == null) return null
    const raw = this.#text.slice(start, end)
    object.key = raw.includes('\\') ? (JSON.parse(`"${raw}"`) as string) : raw
    if (object.keys.has(object.key)) return this.#lost('each field once', 'a second one of this name')
    object.keys.add(object.key)
    return null
  }

  #number(): Inexact | null {
    NUMBER.lastIndex = this.#at
    const literal = NUMBER.exec(this.#text)?.[0] ?? ''
    this.#at += literal.length
    if (isExact(literal)) return null
    return this.#lost(`a number of at most ${Number.MAX_SAFE_INTEGER} whose digits a 64-bit float keeps`, literal.slice(0, 60))
  }

  #lost(expected: string, got: string): Inexact {
    const path = this.#open.filter((part) => part.keys !== null).map((part) => part.key)
    return { path, expected, got }
  }
}

/** Whether an odd number of backslashes stands before a character of a string. */
function isEscaped(text: string, at: number): boolean {
  let first = at
  while (text[first - 1] === '\\') first -= 1
  return (at - first) % 2 === 1
}

/** Whether a number comes back with the same digits when it is written again. */
function isExact(literal: string): boolean {
  if (/^(0|-?[1-9]\d{0,14})$/.test(literal)) return true
  const value = Number(literal)
  return Math.abs(value) <= Number.MAX_SAFE_INTEGER && decimal(literal) === decimal(String(value))
}

/** A number literal with its spelling normalized: sign, digits without zeros at either end, power of ten. */
function decimal(literal: string): string {
  const [mantissa = '', power = '0'] = literal.toLowerCase().split('e')
  const sign = mantissa.startsWith('-') ? '-' : ''
  const [whole = '', fraction = ''] = mantissa.slice(sign.length).split('.')
  const digits = whole + fraction
  let end = digits.length
  while (end > 0 && digits[end - 1] === '0') end -= 1
  let start = 0
  while (start < end && digits[start] === '0') start += 1
  if (start === end) return `${sign}0`
  return `${sign}${digits.slice(start, end)}e${Number(power) - fraction.length + digits.length - end}`
}
