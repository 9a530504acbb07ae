import { type Columns, type FactBatch, NO_ID, NOT_GIVEN, type Wording } from '@reheap/kernel'
import {
  DOMAINS,
  type Domain,
  FACT_OPCODES,
  type Fact,
  type FactOpcode,
  REQUEST_OPCODES,
  type Request,
  type RequestOpcode,
} from './events.ts'

const domainTag = (domain: Domain): number => DOMAINS.indexOf(domain)
const idOf = (block: number | null): number => block ?? NO_ID
const FACT_NAMES = new Map<number, Fact['kind']>(Object.entries(FACT_OPCODES).map(([name, code]) => [code, name as Fact['kind']]))

/** Writes one request as a row, with its observed address if it has one. */
function write(request: Request, rows: Columns): void {
  const code = REQUEST_OPCODES[request.kind]
  const cause = rows.firstIndex + rows.length
  switch (request.kind) {
    case 'Malloc':
      rows.push(code, cause, domainTag(request.domain), request.block, 0, request.bytes, request.address ?? NOT_GIVEN)
      break
    case 'Calloc':
      rows.push(code, cause, domainTag(request.domain), request.block, request.count, request.elementBytes, request.address ?? NOT_GIVEN)
      break
    case 'Realloc':
      rows.push(code, cause, domainTag(request.domain), idOf(request.block), request.newBlock, request.bytes, request.address ?? NOT_GIVEN)
      break
    case 'Free':
      rows.push(code, cause, domainTag(request.domain), idOf(request.block), 0, 0, NOT_GIVEN)
      break
    case 'ArenaMapped':
      rows.push(code, cause, 0, NO_ID, 0, request.bytes, request.address ?? NOT_GIVEN)
      break
    case 'ArenaUnmapped':
      rows.push(code, cause, 0, NO_ID, 0, 0, request.address)
      break
    case 'ReleaseHeap':
      rows.push(code, cause, 0, NO_ID, 0, 0, NOT_GIVEN)
      break
  }
}

/** Reads one fact from its row. */
function read(facts: FactBatch<FactOpcode>, row: number): Fact {
  const kind = FACT_NAMES.get(facts.code[row]) as Fact['kind']
  const block = facts.id[row]
  const bytes = facts.size[row]
  const address = facts.address[row]
  const sizeClass = facts.tag[row]
  switch (kind) {
    case 'BlockPlaced':
    case 'BlockReturned':
      return { kind, block, bytes, address, sizeClass }
    case 'BlockResized':
      return { kind, block, previousBytes: facts.other[row], bytes, address, sizeClass }
    case 'BlockPassedOn':
    case 'BlockHandedBack':
      return { kind, block, bytes, address: Number.isNaN(address) ? null : address, domain: DOMAINS[sizeClass] as Domain }
    case 'PoolOpened':
    case 'PoolClosed':
      return { kind, address, sizeClass }
    case 'ArenaOpened':
    case 'ArenaReleased':
      return { kind, address, bytes }
    case 'ArenaRefused':
      return { kind, bytes }
  }
}

/** The allocator's requests and facts as tagged values. */
export const allocatorWording: Wording<RequestOpcode, FactOpcode, Request, Fact> = { write, read }
