/** What each layer of a device answered to one request: the block, its segment, the driver. */
import type { Fact, SegmentView } from '@reheap/device-memory'
import { formatAddress, formatBytes, formatCount } from '@reheap/kernel'
import type { RequestStep } from './steps.ts'

const OF_BLOCK: readonly Fact['kind'][] = ['BlockAllocated', 'FreeRequested', 'FreeCompleted', 'OutOfMemoryRaised', 'AssertionRaised']
const OF_DRIVER: readonly Fact['kind'][] = ['SegmentAllocated', 'SegmentFreed', 'SegmentMapped', 'SegmentUnmapped']

/** What block, segment and driver answered to one request of a device. */
export function deviceRequestSteps(
  facts: readonly Fact[],
  before: readonly SegmentView[],
  after: readonly SegmentView[],
): readonly RequestStep[] {
  const told = (kinds: readonly Fact['kind'][]): RequestStep['facts'] =>
    facts.filter(({ kind }) => kinds.includes(kind)).map((fact) => ({ ...fact }))
  const addresses = facts.flatMap((fact) => ('address' in fact && OF_BLOCK.includes(fact.kind) ? [fact.address] : []))
  const held = addresses.flatMap((address) => {
    const segment = segmentAt(after, address) ?? segmentAt(before, address)
    return segment === undefined ? [] : [segment]
  })
  const others = facts.filter(({ kind }) => !OF_BLOCK.includes(kind) && !OF_DRIVER.includes(kind)).map((fact) => ({ ...fact }))
  return [
    { layer: 'GPU', name: 'block', facts: told(OF_BLOCK), place: [] },
    { layer: '', name: 'segment', facts: [], place: [...new Set(held)].map(segmentLine) },
    { layer: '', name: 'driver', facts: told(OF_DRIVER), place: [] },
    ...(others.length === 0 ? [] : [{ layer: '', name: 'device', facts: others, place: [] }]),
  ]
}

const segmentAt = (segments: readonly SegmentView[], place: number): SegmentView | undefined =>
  segments.find(({ address, bytes }) => address <= place && place < address + bytes)

function segmentLine({ address, bytes, type, stream, blocks }: SegmentView): string {
  const free = blocks.filter(({ state }) => state === 'inactive').reduce((sum, block) => sum + block.bytes, 0)
  return `${formatAddress(address)} of ${formatBytes(bytes)}, ${type}, stream ${stream}: ${formatCount(blocks.length)} ${blocks.length === 1 ? 'block' : 'blocks'}, ${formatBytes(free)} free`
}
