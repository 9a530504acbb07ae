import { isLeft, isRight } from 'fp-ts/lib/Either.js'
import * as t from 'io-ts/lib/index.js'

/** Refuses: stands where a field is that `owner` does not have, so that the error can name those it has. */
const noSuchField = (owner: string, fields: readonly string[]): t.Type<never, never, unknown> =>
  new t.Type<never, never, unknown>(
    `field that ${owner} has (${fields.join(', ')})`,
    (_value): _value is never => false,
    (value, context) => t.failure(value, context),
    t.identity,
  )

/** The context with `decoder` as what is expected here, so that an error's path can tell a field from a part of an intersection. */
const retyped = (context: t.Context, decoder: t.Decoder<unknown, unknown>): t.Context =>
  context.map((entry, place) => (place === context.length - 1 ? { ...entry, type: decoder } : entry))

/** The same values, but an object with a field that is not named is refused: io-ts by itself lets it pass. */
export function closed<A>(owner: string, fields: readonly string[], decoder: t.Decoder<unknown, A>): t.Type<A, A, unknown> {
  const refused = noSuchField(owner, fields)
  const validate: t.Validate<unknown, A> = (value, context) => {
    const record = t.UnknownRecord.validate(value, context)
    if (isLeft(record)) return record
    const extra = Object.keys(record.right).find((name) => !fields.includes(name))
    if (extra === undefined) return decoder.validate(value, retyped(context, decoder))
    return t.failure(record.right[extra], t.appendContext(context, extra, refused, record.right[extra]))
  }
  return new t.Type<A, A, unknown>(owner, (value): value is A => isRight(validate(value, [])), validate, t.identity)
}
