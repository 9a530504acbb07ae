import {
  deviceMemoryMechanism,
  deviceMemoryReducer,
  deviceMemoryWording,
  type FactOpcode,
  pytorchProfile,
  type Request,
} from '@reheap/device-memory'
import { Emit, EventColumns } from '@reheap/kernel'
import { expect, test } from 'vitest'
import { AllocationSpans } from './allocation-spans.ts'

const MIB = 2 ** 20
const BEFORE: readonly Request[] = [
  { kind: 'DeviceOpened', device: 0, capacityBytes: 1024 * MIB, contextBytes: 0 },
  { kind: 'RestoreSegment', stream: 0, address: 4096 * MIB, bytes: 20 * MIB, type: 'large', isExpandable: false },
  { kind: 'RestoreBlock', block: 500, bytes: 12 * MIB, requestedBytes: 12 * MIB, state: 'active_allocated' },
  { kind: 'RestoreBlock', block: 501, bytes: 8 * MIB, requestedBytes: 8 * MIB, state: 'active_allocated' },
]

/** Blocks come, some go, and one that was there before. */
function program(): readonly Request[] {
  const requests: Request[] = [...BEFORE]
  for (let block = 0; block < 40; block++) {
    requests.push({ kind: 'DeviceMalloc', block, device: 0, stream: 0, bytes: 512 * (1 + block * 90) })
    if (block % 3 === 2) requests.push({ kind: 'DeviceFree', block: block - 1 })
  }
  return [...requests, { kind: 'DeviceFree', block: 500 }]
}

function spansOf(requests: readonly Request[]): AllocationSpans {
  const rows = new EventColumns(requests.length)
  for (const request of requests) deviceMemoryWording.write(request, rows)
  const draft = deviceMemoryMechanism.thaw(deviceMemoryReducer.initial(pytorchProfile('2.11')))
  const emit = new Emit<FactOpcode>()
  deviceMemoryMechanism.applyBatch(draft, rows, 0, rows.length, emit)
  const spans = new AllocationSpans()
  spans.feed(emit.facts)
  spans.end(deviceMemoryMechanism.seal(draft))
  return spans
}

test('[P32] each allocation lasts from its request to its free; what was there before has no beginning', () => {
  const requests = program()
  const freed = (block: number): number => {
    const index = requests.findIndex((each) => each.kind === 'DeviceFree' && each.block === block)
    return index < 0 ? Number.POSITIVE_INFINITY : index
  }
  const asked = requests.flatMap((each, born) =>
    each.kind === 'DeviceMalloc' ? [{ block: each.block, bytes: each.bytes, born, died: freed(each.block) }] : [],
  )
  const before = [
    { block: 500, bytes: 12 * MIB, born: Number.NaN, died: freed(500) },
    { block: 501, bytes: 8 * MIB, born: Number.NaN, died: Number.POSITIVE_INFINITY },
  ]
  const told = spansOf(requests).all.map(({ block, bytes, born, died }) => ({ block, bytes, born, died }))
  // Sizes are multiples of 512: none is rounded, but a rest too small to split off stays with its block.
  expect(told.map(({ block, born, died }) => ({ block, born, died }))).toEqual(
    [...asked, ...before].map(({ block, born, died }) => ({ block, born, died })),
  )
  for (const [place, { bytes }] of told.entries()) expect(bytes).toBeGreaterThanOrEqual([...asked, ...before][place]?.bytes ?? 0)
})

test('[P32] at no event two allocations lie in the same place', () => {
  const spans = spansOf(program()).all
  for (const [place, one] of spans.entries())
    for (const other of spans.slice(place + 1)) {
      const isBeside = one.address + one.bytes <= other.address || other.address + other.bytes <= one.address
      const isApart = one.died <= (Number.isNaN(other.born) ? -1 : other.born) || other.died <= (Number.isNaN(one.born) ? -1 : one.born)
      expect([one.block, other.block, isBeside || isApart]).toEqual([one.block, other.block, true])
    }
})
