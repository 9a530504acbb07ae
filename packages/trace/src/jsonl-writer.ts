import type { EventBatch } from '@reheap/kernel'
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import { readEvent, slotOf } from './event-row.ts'
import { type Field, isInRange, utf8 } from './field.ts'
import { decodeHeader, headerLine } from './header.ts'
import { TextBuffer } from './text-buffer.ts'
import { eventError, type Fault, type TraceError, traceError } from './trace-error.ts'
import { FORM_BY_OPCODE } from './vocabulary.ts'

const NULL = utf8('null')
const COMMA = utf8(',')
const CLOSE_LIST = utf8(']')
const LINE_END = utf8('}\n')

/** More than the bytes of any line whose fields all lie in columns. */
const COLUMN_LINE_BYTES = 512

/** The first line of a log as bytes. Left: which field is wrong. @param header what `LogHeader` accepts */
export function encodeHeader(header: unknown, options: { readonly name: string }): Either<TraceError, Uint8Array> {
  const decoded = decodeHeader(header)
  return isLeft(decoded) ? left(traceError(options.name, null, decoded.left)) : right(utf8(headerLine(decoded.right)))
}

/** The events of a batch as lines, in the canonical spelling. Left: an event that has no such form, named by its index in the log. */
export function encodeEvents(batch: EventBatch, options: { readonly name: string }): Either<TraceError, Uint8Array> {
  const text = new TextBuffer(batch.length * 96)
  for (let row = 0; row < batch.length; row++) {
    const wrong = writeColumns(batch, row, text) ? null : writeParsed(batch, row, text)
    if (wrong !== null) return left(eventError(options.name, batch.firstIndex + row, wrong))
  }
  return right(text.take())
}

/** A whole log as JSON Lines, piece by piece: the header, then one piece a batch. Left, as the last value: what cannot be written. */
export async function* writeJsonl(
  header: unknown,
  batches: Iterable<EventBatch> | AsyncIterable<EventBatch>,
  options: { readonly name: string },
): AsyncGenerator<Either<TraceError, Uint8Array>, void, undefined> {
  const first = encodeHeader(header, options)
  yield first
  if (isLeft(first)) return
  for await (const batch of batches) {
    const lines = encodeEvents(batch, options)
    yield lines
    if (isLeft(lines)) return
  }
}

/** Puts an event whose fields all lie in columns. @returns whether it could; if not, nothing was put */
function writeColumns(batch: EventBatch, row: number, text: TextBuffer): boolean {
  const form = FORM_BY_OPCODE[batch.code[row]]
  if (form === undefined || form.payload.length > 0) return false
  const start = text.length
  text.reserve(COLUMN_LINE_BYTES)
  text.put(form.head)
  for (let i = 0; i < form.fields.length; i++) {
    const field = form.fields[i]
    if (writeField(field, slotOf(batch, row, field.slot), text) && writeRest(field, batch, row, text)) continue
    text.length = start
    return false
  }
  text.put(LINE_END)
  return true
}

/** Puts a field with its key, unless it is left out. @returns whether the slot holds what can be spelled */
function writeField(field: Field, slot: number, text: TextBuffer): boolean {
  if (field.omitted !== undefined && Object.is(slot, field.omitted)) return true
  if (field.nulled !== undefined && Object.is(slot, field.nulled)) {
    text.put(field.key)
    text.put(NULL)
    return true
  }
  if (!isInRange(field, slot)) return false
  text.put(field.key)
  if (!field.isWhole) text.put(utf8(String(slot)))
  else if (field.words.length === 0) text.putWhole(slot)
  else text.put(field.wordBytes[slot])
  return true
}

/** Puts the numbers of a list behind its first one, where the field is a list. @returns whether the slots hold what can be spelled */
function writeRest(field: Field, batch: EventBatch, row: number, text: TextBuffer): boolean {
  if (field.rest.length === 0) return true
  for (const place of field.rest) {
    const slot = slotOf(batch, row, place)
    if (!isInRange(field, slot)) return false
    text.put(COMMA)
    text.putWhole(slot)
  }
  text.put(CLOSE_LIST)
  return true
}

/** Puts an event by way of its plain value. */
function writeParsed(batch: EventBatch, row: number, text: TextBuffer): Fault | null {
  const event = readEvent(batch, row)
  if (isLeft(event)) return event.left
  const line = utf8(`${JSON.stringify(event.right)}\n`)
  text.reserve(line.length)
  text.bytes.set(line, text.length)
  text.length += line.length
  return null
}
