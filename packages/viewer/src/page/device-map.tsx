/** Segments of every device, one a row, with their blocks. */
import { useMemo, useState } from 'preact/hooks'
import type { View } from '../session/messages.ts'
import { AddressZoom } from './address-zoom.ts'
import { ChosenBlock } from './device-chosen.tsx'
import { COLOURINGS, type Colouring, type NamedColour, needsFacets, paintOf } from './device-colours.ts'
import { MapCanvas, rowsHeld } from './device-map-canvas.tsx'
import { blockAt, type Chosen, layoutOf, type MapLayout, type Place, placeOf, placeText } from './device-rows.ts'
import { WIDTHS, type Widths } from './device-scale.ts'
import { bytes, count, counted, hex } from './format.ts'
import { linked, linkedChoice } from './permalink.ts'
import { RefusalView } from './refusal-view.tsx'
import { theme } from './store.ts'
import { Swatch } from './swatch.tsx'
import { useAnswer } from './use-answer.ts'

const colouring = linked('blocks', 'state')
const widths = linked('rows', 'own')
const zoom = new AddressZoom('stretch')
/** Where the block lies that was chosen, or the segment. */
export const chosenPlace = linkedChoice('block', '', true)

const oneOf = <K extends string>(names: Readonly<Record<K, string>>, value: string, byDefault: K): K =>
  Object.hasOwn(names, value) ? (value as K) : byDefault

export function DeviceMap({ view }: { readonly view: View }) {
  const [pointed, setPointed] = useState<Place | null>(null)
  const isLight = theme.value === 'light'
  const by = oneOf<Colouring>(COLOURINGS, colouring.value, 'state')
  const width = oneOf<Widths>(WIDTHS, widths.value, 'own')
  const answer = useAnswer('deviceFacets', needsFacets(by) ? { at: view.at } : null)
  const facets = answer?.at === view.at ? answer : null
  const layout = useMemo(() => layoutOf(view.devices), [view])
  const paint = useMemo(() => paintOf(by, layout.rows, facets, isLight), [layout, by, facets, isLight])
  const chosen = placeOf(chosenPlace.value)
  // At another event something else may lie there.
  const [told, kept] = [pointed, chosen].map((place) => (place === null ? null : blockAt(layout.rows, place))) as [
    Chosen | null,
    Chosen | null,
  ]
  const largest = width === 'own' ? null : layout.rows.reduce((most, row) => Math.max(most, row.bytes), 1)
  return (
    <section aria-label="GPU map" data-at={facets?.at}>
      <RefusalView view={view} />
      <div class="bar">
        <Choice label="colour by" names={COLOURINGS} choice={colouring} />
        <Choice label="rows" names={WIDTHS} choice={widths} />
        <button type="button" disabled={zoom.isWhole} onClick={() => zoom.showAll()}>
          Whole rows
        </button>
        <span class="quiet">{segmentsText(layout)}</span>
        <Legend ramp={paint.ramp} names={paint.names} />
      </div>
      <MapCanvas
        map={{ layout, paint, isLight, pointed: told, chosen: kept }}
        largest={largest}
        zoom={zoom}
        onPoint={setPointed}
        onChoose={(place) => {
          chosenPlace.value = place === null ? '' : placeText(place)
        }}
      />
      <p class="told" aria-live="polite">
        {toldText(layout, pointed ?? chosen, pointed === null ? kept : told)}
      </p>
      {chosen !== null && <ChosenBlock at={view.at} place={chosen} chosen={kept} />}
    </section>
  )
}

interface ChoiceProps {
  readonly label: string
  readonly names: Readonly<Record<string, string>>
  readonly choice: ReturnType<typeof linked>
}

const Choice = ({ label, names, choice }: ChoiceProps) => (
  <label>
    {label}{' '}
    <select
      value={Object.hasOwn(names, choice.value) ? choice.value : Object.keys(names)[0]}
      onChange={(event) => {
        choice.value = event.currentTarget.value
      }}
    >
      {Object.entries(names).map(([key, name]) => (
        <option key={key} value={key}>
          {name}
        </option>
      ))}
    </select>
  </label>
)

interface LegendProps {
  readonly ramp: readonly [low: string, high: string] | null
  readonly names: readonly NamedColour[]
}

const Legend = ({ ramp, names }: LegendProps) => (
  <span class="legend wrap">
    {ramp !== null && (
      <span>
        {ramp[0]} <i class="ramp" /> {ramp[1]}
      </span>
    )}
    {names.map(({ name, fill, blocks, bytes: size }) => (
      <span key={name} data-name={name} data-bytes={size} data-blocks={blocks}>
        <Swatch fill={fill} /> {name} ({count(blocks)}, {bytes(size)})
      </span>
    ))}
  </span>
)

/** How many there are, and how many of them a saved picture holds. */
function segmentsText(layout: MapLayout): string {
  const held = rowsHeld(layout)
  const segments = layout.rows.reduce((sum, { ranges }) => sum + ranges.length, 0)
  const picture = held === layout.rows.length ? '' : `; a saved picture holds the first ${count(held)} of ${count(layout.rows.length)} rows`
  return `${counted(segments, 'segment')} by address${picture}`
}

/** What lies at a place. */
function toldText({ rows }: MapLayout, place: Place | null, told: Chosen | null): string {
  if (place === null) return 'Point at a block, or walk there with the arrow keys; a click or Enter tells where it came from. + and - zoom.'
  if (told === null) return `${hex(place.address)}: nothing is mapped there`
  return blockText(told, rows[told.row]?.reservedBytes ?? null)
}

function blockText({ segment, block }: Chosen, reservedBytes: number | null): string {
  const state = block.state === 'inactive' ? 'free' : block.state === 'active_allocated' ? 'allocated' : 'waits for a stream'
  const asked = block.state === 'inactive' || block.requestedBytes === block.bytes ? '' : ` (${bytes(block.requestedBytes)} asked for)`
  const expandable = reservedBytes === null ? '' : `, mapped in an expandable segment of ${bytes(reservedBytes)} of addresses`
  const name = block.block === null ? '' : `, block ${block.block}`
  return `${hex(block.address)}: ${bytes(block.bytes)} ${state}${asked}${name}, in a ${segment.type} segment of ${bytes(segment.bytes)}, device ${segment.device}, stream ${segment.stream}${expandable}`
}
