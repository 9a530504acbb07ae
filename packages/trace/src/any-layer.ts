import { Id, Whole } from '@reheap/kernel'
import type { Json, JsonRecord } from 'fp-ts/lib/Json.js'
import * as t from 'io-ts/lib/index.js'
import { closed } from './closed-codec.ts'

/** Deepest nesting of objects and lists in one line, so that no walk over a line exhausts the stack. */
export const DEPTH_MAX = 64

function isJson(value: unknown, depth: number): value is Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true
  if (typeof value === 'number') return Math.abs(value) <= Number.MAX_SAFE_INTEGER && !Object.is(value, -0)
  if (typeof value !== 'object' || depth === 0) return false
  return Object.values(value).every((part) => isJson(part, depth - 1))
}

const isJsonObject = (value: unknown): value is JsonRecord =>
  !Array.isArray(value) && t.UnknownRecord.is(value) && isJson(value, DEPTH_MAX - 1)

/** Values by name, as an observation holds them. */
const JsonObject: t.Type<JsonRecord, JsonRecord, unknown> = new t.Type<JsonRecord, JsonRecord, unknown>(
  `JSON object (numbers up to ${Number.MAX_SAFE_INTEGER}, at most ${DEPTH_MAX} deep)`,
  isJsonObject,
  (value, context) => (isJsonObject(value) ? t.success(value) : t.failure(value, context)),
  t.identity,
)

const Frame = closed('frame', ['file', 'line', 'function'], t.type({ file: t.string, line: Whole, function: t.string }))

/** A moment named by the recorder or by the program. */
export const Mark = t.type({ kind: t.literal('Mark'), label: t.string })
/** Defines the stack that later events name by id; outermost frame last. */
export const Stack = t.type({
  kind: t.literal('Stack'),
  stack: Id,
  frames: t.array(Frame, 'list of frames {file, line, function}'),
})
/** What the real runtime was seen to answer at this point. */
export const Observe = t.type({ kind: t.literal('Observe'), of: t.string, values: JsonObject })
