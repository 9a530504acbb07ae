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
  /** Whether only whole numbers may stand here. */
  readonly isWhole: boolean
  /** Spellings of 0, 1, 2 ... where the field is a word or a truth value; empty where it is a number. */
  readonly words: readonly (string | boolean)[]
  /** What the slot holds where the field is left out; undefined where it never is. */
  readonly omitted: number | undefined
  /** What the slot holds where the field is `null`; undefined where it never is. */
  readonly nulled: number | undefined
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

/** What else a field may be than a number or word that always stands there. */
type Shape = Partial<Pick<Field, 'words' | 'omitted' | 'nulled' | 'isWhole'>>

function field(name: string, column: Column, max: number, shape: Shape = {}): Field {
  const { words = [], omitted, nulled, isWhole = true } = shape
  const wordBytes = words.map((word) => utf8(JSON.stringify(word)))
  return { name, slot: SLOTS[column], rest: [], max, isWhole, words, omitted, nulled, key: utf8(`,"${name}":`), wordBytes }
}

const ID_MAX = NO_ID - 1
const TRUTH = [false, true]

/** A word that is stored as its place in `words`. */
export const wordField = (name: string, words: readonly string[], column: 'tag' | 'other' = 'tag'): Field =>
  field(name, column, words.length - 1, { words })

/** `false` or `true`, stored as 0 or 1. */
export const truthField = (name: string, column: 'tag' | 'other' = 'tag'): Field => field(name, column, 1, { words: TRUTH })

/** A number from 0 to `max`, at most 255. */
export const smallField = (name: string, max: number): Field => field(name, 'tag', max)

/** A number from 0 to 255 that is left out where it is 0. */
export const optionalSmallField = (name: string): Field => field(name, 'tag', 0xff, { omitted: 0 })

/** A dense id, or a count in the range of one. */
export const idField = (name: string, column: 'id' | 'other' | 'size'): Field => field(name, column, ID_MAX)

/** A dense id or null. */
export const idOrNullField = (name: string, column: 'id' | 'other'): Field => field(name, column, ID_MAX, { nulled: NO_ID })

/** A dense id that may be left out; null means the same where it is allowed. */
export const optionalIdField = (name: string, column: 'id' | 'other' | 'size' | 'address', more: Pick<Shape, 'nulled'> = {}): Field =>
  field(name, column, ID_MAX, { omitted: NONE[SLOTS[column]], ...more })

/** A list of so many numbers in the range of an id as there are columns. */
export const listField = (name: string, [column, ...more]: readonly [Column, ...Column[]]): Field => ({
  ...field(name, column, ID_MAX),
  rest: more.map((other) => SLOTS[other]),
  key: utf8(`,"${name}":[`),
})

const WHOLE_MAX = Number.MAX_SAFE_INTEGER

/** A whole number of bytes, or an address. */
export const wholeField = (name: string, column: 'size' | 'address'): Field => field(name, column, WHOLE_MAX)

/** A whole number of bytes, an address, or null. */
export const wholeOrNullField = (name: string, column: 'size' | 'address'): Field => field(name, column, WHOLE_MAX, { nulled: NOT_GIVEN })

/** A whole number that may be left out: an observation that was not made. @param more what null means, where it is an observation */
export const optionalField = (name: string, column: 'size' | 'address', more: Pick<Shape, 'nulled'> = {}): Field =>
  field(name, column, WHOLE_MAX, { omitted: NOT_GIVEN, ...more })

/** A number of a device or process. @param omitted what the column holds where the line leaves it out; undefined where it must not */
export const numberField = (name: 'device' | 'process', column: 'tag' | 'address', omitted?: number): Field =>
  field(name, column, 254, { omitted })

/** A number from 0 to 1. */
export const fractionField = (name: string): Field => field(name, 'size', 1, { isWhole: false })

/** What may stand on any event, in the order in which it is written. */
export const CONTEXT_FIELDS: readonly Field[] = [
  field('time', 'time', WHOLE_MAX, { omitted: NOT_GIVEN }),
  field('thread', 'thread', 0xffff, { omitted: 0 }),
  field('heap', 'heap', 0xffff, { omitted: 0 }),
  field('stack', 'stack', ID_MAX, { omitted: NO_ID }),
]

/** Whether a number may stand in a field. */
export function isInRange(field: Field, value: number): boolean {
  return value >= 0 && value <= field.max && (!field.isWhole || Number.isInteger(value))
}

/** The slots of an event that says nothing but its kind. */
export function blankSlots(fields: readonly Field[]): Float64Array {
  const blank = NONE.slice()
  for (const { slot, omitted } of fields) if (omitted !== undefined) blank[slot] = omitted
  return blank
}
