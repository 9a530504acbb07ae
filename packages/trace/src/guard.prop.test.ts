import fc from 'fast-check'
import { isRight } from 'fp-ts/lib/Either.js'
import { expect, test } from 'vitest'
import { anyColumnEvent } from '../test/arbitrary-event.ts'
import { fits } from './guard.ts'
import { EVENT_FORMS, FORM_BY_KIND } from './vocabulary.ts'

const FIELDS = [...new Set(EVENT_FORMS.flatMap((form) => form.fields.map((field) => field.name))), 'label', '__proto__', '']

/** Values near every border that the codec draws. */
const anyValue = fc.oneof(
  fc.constantFrom<unknown>(null, true, 'obj', 'mem', 'raw', 'objx', '', '7', [], {}, [7], -1, 0, 0.5, 1e300),
  fc.constantFrom(2 ** 16 - 1, 2 ** 16, 2 ** 32 - 2, 2 ** 32 - 1, 2 ** 53 - 1, 2 ** 53, 2 ** 31),
  fc.nat(),
)
const change = fc.oneof(
  fc.record({ field: fc.constantFrom(...FIELDS), value: anyValue }),
  fc.record({ field: fc.constantFrom(...FIELDS), value: fc.constant(undefined) }),
)

/** The event with some of its fields replaced, added or (undefined) taken away. */
function changed(event: object, changes: readonly { field: string; value?: unknown }[]): Record<string, unknown> {
  const fields = new Map<string, unknown>(Object.entries(event))
  for (const { field, value } of changes) {
    if (value === undefined) fields.delete(field)
    else fields.set(field, value)
  }
  return Object.fromEntries(fields)
}

test('[T10] the guard accepts exactly what the codec accepts', () => {
  const seen = { accepted: 0, refused: 0 }
  fc.assert(
    fc.property(anyColumnEvent, fc.array(change, { maxLength: 2 }), (event, changes) => {
      const form = FORM_BY_KIND.get(event.kind)
      if (form === undefined) throw new Error('an event of every kind has a form')
      const value = changed(event, changes)
      const accepted = isRight(form.codec.decode(value))
      seen[accepted ? 'accepted' : 'refused'] += 1
      expect(fits(form, value)).toBe(accepted)
    }),
    { numRuns: 5000 },
  )
  expect(Math.min(seen.accepted, seen.refused)).toBeGreaterThan(500)
})
