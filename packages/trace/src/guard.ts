import type { EventForm } from './event-form.ts'
import { type Field, isInRange } from './field.ts'
import type { LogEvent } from './vocabulary.ts'

const isNumberOf = (field: Field, value: unknown): boolean => typeof value === 'number' && isInRange(field, value)

function accepts(field: Field, value: unknown): boolean {
  if (field.words.length > 0) return field.words.some((word) => word === value)
  if (field.rest.length > 0)
    return Array.isArray(value) && value.length === 1 + field.rest.length && value.every((part) => isNumberOf(field, part))
  return value === null ? field.nulled !== undefined : isNumberOf(field, value)
}

/**
 * Whether a JSON object whose kind is the form's is an event of that form: what the form's codec
 * decides, some ten times faster. Only for forms without a payload.
 */
export function fits(form: EventForm, value: Readonly<Record<string, unknown>>): value is LogEvent {
  let known = 1
  for (const field of form.fields) {
    const part = value[field.name]
    if (part === undefined) {
      if (field.omitted === undefined) return false
      continue
    }
    if (!accepts(field, part)) return false
    known += 1
  }
  return Object.keys(value).length === known
}
