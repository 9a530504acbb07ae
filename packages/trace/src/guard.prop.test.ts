import fc from 'fast-check'
import { isRight } from 'fp-ts/lib/Either.js'
import { expect, test } from 'vitest'
import { anyColumnEvent } from '../test/arbitrary-event.ts'
import { fits } from './guard.ts'
import { EVENT_FORMS, FORM_BY_KIND } from './vocabulary.ts'

const FIELDS = [...new Set(EVENT_FORMS.flatMap((form) => form.fields.map((field) => field.name))), 'label', '__proto__', '']

/** Values near every border that the codec draws. */
const anyValue = fc.oneof(
  fc.constantFrom<unknown>([1, 2, 3], [1, 2], [1, 2, 3, 4], [0, 2 ** 32 - 2, 5], [1, 2 ** 32 - 1, 3], [1, '2', 3], 2, 3, 255, 256),
  fc.constantFrom<unknown>(null, true, false, 'obj', 'mem', 'raw', 'objx', '', '7', [], {}, [7], -1, 0, 0.5, 1e300),
  fc.constantFrom(2 ** 16 - 1, 2 ** 16, 2 ** 32 - 2, 2 ** 32 - 1, 2 ** 53 - 1, 2 ** 53, 2 ** 31),
  fc.nat(),
)
const change = fc.record({ own: fc.boolean(), place: fc.nat(), value: fc.oneof(anyValue, fc.constant(undefined)) })

/** The event with some of its fields replaced, added or (undefined) taken away. */
function changed(event: object, changes: readonly { own: boolean; place: number; value?: unknown }[]): Record<string, unknown> {
  const fields = new Map<string, unknown>(Object.entries(event))
  for (const { own, place, value } of changes) {
    const names = own ? Object.keys(event) : FIELDS
    const field = names[place % names.length] as string
    if (field === 'kind') continue
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
    { numRuns: 20_000 },
  )
  expect(Math.min(seen.accepted, seen.refused)).toBeGreaterThan(2000)
})
