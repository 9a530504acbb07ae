import * as t from 'io-ts/lib/index.js'
import { NO_ID } from './batch.ts'

/** io-ts codecs of the values that every layer's events are made of. They stand at the edges only. */

/** A dense id, given by the recorder: a whole number from 0 to 2^32 - 2. */
export const Id: t.Type<number, number, unknown> = new t.Type<number, number, unknown>(
  'id (whole number from 0 to 4294967294)',
  (value): value is number => typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < NO_ID,
  (value, context) => (Id.is(value) ? t.success(value) : t.failure(value, context)),
  t.identity,
)

/** A whole number from 0 to 2^53 - 1: bytes, addresses, counts. */
export const Whole: t.Type<number, number, unknown> = new t.Type<number, number, unknown>(
  'whole number from 0 to 9007199254740991',
  (value): value is number => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0,
  (value, context) => (Whole.is(value) ? t.success(value) : t.failure(value, context)),
  t.identity,
)

/** Fields that may stand on any event. */
export const EventContext = t.partial({
  /** Nanoseconds since the start of the recording. */
  time: Whole,
  thread: t.refinement(Whole, (n) => n < 0x1_0000, 'thread (whole number from 0 to 65535)'),
  heap: t.refinement(Whole, (n) => n < 0x1_0000, 'heap (whole number from 0 to 65535)'),
  stack: Id,
})
