/** Two logs of devices side by side, or two moments of one: what they cost, and who holds what in the end. */
import { type Changed, changedOf } from './changed.ts'
import { type DeviceSummary, NO_SEGMENTS, type OwnedBlocks, type SegmentCount } from './device-summary.ts'
import type { Turnover } from './turnover.ts'

/** What differs, the largest change first. */
export interface DeviceDifference {
  readonly before: Pick<DeviceSummary, 'name' | 'events' | 'devices'>
  readonly after: Pick<DeviceSummary, 'name' | 'events' | 'devices'>
  readonly owners: readonly (Changed<OwnedBlocks> & { readonly owner: string })[]
  readonly segments: readonly (Changed<SegmentCount> & { readonly type: string; readonly segmentBytes: number })[]
}

/** A part of one log: what it holds behind the part, beside what it held before. All but what is held by then is that of the part. */
export interface DeviceStretch extends DeviceDifference {
  readonly between: Turnover
}

/** What two device logs differ in, owner by owner and segment by segment. */
export function deviceDifference(before: DeviceSummary, after: DeviceSummary): DeviceDifference {
  const said = ({ name, events, devices }: DeviceSummary) => ({ name, events, devices })
  return {
    before: said(before),
    after: said(after),
    owners: changedOf(before.owners, after.owners, { bytes: 0, blocks: 0 }).map(([owner, row]) => ({ owner, ...row })),
    segments: changedOf(before.segments, after.segments, NO_SEGMENTS).map(([key, row]) => {
      const [type = '', bytes] = key.split(', ')
      return { type, segmentBytes: Number(bytes), ...row }
    }),
  }
}

/** What a part of a log changed. @param before what {@link DeviceSummarizer.begin} told @param after the same log's summary behind the part */
export const deviceStretch = (before: DeviceSummary, after: DeviceSummary): DeviceStretch => ({
  ...deviceDifference(before, after),
  between: after.turnover,
})
