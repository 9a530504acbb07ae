import { REQUEST_OPCODES as COLLECTOR } from '@reheap/cycle-gc'
import { type Batch, NO_ID } from '@reheap/kernel'
import { LAYOUTS, REQUEST_OPCODES as OBJECTS } from '@reheap/refcount'
import type { HeapRequest } from './heap-witness.ts'

type Kind = HeapRequest['kind']

const KINDS = new Map<number, Kind>([...Object.entries(OBJECTS), ...Object.entries(COLLECTOR)].map(([kind, code]) => [code, kind as Kind]))

/** A field, and what its column holds; left out where the column's "none" stands. */
const optional = (name: string, value: number, isThere: boolean): Readonly<Record<string, number>> => (isThere ? { [name]: value } : {})
const orNull = (id: number): number | null => (id === NO_ID ? null : id)

/**
 * A request as its row says, by the tables of operand columns in the packages' `events.ts`. A type's name is in no column:
 * generated types are called as their layout is.
 */
export function requestAt(rows: Batch, row: number): HeapRequest {
  const kind = KINDS.get(rows.code[row] ?? 0)
  if (kind === undefined) throw new Error(`row ${row} has opcode ${rows.code[row]}, which is no request of a heap`)
  return { kind, ...fieldsAt(rows, row, kind) } as HeapRequest
}

function fieldsAt(rows: Batch, row: number, kind: Kind): object {
  const id = rows.id[row] ?? NO_ID
  const other = rows.other[row] ?? NO_ID
  const size = rows.size[row] ?? 0
  const address = rows.address[row] ?? Number.NaN
  const tag = rows.tag[row] ?? 0
  switch (kind) {
    case 'DefineType':
      return { type: id, layout: LAYOUTS[tag], name: LAYOUTS[tag] }
    case 'CreateObject':
      return { object: id, type: other, bytes: size, ...optional('items', tag, tag > 0), ...optional('block', address, address >= 0) }
    case 'ResizeObject':
      return { object: id, bytes: size }
    case 'AddReference':
    case 'DropReference':
      return { from: orNull(other), to: id, ...optional('slot', address, address >= 0) }
    case 'BindName':
      return { scope: other, name: size, object: id }
    case 'UnbindName':
      return { scope: other, name: size }
    case 'EnterScope':
      return { scope: id, ...optional('code', other, other !== NO_ID) }
    case 'LeaveScope':
      return { scope: id }
    case 'CreateWeakReference':
      return { weak: id, object: other, callback: tag === 1, ...optional('code', size, size >= 0) }
    case 'SetFinalizer':
      return { object: id, resurrectsInto: orNull(other), ...optional('code', size, size >= 0) }
    case 'SetCallback':
      return { weak: id, dropsFrom: orNull(other) }
    case 'TrackObject':
    case 'UntrackObject':
    case 'MakeImmortal':
    case 'ClearWeakReferences':
      return { object: id }
    case 'Collect':
      return { generation: tag }
    case 'SetThresholds':
      return { thresholds: [id, other, size] }
    case 'SetSaveAll':
      return { saveAll: tag === 1 }
    case 'ReleaseEarlierObject':
      return { tracked: tag === 1 }
    case 'SetCallbacks':
      return { callbacks: id }
    default:
      return {}
  }
}
