import type { EventColumns } from '@reheap/kernel'
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import * as t from 'io-ts/lib/index.js'
import { writeEvent } from './event-row.ts'
import { fits } from './guard.ts'
import { parseExact } from './json-text.ts'
import { codecFault, type Fault, fault, shown } from './trace-error.ts'
import { EVENT_FORMS, FORM_BY_KIND } from './vocabulary.ts'

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const KINDS = EVENT_FORMS.map((form) => form.kind).join(', ')
const MEND_TORN = 'the file ends inside this line: copy the log again, or delete this line to keep the events before it'

/** The bytes of a line as text. */
function textOf(line: Uint8Array): Either<Fault, string> {
  try {
    return right(decoder.decode(line))
  } catch {
    return left(fault(null, 'UTF-8 text', 'other bytes'))
  }
}

/** One line as a JSON value that lost nothing. @param isCut whether the file ends without a line feed behind it */
export function parseLine(line: Uint8Array, isCut: boolean): Either<Fault, unknown> {
  const text = textOf(line)
  if (isLeft(text)) return isCut ? left({ ...text.left, mend: MEND_TORN }) : text
  const parsed = parseExact(text.right)
  if (!isLeft(parsed)) return parsed
  const { path, expected, got } = parsed.left
  if (path.length === 0) return left(isCut ? fault(null, expected, shown(text.right), MEND_TORN) : fault(null, expected, shown(text.right)))
  const kind = /^\s*\{\s*"kind"\s*:\s*"(\w+)"/.exec(text.right)?.[1]
  return left(fault([...(kind === undefined ? [] : [kind]), ...path].join('.'), expected, got))
}

/** Appends a parsed line as one row. @returns what is wrong with it; then no row is appended */
export function appendEvent(value: unknown, rows: EventColumns): Fault | null {
  if (!t.UnknownRecord.is(value)) return fault(null, 'one JSON object', shown(value))
  if (value.kind === undefined && value.reheap !== undefined)
    return fault(null, 'an event', 'a second header', 'split the file: each log has one header')
  const form = typeof value.kind === 'string' ? FORM_BY_KIND.get(value.kind) : undefined
  if (form === undefined) return fault('kind', `one of ${KINDS}`, shown(value.kind))
  if (form.payload.length === 0 && fits(form, value)) {
    writeEvent(value, rows)
    return null
  }
  const decoded = form.codec.decode(value)
  if (isLeft(decoded)) return codecFault(form.kind, decoded.left)
  writeEvent(decoded.right, rows)
  return null
}
