import { type EventColumns, type FactBatch, NO_ID, NOT_GIVEN } from '@reheap/kernel'
import {
  ALL_DEVICES,
  BLOCK_STATES,
  DIRECTIONS,
  type Direction,
  FACT_OPCODES,
  type Fact,
  type FactOpcode,
  REFUSED,
  REQUEST_OPCODES,
  type Request,
} from './events.ts'

const FACT_NAMES = new Map<number, Fact['kind']>(Object.entries(FACT_OPCODES).map(([name, code]) => [code, name as Fact['kind']]))
const idOf = (id: number | null): number => id ?? NO_ID

/** Writes one request as a row, its settings as the row's detail. */
function write(request: Request, rows: EventColumns): void {
  const code = REQUEST_OPCODES[request.kind]
  const push = (tag: number, id = NO_ID, other = 0, size = 0, address = NOT_GIVEN): void => rows.push(code, tag, id, other, size, address)
  switch (request.kind) {
    case 'DeviceOpened':
      push(request.device, NO_ID, 0, request.capacityBytes, request.contextBytes)
      break
    case 'DeviceMalloc':
      push(request.device, request.block, request.stream, request.bytes, observed(request.address))
      break
    case 'DeviceFree':
      push(0, request.block)
      break
    case 'RecordStream':
      push(0, request.block, request.stream)
      break
    case 'CompleteStreamEvents':
      push(request.device ?? ALL_DEVICES, NO_ID, idOf(request.stream))
      break
    case 'EmptyCache':
      push(0)
      break
    case 'ResetPeakStats':
      push(request.device ?? 0)
      break
    case 'Configure':
      push(0)
      rows.setDetail(rows.length - 1, JSON.stringify({ settings: request.settings }))
      break
    case 'SetMemoryFraction':
      push(request.device ?? 0, NO_ID, 0, request.fraction)
      break
    case 'BeginPool':
      push(request.device ?? 0, request.pool, idOf(request.stream))
      break
    case 'EndPool':
    case 'ReleasePool':
      push(request.device ?? 0, request.pool)
      break
    case 'RestoreSegment':
      push(request.device ?? 0, idOf(request.pool ?? null), request.stream, request.bytes, request.address)
      rows.setDetail(rows.length - 1, JSON.stringify({ type: request.type, isExpandable: request.isExpandable }))
      break
    case 'RestoreBlock':
      push(BLOCK_STATES.indexOf(request.state), idOf(request.block), 0, request.bytes, request.requestedBytes)
      break
    case 'CopyMemory':
      push(DIRECTIONS.indexOf(request.direction), NO_ID, request.pinned ? 1 : 0, request.bytes, request.device ?? 0)
      break
  }
}

function observed(address: number | null | undefined): number {
  if (address === undefined) return NOT_GIVEN
  return address ?? REFUSED
}

/** Reads one fact from its row. */
function read(facts: FactBatch<FactOpcode>, row: number): Fact {
  const kind = FACT_NAMES.get(facts.code[row]) as Fact['kind']
  const device = facts.tag[row]
  const block = facts.id[row]
  const stream = facts.other[row]
  const bytes = facts.size[row]
  const address = facts.address[row]
  switch (kind) {
    case 'SegmentAllocated':
    case 'SegmentFreed':
    case 'SegmentMapped':
    case 'SegmentUnmapped':
      return { kind, device, stream, bytes, address }
    case 'BlockAllocated':
    case 'FreeRequested':
    case 'FreeCompleted':
      return { kind, block, device, stream, bytes, address }
    case 'OutOfMemoryRaised':
      return { kind, block, device, stream, bytes, deviceFreeBytes: address }
    case 'AssertionRaised':
      return { kind, block, device, stream, bytes }
    case 'SettingsRefused':
      return { kind }
    case 'MemoryCopied':
      return { kind, device: block, direction: DIRECTIONS[device] as Direction, pinned: stream === 1, bytes, nanoseconds: address }
  }
}

/** The requests and facts as tagged values. */
export const deviceMemoryWording = { write, read } as const
