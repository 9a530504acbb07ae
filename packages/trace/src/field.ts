import { NO_ID, NOT_GIVEN } from '@reheap/kernel'

/** Where the numbers of one row lie in a scratch row; the last four may stand on any event. */
export const SLOTS = { tag: 0, id: 1, other: 2, size: 3, address: 4, time: 5, thread: 6, heap: 7, stack: 8 } as const

/** First slot of what may stand on any event. */
export const CONTEXT_SLOT = SLOTS.time

/** What each slot holds where the event says nothing, as in the columns of a batch. */
export const NONE: Float64Array = Float64Array.of(0, NO_ID, NO_ID, NOT_GIVEN, NOT_GIVEN, NOT_GIVEN, 0, 0, NO_ID)

/** A field of an event that lies in one column, and how it is spelled. */
export interface Field {
  readonly name: string
  readonly slot: number
  /** Slots of the further numbers where the field is a list; empty where it is one value. */
  readonly rest: readonly number[]
  /** Largest number that may stand here; the smallest is 0. */
  readonly max: number
  /** Spellings of 0, 1, 2 ... where the field is a word or a truth value; empty where it is a number. */
  readonly words: readonly (string | boolean)[]
  /** How the slot's none is spelled: it must not occur, as `null`, or by leaving the field out. */
  readonly none: 'never' | 'null' | 'omitted'
  /** The bytes of `,"name":`, with the bracket behind it where the field is a list. */
  readonly key: Uint8Array
  /** The bytes of every word, as JSON. */
  readonly wordBytes: readonly Uint8Array[]
}

const encoder = new TextEncoder()

/** ASCII or any text as UTF-8. */
export function utf8(text: string): Uint8Array {
  return encoder.encode(text)
}

type Column = keyof typeof SLOTS

function field(name: string, column: Column, max: number, none: Field['none'], words: Field['words'] = []): Field {
  const wordBytes = words.map((word) => utf8(JSON.stringify(word)))
  return { name, slot: SLOTS[column], rest: [], max, none, words, key: utf8(`,"${name}":`), wordBytes }
}

/** A word that is stored as its place in `words`. */
export const wordField = (name: string, words: readonly string[]): Field => field(name, 'tag', words.length - 1, 'never', words)

/** `false` or `true`, stored as 0 or 1. */
export const truthField = (name: string): Field => field(name, 'tag', 1, 'never', [false, true])

/** A number from 0 to `max`, at most 255. */
export const smallField = (name: string, max: number): Field => field(name, 'tag', max, 'never')

/** A number from 0 to 255 that is left out where it is 0. */
export const optionalSmallField = (name: string): Field => field(name, 'tag', 0xff, 'omitted')

/** A dense id, or a count in the range of one. */
export const idField = (name: string, column: 'id' | 'other' | 'size'): Field => field(name, column, NO_ID - 1, 'never')

/** A dense id or null. */
export const idOrNullField = (name: string, column: 'id' | 'other'): Field => field(name, column, NO_ID - 1, 'null')

/** A dense id that may be left out. */
export const optionalIdField = (name: string, column: 'other' | 'size' | 'address'): Field => field(name, column, NO_ID - 1, 'omitted')

/** A list of so many numbers in the range of an id as there are columns. */
export const listField = (name: string, [column, ...more]: readonly [Column, ...Column[]]): Field => ({
  ...field(name, column, NO_ID - 1, 'never'),
  rest: more.map((other) => SLOTS[other]),
  key: utf8(`,"${name}":[`),
})

/** A whole number of bytes, or an address. */
export const wholeField = (name: string, column: 'size' | 'address'): Field => field(name, column, Number.MAX_SAFE_INTEGER, 'never')

/** A whole number of bytes, an address, or null. */
export const wholeOrNullField = (name: string, column: 'size' | 'address'): Field => field(name, column, Number.MAX_SAFE_INTEGER, 'null')

/** A whole number that may be left out: an observation that was not made. */
export const optionalField = (name: string, column: 'size' | 'address'): Field => field(name, column, Number.MAX_SAFE_INTEGER, 'omitted')

/** What may stand on any event, in the order in which it is written. */
export const CONTEXT_FIELDS: readonly Field[] = [
  field('time', 'time', Number.MAX_SAFE_INTEGER, 'omitted'),
  field('thread', 'thread', 0xffff, 'omitted'),
  field('heap', 'heap', 0xffff, 'omitted'),
  field('stack', 'stack', NO_ID - 1, 'omitted'),
]
