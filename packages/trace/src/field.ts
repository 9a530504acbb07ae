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
  /** Largest number that may stand here; the smallest is 0. */
  readonly max: number
  /** Spellings of 0, 1, 2 ... where the field is a word; empty where it is a number. */
  readonly words: readonly string[]
  /** How the slot's none is spelled: it must not occur, as `null`, or by leaving the field out. */
  readonly none: 'never' | 'null' | 'omitted'
  /** The bytes of `,"name":`. */
  readonly key: Uint8Array
  /** The bytes of every word, with its quotes. */
  readonly wordBytes: readonly Uint8Array[]
}

const encoder = new TextEncoder()

/** ASCII or any text as UTF-8. */
export function utf8(text: string): Uint8Array {
  return encoder.encode(text)
}

function field(name: string, column: keyof typeof SLOTS, max: number, none: Field['none'], words: readonly string[] = []): Field {
  return { name, slot: SLOTS[column], max, none, words, key: utf8(`,"${name}":`), wordBytes: words.map((word) => utf8(`"${word}"`)) }
}

/** A word that is stored as its place in `words`. */
export const wordField = (name: string, words: readonly string[]): Field => field(name, 'tag', words.length - 1, 'never', words)

/** A dense id, or a count in the range of one. */
export const idField = (name: string, column: 'id' | 'other'): Field => field(name, column, NO_ID - 1, 'never')

/** A dense id or null. */
export const idOrNullField = (name: string, column: 'id' | 'other'): Field => field(name, column, NO_ID - 1, 'null')

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
