import { Id, Whole } from '@reheap/kernel'
import type { JsonRecord } from 'fp-ts/lib/Json.js'
import * as t from 'io-ts/lib/index.js'
import { closed } from './closed-codec.ts'

const isObject = (value: unknown): value is JsonRecord => t.UnknownRecord.is(value)

/** Values by name, as an observation holds them. Codecs of a log see parsed JSON only, so an object is all there is to ask for. */
const JsonObject: t.Type<JsonRecord, JsonRecord, unknown> = new t.Type<JsonRecord, JsonRecord, unknown>(
  'JSON object',
  isObject,
  (value, context) => (isObject(value) ? t.success(value) : t.failure(value, context)),
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
