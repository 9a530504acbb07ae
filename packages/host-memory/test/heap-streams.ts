/** Streams of requests to the C library's heap, with the real answers, as `oracle/heap-stream.c` printed them. */
import { readdirSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { Emit, EventColumns } from '@reheap/kernel'
import { type Answered, heapAnswers, parseHeapStream } from '../../../scripts/heap/stream.mjs'
import type * as HostMemory from '../src/index.ts'

const FIXTURES = new URL('fixtures/', import.meta.url)

/** The recorded streams, by the name of their file, the shortest first. */
export const recordedHeaps = (): readonly (readonly [name: string, stream: readonly Answered[]])[] =>
  readdirSync(FIXTURES)
    .filter((name) => name.includes('-heap-'))
    .map((name) => [name, parseHeapStream(gunzipSync(readFileSync(new URL(name, FIXTURES))).toString('utf8'))] as const)
    .sort(([, one], [, other]) => one.length - other.length)

/** Our answers to a stream. */
export const answersOf = (host: typeof HostMemory, stream: readonly Answered[], after?: (draft: HostMemory.AnyState) => void) =>
  heapAnswers(host, { Emit, EventColumns }, stream, after)

/** The first line that the package answers otherwise, with its answer; null: none. */
export function firstDifference(host: typeof HostMemory, stream: readonly Answered[]): string | null {
  const ours = answersOf(host, stream)
  const at = stream.findIndex(({ answer }, row) => ours[row] !== answer)
  return at < 0 ? null : `line ${at + 1}: ${stream[at]?.line}, ours ${ours[at]}`
}
