import { EventContext } from '@reheap/kernel'
import * as t from 'io-ts/lib/index.js'
import { closed } from './closed-codec.ts'
import { blankSlots, CONTEXT_FIELDS, type Field, utf8 } from './field.ts'
import type { LogEvent } from './vocabulary.ts'

/** One kind of event: its opcode, its fields in the order of the reference, and its codec. */
export interface EventForm {
  readonly kind: LogEvent['kind']
  readonly opcode: number
  /** Fields that lie in operand columns. */
  readonly operands: readonly Field[]
  /** Fields that lie in the row's detail, as one JSON object. */
  readonly payload: readonly string[]
  /** What may stand on any event, but for a name that the payload uses. */
  readonly context: readonly Field[]
  /** Operands and context: every field that lies in a column. */
  readonly fields: readonly Field[]
  /** The whole event, of parsed JSON; refuses fields that it does not know. */
  readonly codec: t.Decoder<unknown, LogEvent>
  /** The slots of an event that leaves out every field that it may. */
  readonly blank: Float64Array
  /** The bytes of `{"kind":"Kind"`. */
  readonly head: Uint8Array
}

const nameOf = (field: Field): string => field.name

/** A kind of event. */
export function form(
  kind: LogEvent['kind'],
  opcode: number,
  operands: readonly Field[],
  payload: readonly string[],
  codec: t.Decoder<unknown, LogEvent>,
): EventForm {
  const context = CONTEXT_FIELDS.filter((field) => !payload.includes(field.name))
  const names = ['kind', ...operands.map(nameOf), ...payload, ...context.map(nameOf)]
  const head = utf8(`{"kind":"${kind}"`)
  const fields = [...operands, ...context]
  return { kind, opcode, operands, payload, context, fields, codec: closed(kind, names, codec), blank: blankSlots(fields), head }
}

/** A codec of an event's own fields, with what may stand on any event. */
export const withContext = <C extends t.Mixed>(codec: C) => t.intersection([codec, EventContext])
