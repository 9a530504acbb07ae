import { formatAddress, formatBytes, formatCount } from '@reheap/kernel'
import { type Frame, frameText, type OwnerGroup, type RefusalReport, type Remedies } from '@reheap/machine'
import type { SegmentUse, UnusedBlocks, UnusedReason } from '@reheap/projections'
import { capacityText } from './capacity.ts'
import { segmentKind } from './device-stats.ts'
import { counted, table } from './table.ts'

/** What `explain --oom` found. */
export interface OomReport extends RefusalReport {
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

export const stackLines = (frames: readonly Frame[]): readonly string[] => frames.slice(0, FRAMES).map((frame) => `    ${frameText(frame)}`)

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
