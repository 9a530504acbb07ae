import fc from 'fast-check'
import type { Json } from 'fp-ts/lib/Json.js'
import type { LogEvent } from '../src/vocabulary.ts'

/** Events of every kind, with the edges of every range likely. */

const edged = (max: number): fc.Arbitrary<number> =>
  fc.oneof(
    fc.constantFrom(0, 1, max - 1, max, Math.min(max, 2 ** 31), Math.min(max, 999_999_999), Math.min(max, 1e9)),
    fc.nat({ max: 1e6 }),
    fc.maxSafeNat().map((n) => n % (max + 1)),
  )

export const anyId: fc.Arbitrary<number> = edged(2 ** 32 - 2)
export const anyWhole: fc.Arbitrary<number> = edged(Number.MAX_SAFE_INTEGER)

const domain = fc.constantFrom('raw' as const, 'mem' as const, 'obj' as const)
const idOrNull = fc.option(anyId, { nil: null })
const text = fc.string({ unit: 'binary' })

/** JSON that a line can hold: no -0, no number above 2^53 - 1. */
const json: fc.Arbitrary<Json> = fc
  .jsonValue({ maxDepth: 4 })
  .map((value) =>
    JSON.parse(JSON.stringify(value, (_key, part) => (typeof part === 'number' && Math.abs(part) > Number.MAX_SAFE_INTEGER ? 7 : part))),
  )

const context = fc.record(
  { time: anyWhole, thread: fc.integer({ min: 1, max: 0xffff }), heap: fc.integer({ min: 1, max: 0xffff }), stack: anyId },
  { requiredKeys: [] },
)
const observed = fc.record({ address: anyWhole }, { requiredKeys: [] })
const frame = fc.record({ file: text, line: anyWhole, function: text })

/** The fields of the event first, then its context: the order of the reference. */
const withContext = <A extends object>(event: fc.Arbitrary<A>) => fc.tuple(event, context).map(([own, more]) => ({ ...own, ...more }))
const kind = <K extends string>(name: K) => fc.constant(name)

export const anyColumnEvent: fc.Arbitrary<LogEvent> = fc.oneof(
  withContext(
    fc.tuple(fc.record({ kind: kind('Malloc'), domain, block: anyId, bytes: anyWhole }), observed).map(([a, b]) => ({ ...a, ...b })),
  ),
  withContext(
    fc
      .tuple(fc.record({ kind: kind('Calloc'), domain, block: anyId, count: anyId, elementBytes: anyWhole }), observed)
      .map(([a, b]) => ({ ...a, ...b })),
  ),
  withContext(
    fc
      .tuple(fc.record({ kind: kind('Realloc'), domain, block: idOrNull, newBlock: anyId, bytes: anyWhole }), observed)
      .map(([a, b]) => ({ ...a, ...b })),
  ),
  withContext(fc.record({ kind: kind('Free'), domain, block: idOrNull })),
  withContext(fc.record({ kind: kind('ArenaMapped'), address: anyWhole, bytes: anyWhole })),
  withContext(fc.record({ kind: kind('ArenaUnmapped'), address: anyWhole })),
)

export const anyPayloadEvent: fc.Arbitrary<LogEvent> = fc.oneof(
  withContext(fc.record({ kind: kind('Mark'), label: text })),
  fc
    .tuple(fc.record({ kind: kind('Stack'), stack: anyId, frames: fc.array(frame, { maxLength: 3 }) }), context)
    .map(([own, { stack: _, ...more }]) => ({ ...own, ...more })),
  withContext(fc.record({ kind: kind('Observe'), of: text, values: fc.dictionary(text, json, { maxKeys: 4 }) })),
)

export const anyEvent: fc.Arbitrary<LogEvent> = fc.oneof(
  { weight: 3, arbitrary: anyColumnEvent },
  { weight: 1, arbitrary: anyPayloadEvent },
)
