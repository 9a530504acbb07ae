/** Settings as tokens: keys, values, colons, commas and brackets. @source `ConfigTokenizer` of `c10/core/AllocatorConfig.h` */
import { SettingsFault, stoull } from './numerals.ts'

/** @throws with PyTorch's text unless it holds */
export function check(holds: boolean, message: string): void {
  if (!holds) throw new SettingsFault(message)
}

export class Tokenizer {
  readonly #tokens: readonly string[]
  constructor(text: string) {
    this.#tokens = text.replace(/[ \t\n\v\f\r]/g, '').match(/[,:[\]]|[^,:[\]]+/g) ?? []
  }
  get size(): number {
    return this.#tokens.length
  }
  at(place: number): string {
    const token = this.#tokens[place]
    if (token === undefined) throw new SettingsFault('Index out of bounds in ConfigTokenizer')
    return token
  }
  /** Passes over a token that must be there, and is not looked at. */
  pass(place: number): number {
    this.at(place)
    return place
  }
  whole(place: number): bigint {
    return stoull(this.at(place))
  }
  truth(place: number): boolean {
    const token = this.at(place)
    check(token === 'True' || token === 'False', `Expected 'True' or 'False' at index ${place} in ConfigTokenizer but got '${token}'`)
    return token === 'True'
  }
  /** Place of the value of a key, or of the bracket that ends it. */
  skip(key: number): number {
    const value = this.pass(key + 1) + 1
    if (this.at(value) !== '[') return value
    let place = value + 1
    while (place < this.size && this.at(place) !== ']') place++
    check(place < this.size, CLOSING_BRACKET)
    return place
  }
}

/** A list that never ends. */
export const CLOSING_BRACKET = "Expected closing bracket ']' in ConfigTokenizer but reached end of config"
