import { DOMAINS, type Domain, REQUEST_OPCODES, type Request } from '@reheap/allocator'
import { NO_ID } from '@reheap/kernel'
import type { Rows } from '../subject.ts'

/** A request as its row says, by the table of operand columns in the allocator's `events.ts`. */
export function requestAt(rows: Rows, row: number): Request {
  const domain = DOMAINS[rows.tag[row]] as Domain
  const id = rows.id[row]
  const other = rows.other[row]
  const size = rows.size[row]
  const observed = rows.address[row]
  const address = Number.isNaN(observed) ? {} : { address: observed }
  switch (rows.code[row]) {
    case REQUEST_OPCODES.Malloc:
      return { kind: 'Malloc', domain, block: id, bytes: size, ...address }
    case REQUEST_OPCODES.Calloc:
      return { kind: 'Calloc', domain, block: id, count: other, elementBytes: size, ...address }
    case REQUEST_OPCODES.Realloc:
      return { kind: 'Realloc', domain, block: id === NO_ID ? null : id, newBlock: other, bytes: size, ...address }
    case REQUEST_OPCODES.Free:
      return { kind: 'Free', domain, block: id === NO_ID ? null : id }
    case REQUEST_OPCODES.ArenaMapped:
      return { kind: 'ArenaMapped', address: Number.isNaN(observed) ? null : observed, bytes: size }
    case REQUEST_OPCODES.ArenaUnmapped:
      return { kind: 'ArenaUnmapped', address: observed }
    case REQUEST_OPCODES.ReleaseHeap:
      return { kind: 'ReleaseHeap' }
    default:
      throw new Error(`row ${row} has opcode ${rows.code[row]}, which is no request of the allocator`)
  }
}
