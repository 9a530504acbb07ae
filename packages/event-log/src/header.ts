import * as t from 'io-ts/lib/index.js'
import { shown } from './error.ts'

/** Version of the log format that this package writes and reads. */
export const FORMAT_VERSION = 1

/** First line of a log in its JSONL form: what was recorded, where. Fields beyond these are kept as they are. */
export const LogHeader = t.intersection(
  [
    t.type({
      reheap: t.literal(FORMAT_VERSION, 'reheap (format version 1)'),
      runtime: t.intersection([t.type({ name: t.string, version: t.string }), t.partial({ pointerBits: t.number })], 'runtime'),
    }),
    t.partial({ command: t.string, recordedAt: t.string }),
    t.UnknownRecord,
  ],
  'header',
)
export type LogHeader = t.TypeOf<typeof LogHeader>

/** Names of kinds of events with their opcodes, 1 to 255: what a package calls `REQUEST_OPCODES`. */
export type Vocabulary = Readonly<Record<string, number>>

const Opcode = t.refinement(t.number, (code) => Number.isInteger(code) && code >= 1 && code <= 255, 'opcode (whole number from 1 to 255)')

/** A {@link Vocabulary} in which no two names share an opcode. */
export const Vocabulary = t.refinement(
  t.record(t.string, Opcode),
  (names) => new Set(Object.values(names)).size === Object.keys(names).length,
  'vocabulary (names with an opcode each, no opcode twice)',
)

/** The first thing that keeps a value from being what a codec demands: where it stands, what is demanded. */
export function firstFault(errors: t.Errors): string {
  const context = errors[0]?.context ?? []
  const path = context.flatMap(({ key }) => (key === '' || /^\d+$/.test(key) ? [] : [shown(key)])).join('.')
  return `${path === '' ? '' : `${path}: `}expected ${context.at(-1)?.type.name ?? 'something else'}`
}
