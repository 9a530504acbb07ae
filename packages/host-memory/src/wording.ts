import { type EventColumns, type FactBatch, NO_ID, NOT_GIVEN } from '@reheap/kernel'
import { BACKINGS, FACT_OPCODES, type Fact, type FactOpcode, REQUEST_OPCODES, type Request } from './events.ts'

const FACT_NAMES = new Map<number, Fact['kind']>(Object.entries(FACT_OPCODES).map(([name, code]) => [code, name as Fact['kind']]))

/** Writes one request as a row. */
function write(request: Request, rows: EventColumns): void {
  const process = 'process' in request ? (request.process ?? 0) : 0
  const push = (id = NO_ID, other = NO_ID, size = NOT_GIVEN, address = NOT_GIVEN): void =>
    rows.push(REQUEST_OPCODES[request.kind], process, id, other, size, address)
  switch (request.kind) {
    case 'HostOpened': {
      const { romBytes, systemBytes, cacheBytes, touches } = request
      push(NO_ID, NO_ID, request.ramBytes, request.swapBytes)
      rows.setDetail(rows.length - 1, JSON.stringify({ romBytes, systemBytes, cacheBytes, touches }))
      break
    }
    case 'StartProcess':
    case 'EndProcess':
    case 'PowerOff':
    case 'PowerOn':
      push()
      break
    case 'LibraryMalloc':
      push(request.block, NO_ID, request.bytes, request.address)
      break
    case 'LibraryCalloc':
      push(request.block, request.count, request.elementBytes, request.address)
      break
    case 'LibraryAlign':
      push(request.block, request.alignment, request.bytes, request.address)
      break
    case 'LibraryRealloc':
      push(request.block ?? NO_ID, request.newBlock, request.bytes, request.address)
      break
    case 'LibraryFree':
      push(request.block ?? NO_ID)
      break
    case 'MapMemory':
      push(request.mapping, BACKINGS.indexOf(request.backing), request.bytes, request.address)
      break
    case 'MapShared':
      push(request.mapping, request.of, request.bytes, request.address)
      break
    case 'RemapMemory':
      push(request.mapping, NO_ID, request.bytes, request.address)
      break
    case 'UnmapMemory':
    case 'TouchPages':
    case 'CopyPages':
    case 'ReadPages':
    case 'ReleasePages':
      push(request.mapping, NO_ID, request.bytes, request.from)
      break
    case 'TouchBlock':
      push(request.block, NO_ID, request.bytes, request.from)
      break
    case 'AdviseHugePages':
      push(request.mapping, request.huge ? 1 : 0, request.bytes, request.from)
      break
    case 'AdviseHugeBlock':
      push(request.block, request.huge ? 1 : 0, request.bytes, request.from)
      break
    case 'ReadFile':
      push(NO_ID, NO_ID, request.bytes)
      break
  }
}

/** Reads one fact from its row. */
function read(facts: FactBatch<FactOpcode>, row: number): Fact {
  const kind = FACT_NAMES.get(facts.code[row]) as Fact['kind']
  const process = facts.tag[row]
  const bytes = facts.size[row]
  const address = facts.address[row]
  switch (kind) {
    case 'ChunkGiven':
    case 'ChunkFreed':
      return { kind, process, block: facts.id[row], bytes, address }
    case 'AreaMapped':
    case 'AreaUnmapped':
    case 'AreaMoved':
    case 'BreakMoved':
    case 'PagesTouched':
    case 'PagesReleased':
      return { kind, process, bytes, address }
    case 'PagesSwappedOut':
    case 'PagesSwappedIn':
      return { kind, process, bytes, nanoseconds: address }
    case 'CacheReclaimed':
    case 'PowerLost':
      return { kind, bytes }
    case 'ProcessKilled':
    case 'ProcessEnded':
      return { kind, process, rssBytes: bytes, swapBytes: address }
  }
}

/** The requests and facts as tagged values. */
export const hostMemoryWording = { write, read } as const
