/** Facts as JSON Lines: what `reheap replay --facts` writes. Only out: facts are derived, so none are read. */
import { FACT_OPCODES as ALLOCATOR } from '@reheap/allocator'
import { FACT_OPCODES as COLLECTOR } from '@reheap/cycle-gc'
import { FACT_OPCODES as DEVICE } from '@reheap/device-memory'
import { FACT_OPCODES as HOST } from '@reheap/host-memory'
import type { EventBatch, FactBatch } from '@reheap/kernel'
import { FACT_OPCODES as OBJECTS } from '@reheap/refcount'
import {
  ALLOCATOR_FIELDS,
  COLLECTOR_FIELDS,
  type Column,
  DEVICE_FIELDS,
  type FactField,
  type FieldsOf,
  HOST_FIELDS,
  OBJECT_FIELDS,
} from './fact-fields.ts'
import { utf8 } from './field.ts'
import { TextBuffer } from './text-buffer.ts'

interface FactForm {
  /** The bytes of `,"kind":"Kind"`. */
  readonly head: Uint8Array
  readonly fields: readonly FactField[]
}

/** The form of each opcode. */
const FORMS: FactForm[] = []
function addForms<F extends { readonly kind: string }>(fields: FieldsOf<F>, opcodes: Readonly<Record<F['kind'], number>>): void {
  for (const kind of Object.keys(fields) as F['kind'][]) FORMS[opcodes[kind]] = { head: utf8(`,"kind":"${kind}"`), fields: fields[kind] }
}
addForms(ALLOCATOR_FIELDS, ALLOCATOR)
addForms(OBJECT_FIELDS, OBJECTS)
addForms(COLLECTOR_FIELDS, COLLECTOR)
addForms(DEVICE_FIELDS, DEVICE)
addForms(HOST_FIELDS, HOST)

const INDEX = utf8('{"index":')
const HEAP = utf8(',"heap":')
const NULL = utf8('null')
const COMMA = utf8(',')
const CLOSE_LIST = utf8(']')
const LINE_END = utf8('}\n')
/** More than the bytes of any line. */
const LINE_BYTES = 256

/**
 * Facts as lines: the index of the request that caused it, the fact, and the heap where it is not 0.
 *
 * @param requests the batch that the facts follow from
 */
export function encodeFacts(facts: FactBatch, requests: EventBatch): Uint8Array {
  const text = new TextBuffer(facts.length * 112)
  const { heap, firstIndex } = requests
  for (let row = 0; row < facts.length; row++) {
    const cause = facts.cause[row]
    text.reserve(LINE_BYTES)
    text.put(INDEX)
    text.putWhole(cause)
    putFact(facts, row, text)
    const heapNumber = heap === null ? 0 : heap[cause - firstIndex]
    if (heapNumber !== 0) {
      text.put(HEAP)
      text.putWhole(heapNumber)
    }
    text.put(LINE_END)
  }
  return text.take()
}

function putFact(facts: FactBatch, row: number, text: TextBuffer): void {
  const { head, fields } = FORMS[facts.code[row]]
  text.put(head)
  for (let i = 0; i < fields.length; i++) {
    const { key, column, rest, none, words } = fields[i]
    const value = facts[column][row]
    text.put(key)
    if (words.length > 0) text.put(words[value])
    else if (Object.is(value, none)) text.put(NULL)
    else text.putWhole(value)
    if (rest.length > 0) putRest(facts, row, rest, text)
  }
}

/** Puts the numbers of a list behind its first one. */
function putRest(facts: FactBatch, row: number, rest: readonly Column[], text: TextBuffer): void {
  for (const column of rest) {
    text.put(COMMA)
    text.putWhole(facts[column][row])
  }
  text.put(CLOSE_LIST)
}
