import type { DeviceStats, Fact, SegmentView } from '@reheap/device-memory'
import { formatAddress, formatBytes, formatCount } from '@reheap/kernel'
import type { Frame, OwnerGroup } from '@reheap/machine'
import { segmentKind } from './device-stats.ts'
import { ownerLines, stackLines } from './explanation.ts'
import { counted, table } from './table.ts'

interface ToldBlock {
  readonly address: number
  readonly bytes: number
  readonly state: string
  readonly born: number | null
  readonly owner: string | null
}

/** A segment block by block. */
export function segmentReportLines(
  name: string,
  segment: SegmentView,
  blocks: readonly ToldBlock[],
  index: number,
  top: number,
): readonly string[] {
  const live = blocks.filter(({ state }) => state !== 'inactive')
  const verdict =
    live.length === 0
      ? 'Nothing in it is live: it is given back when memory runs out, or by torch.cuda.empty_cache().'
      : `It cannot be given back while ${live.length === 1 ? 'one block is' : `${formatCount(live.length)} blocks are`} live in it.`
  const since = ({ state, born }: ToldBlock): string => (state === 'inactive' ? '' : born === null ? 'before the log' : formatCount(born))
  return [
    `${name}: segment ${formatAddress(segment.address)} of ${formatBytes(segment.bytes)} on device ${segment.device}, stream ${segment.stream} (${segmentKind(segment)}), after event ${formatCount(index)}`,
    verdict,
    '',
    ...table(
      [
        { title: 'block' },
        { title: 'bytes' },
        { title: 'state', align: 'left' },
        { title: 'since event' },
        { title: 'who', align: 'left' },
      ],
      blocks
        .slice(0, top * 4)
        .map((block) => [formatAddress(block.address), formatBytes(block.bytes), block.state, since(block), block.owner ?? '']),
    ),
    ...(blocks.length > top * 4 ? [`... and ${counted(blocks.length - top * 4, 'more block')}`] : []),
  ]
}

interface EventReport {
  readonly index: number
  readonly request: { readonly kind: string }
  readonly device: number
  readonly facts: readonly Fact[]
  readonly takenFrom: { readonly address: number; readonly bytes: number; readonly segment: number } | null
  readonly statsBefore: DeviceStats
  readonly stats: DeviceStats
  readonly owners: readonly OwnerGroup[]
  readonly frames: readonly Frame[]
}

const FIGURES = ['allocatedBytes', 'activeBytes', 'reservedBytes', 'inactiveSplitBytes'] as const
const LABELS: Readonly<Record<(typeof FIGURES)[number], string>> = {
  allocatedBytes: 'allocated',
  activeBytes: 'active',
  reservedBytes: 'reserved',
  inactiveSplitBytes: 'free beside live blocks',
}

/** What the allocator did at one event, and how it stood then. */
export function eventLines(
  name: string,
  { index, request, device, facts, takenFrom, statsBefore, stats, owners, frames }: EventReport,
  top: number,
): readonly string[] {
  return [
    `${name}: event ${formatCount(index)}, device ${device}: ${requestText(request)}`,
    ...stackLines(frames),
    ...(facts.length === 0 ? ['The allocator did nothing.'] : facts.map(factLine)),
    ...(takenFrom === null
      ? []
      : [`The memory was taken from a free block of ${formatBytes(takenFrom.bytes)} in segment ${formatAddress(takenFrom.segment)}.`]),
    '',
    ...table(
      [{ title: '', align: 'left' }, { title: 'before' }, { title: 'after' }],
      FIGURES.map((figure) => [LABELS[figure], formatBytes(statsBefore[figure]), formatBytes(stats[figure])]),
    ),
    '',
    ...ownerLines(owners, top),
  ]
}

/** An event's kind and fields. */
function requestText({ kind, ...fields }: EventReport['request']): string {
  const shown = Object.entries(fields).filter(([, value]) => typeof value !== 'object' || value === null)
  return [
    kind,
    ...shown.map(([name, value]) => `${name} ${name === 'address' && typeof value === 'number' ? formatAddress(value) : value}`),
  ].join(', ')
}

function factLine(fact: Fact): string {
  const where = 'address' in fact ? ` at ${formatAddress(fact.address)}` : ''
  const size = 'bytes' in fact ? `: ${formatBytes(fact.bytes)}` : ''
  const stream = 'stream' in fact ? `, stream ${fact.stream}` : ''
  return `${fact.kind}${size}${where}${stream}`
}
