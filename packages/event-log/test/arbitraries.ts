import { fc } from '@fast-check/vitest'
import { CONTEXT_FIELDS, type ContextField } from '../src/columns.ts'
import { type Row, VOCABULARY } from './logs.ts'

const uint32 = fc.integer({ min: 0, max: 0xffff_ffff })
const whole = fc.oneof(fc.maxSafeNat(), fc.constant(Number.NaN))

/** Details, most of them with keys that could be taken for the package's own. */
const detail = fc.option(
  fc
    .dictionary(fc.constantFrom('', 'detail', 'thread', 'time', 'label', 'é"}'), fc.oneof(fc.jsonValue(), fc.constant({ thread: 3 })))
    .map((value) => JSON.stringify(value)),
  { freq: 3 },
)

/** Context; a default value counts as none, and is not made. */
const context = fc.record(
  {
    time: fc.maxSafeNat(),
    thread: fc.integer({ min: 1, max: 0xffff }),
    heap: fc.integer({ min: 1, max: 0xffff }),
    stack: fc.integer({ min: 0, max: 0xffff_fffe }),
  },
  { requiredKeys: [] },
)

/** Any event that the format can hold. */
export const anyRow: fc.Arbitrary<Row> = fc.record({
  code: fc.constantFrom(...Object.values(VOCABULARY)),
  tag: fc.integer({ min: 0, max: 255 }),
  id: uint32,
  other: uint32,
  size: whole,
  address: whole,
  context: fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: context }),
  detail,
})

/** Any choice of columns. */
export const anyColumns: fc.Arbitrary<ContextField[]> = fc.subarray([...CONTEXT_FIELDS])
