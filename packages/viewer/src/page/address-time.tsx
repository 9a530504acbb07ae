/** Allocations of a device as rectangles: memory upwards, events or their times to the right, as in the timeline. Memory that was never handed out is left out. */
import { useEffect, useMemo, useState } from 'preact/hooks'
import type { AllocationHistory } from '../session/device-messages.ts'
import type { Overview } from '../session/messages.ts'
import { type Axis, addressAxis } from './address-axis.ts'
import { historyPaint } from './address-paint.ts'
import { AddressPicture } from './address-picture.tsx'
import { AddressZoom } from './address-zoom.ts'
import { bytes, count, hex } from './format.ts'
import { Frames } from './frames.tsx'
import { range } from './store.ts'
import { Swatch } from './swatch.tsx'
import { useAnswer } from './use-answer.ts'

const addresses = new AddressZoom('addresses')

export function AddressTime({ log, device }: { readonly log: Overview; readonly device: number }) {
  const history = useAnswer('history', { device })
  const axis = useMemo(() => (history === undefined ? null : addressAxis(history.address, history.bytes)), [history])
  if (history === undefined || axis === null) return <p class="quiet">Reading the allocations…</p>
  return <History log={log} device={device} history={history} axis={axis} />
}

interface HistoryProps {
  readonly log: Overview
  readonly device: number
  readonly history: AllocationHistory
  readonly axis: Axis
}

function History({ log, device, history, axis }: HistoryProps) {
  const [pointed, setPointed] = useState(-1)
  const paint = useMemo(() => historyPaint(history), [history])
  const [from, to] = range.value ?? [0, log.events]
  const [low, high] = addresses.shown
  // A place is one of this history.
  useEffect(() => setPointed(-1), [history])
  return (
    <section aria-label="addresses over time" data-device={device}>
      <div class="bar">
        <p class="told">
          {count(history.born.length)} allocations of device {device}: {bytes(axis.bytes * (high - low))} of addresses upwards, events{' '}
          {count(Math.round(from))} to {count(Math.round(to))} to the right. The wheel zooms events, with Shift addresses; a drag moves
          both.
        </p>
        <button type="button" disabled={addresses.isWhole} onClick={() => addresses.showAll()}>
          All addresses
        </button>
      </div>
      <AddressPicture log={log} history={history} axis={axis} paint={paint} addresses={addresses} pointed={pointed} onPoint={setPointed} />
      <span class="legend wrap left">
        {paint.names.map(({ name, fill, allocations, bytes: size }) => (
          <span key={name} data-name={name} data-bytes={size} data-allocations={allocations}>
            <Swatch fill={fill} /> {name} ({count(allocations)}, {bytes(size)})
          </span>
        ))}
      </span>
      <Told history={history} place={pointed} />
    </section>
  )
}

function Told({ history, place }: { readonly history: AllocationHistory; readonly place: number }) {
  const born = history.born[place] ?? 0
  const index = history.told[place] ?? -1
  const stack = useAnswer('frames', index < 0 ? null : { index })
  if (place < 0) return <p class="told">Point at an allocation; a click goes to the event that made it.</p>
  const died = history.died[place] ?? Number.POSITIVE_INFINITY
  return (
    <>
      <p class="told" aria-live="polite" data-born={born} data-bytes={history.bytes[place]}>
        {bytes(history.bytes[place] ?? 0)} at {hex(history.address[place] ?? 0)}, stream {history.stream[place]}: from{' '}
        {born < 0 ? 'before the log' : `event ${count(born)}`} {Number.isFinite(died) ? `to event ${count(died)}` : 'to the end'}
      </p>
      {stack !== undefined && <Frames frames={stack.frames} />}
    </>
  )
}
