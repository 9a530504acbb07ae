import { type EventBatch, NO_ID, type RowContext } from '@reheap/kernel'
import { CONTEXT_FIELDS, type ContextField } from './columns.ts'
import { Malformed } from './error.ts'

/**
 * Context of rows in files that have no column for it.
 *
 * It stands in the row's stored detail under the empty key, which comes first: `{"":{"thread":1},"label":"x"}`.
 * A detail that does not start with an ordinary key stands inside it as text: `{"":{"detail":"{}","thread":1}}`.
 * Readers of the log never see the empty key: it is taken off, and the columns are filled in.
 */
const RESERVED = '{"":{'
const RESERVED_TEXT = '{"":{"detail":'
const RESERVED_BYTES = new TextEncoder().encode(RESERVED)

/** The context that a row has, wherever the file keeps it; fields that hold their default are left out. */
export function contextOf(batch: EventBatch, row: number): RowContext {
  const time = batch.time?.[row] ?? Number.NaN
  const thread = batch.thread?.[row] ?? 0
  const heap = batch.heap?.[row] ?? 0
  const stack = batch.stack?.[row] ?? NO_ID
  return {
    ...(Number.isNaN(time) ? {} : { time }),
    ...(thread === 0 ? {} : { thread }),
    ...(heap === 0 ? {} : { heap }),
    ...(stack === NO_ID ? {} : { stack }),
  }
}

/** What is stored for a row: its own detail, with the context that has no column. Null if there is neither. */
export function wrapDetail(detail: string | null, context: RowContext | null): string | null {
  if (context === null && !detail?.startsWith(RESERVED)) return detail
  if (detail === null) return `{"":${JSON.stringify(context)}}`
  if (detail.startsWith('{"') && !detail.startsWith('{""')) return `{"":${JSON.stringify(context)},${detail.slice(1)}`
  return `{"":${JSON.stringify({ detail, ...context })}}`
}

/** A stored detail taken apart again. */
export interface Unwrapped {
  readonly detail: string | null
  readonly context: RowContext
}

/** The inverse of {@link wrapDetail}, for text that {@link isWrapped}. */
export function unwrapDetail(stored: string): Unwrapped {
  const isText = stored.startsWith(RESERVED_TEXT)
  const end = isText ? stored.length - 1 : stored.indexOf('}') + 1
  const { detail, ...context } = reservedPart(stored.slice(RESERVED.length - 1, end))
  for (const field of CONTEXT_FIELDS)
    if (!isContextValue(field, context[field])) throw new Malformed(`a detail holds an impossible ${field}`)
  if (isText) return { detail: detail ?? null, context }
  return { detail: end === stored.length - 1 ? null : `{${stored.slice(end + 1)}`, context }
}

/** Whether stored text starts with the reserved key. */
export function isWrapped(text: Uint8Array, start: number, end: number): boolean {
  if (end - start < RESERVED_BYTES.length) return false
  return RESERVED_BYTES.every((byte, i) => text[start + i] === byte)
}

function reservedPart(json: string): RowContext & { readonly detail?: string } {
  let part: unknown
  try {
    part = JSON.parse(json)
  } catch {
    throw new Malformed('a detail is not JSON')
  }
  if (typeof part !== 'object' || part === null || ('detail' in part && typeof part.detail !== 'string')) {
    throw new Malformed('a detail has an impossible context')
  }
  return part
}

const LARGEST: Readonly<Record<ContextField, number>> = { time: Number.MAX_VALUE, thread: 0xffff, heap: 0xffff, stack: NO_ID }

function isContextValue(field: ContextField, value: unknown): boolean {
  if (value === undefined) return true
  if (typeof value !== 'number' || !(value <= LARGEST[field])) return false
  return field === 'time' || (Number.isInteger(value) && value >= 0)
}
