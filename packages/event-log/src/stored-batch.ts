import { type EventBatch, NO_ID } from '@reheap/kernel'
import type { BatchHead } from './batch-head.ts'
import { CONTEXT_FIELDS, type ContextField, type StoredColumn } from './columns.ts'
import { Details } from './details.ts'
import { Malformed } from './error.ts'
import type { Vocabulary } from './header.ts'

/** Opcodes of a file as opcodes of its reader. */
export interface Translation {
  /** By opcode of the file; 0 where the file has no such kind. */
  readonly opcodes: Uint8Array
  readonly isIdentity: boolean
}

/** How the opcodes of a file become those of a reader that knows all of its names. */
export function translationOf(file: Vocabulary, reader: Vocabulary): Translation {
  const opcodes = new Uint8Array(256)
  let isIdentity = true
  for (const [name, opcode] of Object.entries(file)) {
    opcodes[opcode] = Object.hasOwn(reader, name) ? (reader[name] ?? 0) : 0
    if (opcodes[opcode] !== opcode) isIdentity = false
  }
  return { opcodes, isIdentity }
}

type MutableContext = { -readonly [F in ContextField]: EventBatch[F] }

/**
 * A batch as views on the body it was read from.
 *
 * @param body starts at a multiple of 8 bytes in its memory
 * @throws Malformed if a row is of an unknown kind or a detail is impossible
 */
export function storedBatch(
  body: Uint8Array,
  head: BatchHead,
  columns: readonly StoredColumn[],
  firstIndex: number,
  translation: Translation,
): EventBatch {
  const { rows, layout } = head
  const place = (i: number) => [body.buffer, body.byteOffset + (layout.columns[i] ?? 0), rows] as const
  const placeOf = (field: ContextField) => {
    const i = columns.findIndex(({ name }) => name === field)
    return i < 0 ? null : place(i)
  }
  const time = placeOf('time')
  const thread = placeOf('thread')
  const heap = placeOf('heap')
  const stack = placeOf('stack')
  const details = new Details(body, layout, rows)
  const context: MutableContext = {
    time: time && new Float64Array(...time),
    thread: thread && new Uint16Array(...thread),
    heap: heap && new Uint16Array(...heap),
    stack: stack && new Uint32Array(...stack),
  }
  fillContext(context, details, rows)
  return {
    length: rows,
    firstIndex,
    code: translated(new Uint8Array(...place(0)), translation),
    tag: new Uint8Array(...place(1)),
    id: new Uint32Array(...place(2)),
    other: new Uint32Array(...place(3)),
    size: new Float64Array(...place(4)),
    address: new Float64Array(...place(5)),
    ...context,
    detail: (row) => details.of(row),
  }
}

/** Makes the columns of the context that the file keeps in details. */
function fillContext(context: MutableContext, details: Details, rows: number): void {
  const stored = CONTEXT_FIELDS.filter((field) => context[field] !== null)
  for (const [row, values] of details.contexts()) {
    for (const field of CONTEXT_FIELDS) {
      const value = values[field]
      if (value === undefined) continue
      if (stored.includes(field)) throw new Malformed(`a detail holds a ${field} beside the column ${field}`)
      columnOf(context, field, rows)[row] = value
    }
  }
}

function columnOf(context: MutableContext, field: ContextField, rows: number): Float64Array | Uint16Array | Uint32Array {
  if (field === 'time') {
    context.time ??= new Float64Array(rows).fill(Number.NaN)
    return context.time
  }
  if (field === 'stack') {
    context.stack ??= new Uint32Array(rows).fill(NO_ID)
    return context.stack
  }
  context[field] ??= new Uint16Array(rows)
  return context[field]
}

/** The column of kinds in the reader's opcodes: the same memory where nothing has to change. */
function translated(codes: Uint8Array, { opcodes, isIdentity }: Translation): Uint8Array {
  for (let row = 0; row < codes.length; row++) {
    if (opcodes[codes[row] as number] === 0) throw new Malformed(`a row is of kind ${codes[row]}, which the log does not name`)
  }
  return isIdentity ? codes : codes.map((code) => opcodes[code] ?? 0)
}
