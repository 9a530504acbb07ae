import type { EventBatch } from '@reheap/kernel'
import { isLeft } from 'fp-ts/lib/Either.js'
import { slotOf } from '../src/event-row.ts'
import { SLOTS } from '../src/field.ts'
import { readJsonl } from '../src/jsonl-reader.ts'
import type { TraceError } from '../src/trace-error.ts'

/** Helpers of the tests: text in chunks, rows as plain values, everything that a log gives. */

export const HEADER = '{"reheap":1,"runtime":{"name":"cpython","version":"3.11.7","pointerBits":64}}'

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)

/** The bytes in chunks of a size. */
export async function* chunked(bytes: Uint8Array, size = 65_536): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

/** A row as a value, defaults filled in: what two batches are compared by. */
export function rowOf(batch: EventBatch, row: number): unknown {
  const slots = Object.values(SLOTS).map((slot) => slotOf(batch, row, slot))
  return { code: batch.code[row], slots, detail: batch.detail(row) }
}

export const rowsOf = (batch: EventBatch): unknown[] => Array.from({ length: batch.length }, (_, row) => rowOf(batch, row))

/** Everything that a file gives: its rows, and its error if it has one. */
export interface Outcome {
  readonly rows: readonly unknown[]
  readonly batches: readonly EventBatch[]
  readonly errors: readonly TraceError[]
}

export async function outcomeOf(chunks: AsyncIterable<Uint8Array>, name = 'log.jsonl'): Promise<Outcome> {
  const log = await readJsonl(chunks, { name })
  if (isLeft(log)) return { rows: [], batches: [], errors: [log.left] }
  const batches: EventBatch[] = []
  const errors: TraceError[] = []
  for await (const next of log.right.batches) {
    if (isLeft(next)) errors.push(next.left)
    else batches.push(next.right)
  }
  return { rows: batches.flatMap(rowsOf), batches, errors }
}

/** What a text gives. */
export const outcomeOfText = (text: string): Promise<Outcome> => outcomeOf(chunked(bytesOf(text)))

/** The error of the line behind the header. */
export async function refusal(line: string): Promise<string> {
  const { errors } = await outcomeOfText(`${HEADER}\n${line}\n`)
  return errors[0]?.message ?? 'accepted'
}
