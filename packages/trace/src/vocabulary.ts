import {
  ArenaMapped,
  ArenaUnmapped,
  Calloc,
  DOMAINS,
  Free,
  Malloc,
  REQUEST_OPCODES,
  Realloc,
  ReleaseHeap,
  type Request,
} from '@reheap/allocator'
import { ANY_LAYER_OPCODES, EventContext } from '@reheap/kernel'
import * as t from 'io-ts/lib/index.js'
import { Mark, Observe, Stack } from './any-layer.ts'
import { closed } from './closed-codec.ts'
import {
  CONTEXT_FIELDS,
  type Field,
  idField,
  idOrNullField,
  optionalField,
  utf8,
  wholeField,
  wholeOrNullField,
  wordField,
} from './field.ts'

/** An event as a plain value: one line of JSON Lines. A later layer joins by adding its requests here and its forms below. */
export type LogEvent = (Request | t.TypeOf<typeof Mark> | t.TypeOf<typeof Stack> | t.TypeOf<typeof Observe>) & t.TypeOf<typeof EventContext>

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
  /** The bytes of `{"kind":"Kind"`. */
  readonly head: Uint8Array
}

function form(
  kind: LogEvent['kind'],
  opcode: number,
  operands: readonly Field[],
  payload: readonly string[],
  codec: t.Decoder<unknown, LogEvent>,
): EventForm {
  const context = CONTEXT_FIELDS.filter((field) => !payload.includes(field.name))
  const names = ['kind', ...operands.map(nameOf), ...payload, ...context.map(nameOf)]
  const head = utf8(`{"kind":"${kind}"`)
  return { kind, opcode, operands, payload, context, fields: [...operands, ...context], codec: closed(kind, names, codec), head }
}

const nameOf = (field: Field): string => field.name
const withContext = <C extends t.Mixed>(codec: C) => t.intersection([codec, EventContext])

const domain = wordField('domain', DOMAINS)
const block = idField('block', 'id')
const blockOrNull = idOrNullField('block', 'id')
const newBlock = idField('newBlock', 'other')
const count = idField('count', 'other')
const elementBytes = wholeField('elementBytes', 'size')
const bytes = wholeField('bytes', 'size')
const observed = optionalField('address', 'address')
const address = wholeField('address', 'address')
const addressOrNull = wholeOrNullField('address', 'address')

/** Every kind of event that this version reads and writes. The columns are those of the packages' opcode tables. */
export const EVENT_FORMS: readonly EventForm[] = [
  form('Malloc', REQUEST_OPCODES.Malloc, [domain, block, bytes, observed], [], withContext(Malloc)),
  form('Calloc', REQUEST_OPCODES.Calloc, [domain, block, count, elementBytes, observed], [], withContext(Calloc)),
  form('Realloc', REQUEST_OPCODES.Realloc, [domain, blockOrNull, newBlock, bytes, observed], [], withContext(Realloc)),
  form('Free', REQUEST_OPCODES.Free, [domain, blockOrNull], [], withContext(Free)),
  form('ArenaMapped', REQUEST_OPCODES.ArenaMapped, [addressOrNull, bytes], [], withContext(ArenaMapped)),
  form('ArenaUnmapped', REQUEST_OPCODES.ArenaUnmapped, [address], [], withContext(ArenaUnmapped)),
  form('ReleaseHeap', REQUEST_OPCODES.ReleaseHeap, [], [], withContext(ReleaseHeap)),
  form('Mark', ANY_LAYER_OPCODES.Mark, [], ['label'], withContext(Mark)),
  form('Stack', ANY_LAYER_OPCODES.Stack, [], ['stack', 'frames'], withContext(Stack)),
  form('Observe', ANY_LAYER_OPCODES.Observe, [], ['of', 'values'], withContext(Observe)),
]

/** The form of each opcode; undefined where no kind has it. */
export const FORM_BY_OPCODE: readonly (EventForm | undefined)[] = Array.from({ length: 256 }, (_, opcode) =>
  EVENT_FORMS.find((candidate) => candidate.opcode === opcode),
)

/** The form of each kind. */
export const FORM_BY_KIND: ReadonlyMap<string, EventForm> = new Map(EVENT_FORMS.map((candidate) => [candidate.kind, candidate]))
