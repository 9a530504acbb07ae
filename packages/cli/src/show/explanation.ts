import type { DeviceStats, Fact, SegmentView } from '@reheap/device-memory'
import { formatAddress, formatBytes, formatCount } from '@reheap/kernel'
import type { Frame } from '@reheap/machine'
import type { SegmentUse, UnusedBlocks, UnusedReason } from '@reheap/projections'
import { frameText, type OwnerGroup } from '../device/owners.ts'
import type { Remedies } from '../device/remedies.ts'
import { capacityText } from '../device/variation.ts'
import { segmentKind } from './device-stats.ts'
import { counted, table } from './table.ts'

/** What `explain --oom` found. */
export interface OomReport {
  readonly refusal: {
    readonly index: number
    readonly device: number
    readonly stream: number
    readonly requestedBytes: number
    readonly bytes: number
    readonly deviceFreeBytes: number
    readonly number: number
    readonly of: number
    readonly pool: number | null
    readonly type: 'small' | 'large'
    readonly frames: readonly Frame[]
  }
  readonly message: string | null
  readonly capacityBytes: number
  readonly stats: DeviceStats
  readonly unused: readonly UnusedBlocks[]
  readonly pinned: readonly SegmentUse[]
  readonly owners: readonly OwnerGroup[]
  readonly remedies: Remedies
}

const REASONS: Readonly<Record<UnusedReason, string>> = {
  privatePool: 'in another private pool',
  otherPool: 'in the pool of other sizes',
  otherStream: 'on another stream',
  tooSmall: 'too small',
  tooLarge: 'too large to be split for it',
}

/** Frames of a stack that are printed. */
const FRAMES = 8

const stackLines = (frames: readonly Frame[]): readonly string[] => frames.slice(0, FRAMES).map((frame) => `    ${frameText(frame)}`)

export function oomLines(name: string, report: OomReport, top: number): readonly string[] {
  const { refusal, stats, unused, pinned, owners, remedies, capacityBytes, message } = report
  const { index, device, stream, requestedBytes, number, of, frames, deviceFreeBytes } = refusal
  const pinnedFree = pinned.reduce((sum, { freeBytes }) => sum + freeBytes, 0)
  return [
    `${name}: event ${formatCount(index)} asked device ${device} for ${formatBytes(requestedBytes)} on stream ${stream} and was refused (${number} of ${of} refused requests)`,
    ...stackLines(frames),
    ...(message === null ? [] : ['', message]),
    '',
    `The device has ${capacityText(capacityBytes)}. ${formatBytes(stats.allocatedBytes)} are allocated, ${formatBytes(stats.reservedBytes)} reserved; the driver has ${formatBytes(deviceFreeBytes)} left.`,
    '',
    ...unusedLines(unused),
    '',
    ...pinLines(pinned, pinnedFree, top),
    '',
    ...ownerLines(owners, top),
    '',
    ...remedyLines(remedies, capacityBytes, index),
  ]
}

function unusedLines(unused: readonly UnusedBlocks[]): readonly string[] {
  if (unused.length === 0) return ['No block is free in a segment: all that is reserved is in use.']
  return [
    'free in segments, and why it did not serve:',
    ...table(
      [{ title: 'why', align: 'left' }, { title: 'blocks' }, { title: 'bytes' }, { title: 'largest' }],
      unused.map(({ reason, blocks, bytes, largestBytes }) => [
        REASONS[reason],
        formatCount(blocks),
        formatBytes(bytes),
        formatBytes(largestBytes),
      ]),
    ),
  ]
}

function pinLines(pinned: readonly SegmentUse[], freeBytes: number, top: number): readonly string[] {
  if (pinned.length === 0) return ['No live block pins a segment with free memory.']
  return [
    `${counted(pinned.length, 'segment')} with ${formatBytes(freeBytes)} free cannot be given back, since live blocks are in them:`,
    ...table(
      [
        { title: 'segment' },
        { title: 'kind', align: 'left' },
        { title: 'bytes' },
        { title: 'free' },
        { title: 'pinned by' },
        { title: 'with' },
      ],
      pinned
        .slice(0, top)
        .map(({ segment, freeBytes: free, liveBlocks, liveBytes }) => [
          formatAddress(segment.address),
          segmentKind(segment),
          formatBytes(segment.bytes),
          formatBytes(free),
          counted(liveBlocks, 'block'),
          formatBytes(liveBytes),
        ]),
    ),
    ...(pinned.length > top ? [`... and ${counted(pinned.length - top, 'more segment')}`] : []),
  ]
}

/** Live blocks by who asked for them. */
export function ownerLines(owners: readonly OwnerGroup[], top: number): readonly string[] {
  if (owners.length === 0) return ['Nothing is live.']
  const since = (index: number | null): string => (index === null ? 'before the log' : formatCount(index))
  const rest = owners.slice(top)
  return [
    'live, by who asked for it:',
    ...table(
      [{ title: 'bytes' }, { title: 'blocks' }, { title: 'since event' }, { title: 'last at' }, { title: 'who', align: 'left' }],
      owners
        .slice(0, top)
        .map(({ owner, bytes, blocks, oldest, youngest }) => [
          formatBytes(bytes),
          formatCount(blocks),
          since(oldest),
          since(youngest),
          owner,
        ]),
    ),
    ...(rest.length === 0
      ? []
      : [`... and ${counted(rest.length, 'more owner')} with ${formatBytes(rest.reduce((sum, { bytes }) => sum + bytes, 0))}`]),
  ]
}

function remedyLines({ isReproduced, settings, capacityBytes }: Remedies, before: number, index: number): readonly string[] {
  if (!isReproduced)
    return [
      'On a simulated driver of this capacity the request fits, so nothing was tried: other programs may have held memory of the device.',
    ]
  const fits = (refused: boolean, first: number | null): string =>
    refused ? 'no' : first === null ? 'yes' : `yes, but event ${formatCount(first)} is refused`
  return [
    'what would have made it fit:',
    ...table(
      [{ title: 'settings', align: 'left' }, { title: 'fits', align: 'left' }, { title: `refused up to event ${formatCount(index)}` }],
      settings.map(({ settings: text, isRefused, ooms, firstOom }) => [text, fits(isRefused, firstOom), formatCount(ooms)]),
    ),
    capacityBytes === null
      ? 'More capacity alone does not help.'
      : `With ${formatBytes(capacityBytes - before)} more capacity, ${formatBytes(capacityBytes)} in all, it fits under the settings of the log.`,
  ]
}

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
