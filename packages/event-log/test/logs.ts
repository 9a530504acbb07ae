import { type EventBatch, EventColumns, NO_ID, type RowContext } from '@reheap/kernel'
import { contextOf } from '../src/context.ts'
import type { LogError } from '../src/error.ts'
import { type EventLog, openLog } from '../src/event-log.ts'
import type { LogHeader } from '../src/header.ts'
import { memorySink } from '../src/sink.ts'
import { type ByteSource, bytesSource } from '../src/source.ts'
import { type WriteOptions, writeLog } from '../src/writer.ts'

/** Kinds of events for tests; opcode 7 is far from the others so that the dictionary has holes. */
export const VOCABULARY = { Give: 1, Take: 2, Note: 7 } as const

export const HEADER: LogHeader = { reheap: 1, runtime: { name: 'test', version: '1' } }

/** One event as a plain value. */
export interface Row {
  readonly code: number
  readonly tag: number
  readonly id: number
  readonly other: number
  readonly size: number
  readonly address: number
  readonly context: RowContext
  readonly detail: string | null
}

/** The value of an Either that must be right. */
export function must<A>(either: { _tag: 'Left'; left: unknown } | { _tag: 'Right'; right: A }): A {
  if (either._tag === 'Left') throw new Error(`left: ${JSON.stringify(either.left)}`)
  return either.right
}

/** The error of an Either that must be left. */
export function mustFail<E>(either: { _tag: 'Left'; left: E } | { _tag: 'Right'; right: unknown }): E {
  if (either._tag === 'Right') throw new Error('right, but an error was expected')
  return either.left
}

/** Rows as columns. */
export function columnsOf(rows: readonly Row[]): EventColumns {
  const columns = new EventColumns(Math.max(1, rows.length))
  for (const [row, { code, tag, id, other, size, address, context, detail }] of rows.entries()) {
    columns.push(code, tag, id, other, size, address)
    columns.setContext(row, context)
    if (detail !== null) columns.setDetail(row, detail)
  }
  return columns
}

/** Columns as rows. */
export function rowsOf(batch: EventBatch): Row[] {
  return Array.from({ length: batch.length }, (_, row) => ({
    code: batch.code[row] ?? -1,
    tag: batch.tag[row] ?? -1,
    id: batch.id[row] ?? -1,
    other: batch.other[row] ?? -1,
    size: batch.size[row] ?? -1,
    address: batch.address[row] ?? -1,
    context: contextOf(batch, row),
    detail: batch.detail(row),
  }))
}

/** A few different rows, from `first` on. */
export function someRows(count: number, first = 0): Row[] {
  return Array.from({ length: count }, (_, i) => {
    const n = first + i
    const isNote = n % 3 === 2
    return {
      code: isNote ? VOCABULARY.Note : n % 3 === 1 ? VOCABULARY.Take : VOCABULARY.Give,
      tag: n % 256,
      id: isNote ? NO_ID : n,
      other: n * 7,
      size: isNote ? Number.NaN : n * 16,
      address: 0x7f00_0000_0000 + n,
      context: isNote ? { thread: 1 + (n % 5) } : {},
      detail: isNote ? `{"label":"note ${n}"}` : null,
    }
  })
}

/** A log in memory, and its index. */
export interface LogBytes {
  readonly log: Uint8Array
  readonly index: Uint8Array
}

/** A log with these batches. */
export async function logOf(
  batches: readonly (readonly Row[])[],
  options: Partial<WriteOptions> & { close?: boolean } = {},
): Promise<LogBytes> {
  const log = memorySink()
  const index = memorySink()
  const writer = must(await writeLog(log, index, HEADER, { vocabulary: VOCABULARY, ...options }))
  for (const batch of batches) {
    must(writer.append(columnsOf(batch)))
    must(writer.flush())
  }
  if (options.close ?? true) must(writer.close())
  return { log: log.bytes(), index: index.bytes() }
}

/** Opens a log in memory; without its index if that is null. */
export function open(log: Uint8Array, index: Uint8Array | null = null) {
  return openLog(bytesSource(log, 'test.arrows'), { vocabulary: VOCABULARY, index: index && bytesSource(index, 'test.arrows.index') })
}

/** What can be read of a log: the rows of each batch, or its error. */
export async function readBatches(log: EventLog): Promise<(Row[] | LogError)[]> {
  const read: (Row[] | LogError)[] = []
  for (let number = 0; number < log.batchCount; number++) {
    const batch = await log.batch(number)
    read.push(batch._tag === 'Right' ? rowsOf(batch.right) : batch.left)
  }
  return read
}

/** The same bytes with one bit turned. */
export function flipped(bytes: Uint8Array, at: number, bit = at % 8): Uint8Array {
  const copy = new Uint8Array(bytes)
  copy[at] = (copy[at] ?? 0) ^ (1 << bit)
  return copy
}

/** A source that counts its reads and the most bytes that one of them asked for. */
export function countingSource(bytes: Uint8Array): ByteSource & { reads: number } {
  const source = bytesSource(bytes, 'test.arrows')
  const counting = {
    ...source,
    reads: 0,
    read: (offset: number, length: number) => {
      counting.reads += 1
      return source.read(offset, length)
    },
  }
  return counting
}
