/** Why the request before the cursor was refused, as `reheap explain --oom --json` tells it. */
import type { RefusalReport, Remedies } from '@reheap/machine'
import { useEffect } from 'preact/hooks'
import type { View } from '../session/messages.ts'
import { type Figured, FigureTable } from './figure-table.tsx'
import { bytes, count, counted, hex } from './format.ts'
import { Frames } from './frames.tsx'
import { firstFrom, momentAt } from './moments.ts'
import { ask } from './session-client.ts'
import { overview } from './store.ts'
import { useAnswer } from './use-answer.ts'
import { useRested } from './use-rested.ts'

type Unused = RefusalReport['unused'][number]
const REASONS: Readonly<Record<Unused['reason'], string>> = {
  privatePool: 'in another private pool',
  otherPool: 'in the pool of other sizes',
  otherStream: 'on another stream',
  tooSmall: 'too small',
  tooLarge: 'too large to be split for it',
}

/** So many rows are shown at once. */
const FEW = 6

/** Nothing where the event before the cursor was served. */
export function RefusalView({ view: { at, layer } }: { readonly view: View }) {
  const track = overview.value?.moments.outOfMemory
  const isRefused = layer === 'device' && track !== undefined && momentAt(track, firstFrom(track, at - 1))?.index === at - 1
  const report = useAnswer('refusal', isRefused ? { at } : null, [])
  if (!isRefused) return null
  if (report === undefined || report === null) return <p class="quiet">Reading why the request was refused…</p>
  return <Refused at={at} report={report} />
}

function Refused({ at, report }: { readonly at: number; readonly report: RefusalReport }) {
  const { refusal, message, capacityBytes, stats } = report
  return (
    <section class="refused" aria-label="out of memory" data-index={refusal.index}>
      <h3>
        Out of memory: {bytes(refusal.requestedBytes)} on device {refusal.device}, stream {refusal.stream} ({count(refusal.number)} of{' '}
        {counted(refusal.of, 'refused request')})
      </h3>
      <Frames frames={refusal.frames} />
      {message !== null && <p class="quiet">{message}</p>}
      <FigureTable
        label="the device when it refused"
        heads={['', 'asked for', 'as rounded', 'capacity', 'allocated', 'reserved', 'the driver has left', 'largest free block']}
        rows={[
          {
            name: `device ${refusal.device}`,
            figures: [
              ofBytes('requestedBytes', refusal.requestedBytes),
              ofBytes('bytes', refusal.bytes),
              ofBytes('capacityBytes', capacityBytes),
              ofBytes('allocatedBytes', stats.allocatedBytes),
              ofBytes('reservedBytes', stats.reservedBytes),
              ofBytes('deviceFreeBytes', refusal.deviceFreeBytes),
              ofBytes('largestFreeBytes', Math.max(0, ...report.unused.map(({ largestBytes }) => largestBytes))),
            ],
          },
        ]}
      />
      <Unserved unused={report.unused} />
      <RemediesView at={at} capacityBytes={capacityBytes} />
      <Holders pinned={report.pinned} owners={report.owners} />
    </section>
  )
}

const ofBytes = (key: string, value: number): Figured => [key, value, bytes(value)]
const ofCount = (key: string, value: number): Figured => [key, value, count(value)]

/** Which free memory did not serve. */
function Unserved({ unused }: Pick<RefusalReport, 'unused'>) {
  if (unused.length === 0) return <p class="quiet">No block is free in a segment: all that is reserved is in use.</p>
  return (
    <FigureTable
      label="free, and why it did not serve"
      heads={['free, and why it did not serve', 'blocks', 'bytes', 'largest']}
      rows={unused.map(({ reason, blocks, bytes: size, largestBytes }) => ({
        name: REASONS[reason],
        figures: [ofCount('blocks', blocks), ofBytes('bytes', size), ofBytes('largestBytes', largestBytes)],
      }))}
    />
  )
}

/** What pins memory, and what is live. */
function Holders({ pinned, owners }: Pick<RefusalReport, 'pinned' | 'owners'>) {
  return (
    <>
      <details open={pinned.length <= FEW}>
        <summary>
          {counted(pinned.length, 'segment')} with {bytes(pinned.reduce((sum, { freeBytes }) => sum + freeBytes, 0))} free cannot be given
          back: live blocks are in them
        </summary>
        <FigureTable
          label="segments that live blocks pin"
          heads={['segment', 'bytes', 'free', 'largest free', 'pinned by', 'with']}
          rows={pinned.map(({ segment, freeBytes, largestFreeBytes, liveBlocks, liveBytes }) => ({
            name: hex(segment.address),
            figures: [
              ofBytes('bytes', segment.bytes),
              ofBytes('freeBytes', freeBytes),
              ofBytes('largestFreeBytes', largestFreeBytes),
              ofCount('liveBlocks', liveBlocks),
              ofBytes('liveBytes', liveBytes),
            ],
          }))}
        />
      </details>
      <details open={owners.length <= FEW}>
        <summary>Live, by who asked for it: {counted(owners.length, 'owner')}</summary>
        <FigureTable
          label="live, by who asked for it"
          heads={['who', 'bytes', 'blocks']}
          rows={owners.map(({ owner, bytes: size, blocks }) => ({
            name: owner,
            figures: [ofBytes('bytes', size), ofCount('blocks', blocks)],
          }))}
        />
      </details>
    </>
  )
}

/** They are looked for when the cursor rests, and given up when it goes on. */
function RemediesView({ at, capacityBytes }: { readonly at: number; readonly capacityBytes: number }) {
  const rested = useRested(at)
  const remedies = useAnswer('remedies', rested === at ? { at } : null, [])
  // Before the first event nothing was refused: the search ends.
  useEffect(() => () => void ask('remedies', { at: 0 }), [])
  if (remedies === undefined || remedies === null) return <p class="quiet">Trying what would have made it fit…</p>
  if (!remedies.isReproduced)
    return (
      <p class="quiet" data-remedies={0}>
        On a simulated driver of this capacity the request fits, so nothing was tried: other programs may have held memory of the device.
      </p>
    )
  return (
    <>
      <FigureTable
        label="what would have made it fit"
        heads={['what would have made it fit', 'fits', 'requests refused until then']}
        rows={remedies.settings.map((tried) => ({
          name: tried.settings,
          figures: [
            ['isRefused', Number(tried.isRefused), fitsText(tried)],
            ['ooms', tried.ooms, count(tried.ooms)],
          ],
        }))}
      />
      <p data-remedies={remedies.capacityBytes}>
        {remedies.capacityBytes === null
          ? 'More capacity alone does not help.'
          : `With ${bytes(remedies.capacityBytes - capacityBytes)} more capacity, ${bytes(remedies.capacityBytes)} in all, it fits under the settings of the log.`}
      </p>
    </>
  )
}

function fitsText({ isRefused, firstOom }: Remedies['settings'][number]): string {
  if (isRefused) return 'no'
  return firstOom === null ? 'yes' : `yes, but event ${count(firstOom)} is refused`
}
