import { DOMAINS, REQUEST_OPCODES } from '@reheap/allocator'
import { REQUEST_OPCODES as HOST_OPCODES } from '@reheap/host-memory'
import { ANY_LAYER_OPCODES, type EventBatch, NO_ID } from '@reheap/kernel'

/** An event as a plain value: what is not given is left out. */
export interface KeptEvent {
  readonly kind: string
  readonly index: number
  readonly domain?: string
  readonly id?: number | null
  readonly other?: number
  readonly size?: number
  readonly address?: number
  readonly thread?: number
  readonly heap?: number
  readonly time?: number
  readonly detail?: unknown
}

const NAMES = new Map<number, string>(
  Object.entries({ ...REQUEST_OPCODES, ...HOST_OPCODES, ...ANY_LAYER_OPCODES }).map(([name, code]) => [code, name]),
)
const HAVE_DOMAIN = new Set(['Malloc', 'Calloc', 'Realloc', 'Free'])
const MAY_BE_NULL = new Set(['Realloc', 'Free'])

/** The events of a batch as plain values, which outlive it. */
export const keptEvents = (batch: EventBatch): KeptEvent[] => Array.from({ length: batch.length }, (_, row) => keptEvent(batch, row))

/** Marks and observations of a batch. */
export const keptDetails = (batch: EventBatch): KeptEvent[] =>
  [...batch.code.subarray(0, batch.length).keys()]
    .filter((row) => (batch.code[row] ?? 0) >= ANY_LAYER_OPCODES.Mark)
    .map((row) => keptEvent(batch, row))

function keptEvent(batch: EventBatch, row: number): KeptEvent {
  const kind = NAMES.get(batch.code[row] ?? 0) ?? `opcode ${batch.code[row]}`
  const id = batch.id[row] ?? NO_ID
  const given: Record<string, unknown> = {
    kind,
    index: batch.firstIndex + row,
    domain: HAVE_DOMAIN.has(kind) ? DOMAINS[batch.tag[row] ?? 0] : undefined,
    id: id === NO_ID ? (MAY_BE_NULL.has(kind) ? null : undefined) : id,
    other: batch.other[row] === NO_ID ? undefined : batch.other[row],
    size: batch.size[row],
    address: batch.address[row],
    thread: batch.thread?.[row] || undefined,
    heap: batch.heap?.[row] || undefined,
    time: batch.time?.[row],
    detail: batch.detail(row) === null ? undefined : JSON.parse(batch.detail(row) ?? ''),
  }
  return Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined && !Number.isNaN(value)),
  ) as unknown as KeptEvent
}
