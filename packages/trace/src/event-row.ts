import type { EventBatch, EventColumns } from '@reheap/kernel'
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import type { EventForm } from './event-form.ts'
import { CONTEXT_SLOT, type Field, isInRange, NONE, SLOTS } from './field.ts'
import { parseExact } from './json-text.ts'
import { codecFault, type Fault, fault, shown } from './trace-error.ts'
import { FORM_BY_KIND, FORM_BY_OPCODE, type LogEvent } from './vocabulary.ts'

const MEND_ROW = 'the log is damaged, or a newer version wrote it'

/** Appends a row whose numbers lie in a scratch row. @param hasContext whether a slot of the context was written */
export function pushSlots(rows: EventColumns, opcode: number, slots: Float64Array, hasContext: boolean): void {
  const row = rows.length
  rows.push(opcode, slots[SLOTS.tag], slots[SLOTS.id], slots[SLOTS.other], slots[SLOTS.size], slots[SLOTS.address])
  if (!hasContext) return
  const given = (slot: number): number | undefined => (Object.is(slots[slot], NONE[slot]) ? undefined : slots[slot])
  rows.setContext(row, {
    time: given(SLOTS.time),
    thread: given(SLOTS.thread),
    heap: given(SLOTS.heap),
    stack: given(SLOTS.stack),
  })
}

/** What a row holds in one slot. */
export function slotOf(batch: EventBatch, row: number, slot: number): number {
  switch (slot) {
    case SLOTS.tag:
      return batch.tag[row]
    case SLOTS.id:
      return batch.id[row]
    case SLOTS.other:
      return batch.other[row]
    case SLOTS.size:
      return batch.size[row]
    case SLOTS.address:
      return batch.address[row]
    case SLOTS.time:
      return batch.time === null ? NONE[slot] : batch.time[row]
    case SLOTS.thread:
      return batch.thread === null ? NONE[slot] : batch.thread[row]
    case SLOTS.heap:
      return batch.heap === null ? NONE[slot] : batch.heap[row]
    default:
      return batch.stack === null ? NONE[slot] : batch.stack[row]
  }
}

/** Every slot that a field lies in. */
const slotsOf = (field: Field): readonly number[] => [field.slot, ...field.rest]

/** Where {@link writeEvent} gathers the numbers of a row. */
const SCRATCH = NONE.slice()

/** Appends an event as one row. The event must be one that the codec of its kind accepts. @throws if it is of no known kind */
export function writeEvent(event: LogEvent, rows: EventColumns): void {
  const form = FORM_BY_KIND.get(event.kind)
  if (form === undefined) throw new Error(`no event is called ${event.kind}`)
  const values: Readonly<Record<string, unknown>> = event
  const slots = SCRATCH
  slots.set(form.blank)
  let hasContext = false
  for (const field of form.fields) {
    const value = values[field.name]
    if (typeof value === 'number') slots[field.slot] = value
    else if (typeof value === 'string' || typeof value === 'boolean') slots[field.slot] = field.words.indexOf(value)
    else if (value === null) slots[field.slot] = field.nulled ?? NONE[field.slot]
    else if (Array.isArray(value)) for (const [place, slot] of slotsOf(field).entries()) slots[slot] = value[place]
    else continue
    hasContext ||= field.slot >= CONTEXT_SLOT
  }
  const row = rows.length
  pushSlots(rows, form.opcode, slots, hasContext)
  if (form.payload.length === 0) return
  rows.setDetail(row, JSON.stringify(Object.fromEntries(form.payload.map((name) => [name, values[name]]))))
}

/** A slot as the value of its field; undefined where the field is left out. */
function spelled(field: Field, slot: number): Either<string, unknown> {
  if (field.omitted !== undefined && Object.is(slot, field.omitted)) return right(undefined)
  if (field.nulled !== undefined && Object.is(slot, field.nulled)) return right(null)
  if (!isInRange(field, slot)) return left(`a ${field.isWhole ? 'whole ' : ''}number from 0 to ${field.max}`)
  return right(field.words.length === 0 ? slot : field.words[slot])
}

/** Copies fields of a row into a plain value. @returns what is wrong with the first one that cannot be spelled */
function readFields(event: Record<string, unknown>, fields: readonly Field[], batch: EventBatch, row: number): Fault | null {
  for (const field of fields) {
    const parts: unknown[] = []
    for (const place of slotsOf(field)) {
      const slot = slotOf(batch, row, place)
      const value = spelled(field, slot)
      if (isLeft(value)) return fault(`${event.kind}.${field.name}`, value.left, String(slot), MEND_ROW)
      parts.push(value.right)
    }
    if (field.rest.length > 0) event[field.name] = parts
    else if (parts[0] !== undefined) event[field.name] = parts[0]
  }
  return null
}

/** Copies the fields of a detail into a plain value. @returns what is wrong with the detail */
function readPayload(event: Record<string, unknown>, form: EventForm, detail: string | null): Fault | null {
  const refused = (got: string): Fault => fault(form.kind, `a detail with ${form.payload.join(' and ')}`, got, MEND_ROW)
  if (detail === null) return refused('none')
  const parsed = parseExact(detail)
  if (isLeft(parsed)) return refused(parsed.left.got)
  const payload = parsed.right
  if (typeof payload !== 'object' || payload === null) return refused(shown(payload))
  const values: Readonly<Record<string, unknown>> = { ...payload }
  if (Object.keys(values).some((name) => !form.payload.includes(name))) return refused(shown(payload))
  for (const name of form.payload) event[name] = values[name]
  return null
}

/** One row as a plain value, with its fields in the order of the reference. Left: a field that has no such value. */
export function readEvent(batch: EventBatch, row: number): Either<Fault, LogEvent> {
  const form = FORM_BY_OPCODE[batch.code[row]]
  if (form === undefined) return left(fault('opcode', 'one that this version knows', String(batch.code[row]), MEND_ROW))
  const event: Record<string, unknown> = { kind: form.kind }
  const wrong =
    readFields(event, form.operands, batch, row) ??
    (form.payload.length === 0 ? null : readPayload(event, form, batch.detail(row))) ??
    readFields(event, form.context, batch, row)
  if (wrong !== null) return left(wrong)
  const decoded = form.payload.length === 0 ? right(event as LogEvent) : form.codec.decode(event)
  return isLeft(decoded) ? left({ ...codecFault(form.kind, decoded.left), mend: MEND_ROW }) : decoded
}
