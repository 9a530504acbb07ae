/** Segments of a device, one a row, with their blocks. */
import { useEffect, useRef, useState } from 'preact/hooks'
import type { BlockOrigin, View } from '../session/messages.ts'
import { drawSegments, GAP, ROW, scrolledOf } from './device-paint.ts'
import { beside, blockAt, type Chosen, type Place, rowAt, rowsOf } from './device-rows.ts'
import { useDrawing } from './drawing.ts'
import { bytes, count, hex } from './format.ts'
import { Frames } from './frames.tsx'
import { ask } from './session-client.ts'
import { fault, theme } from './store.ts'
import { chosenSegment } from './tables.tsx'
import { useWidth } from './use-width.ts'

const ROWS_MAX = 1500

export function DeviceMap({ view }: { readonly view: View }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const [place, setPlace] = useState<Place | null>(null)
  /** Where the chosen block came from. */
  const [origin, setOrigin] = useState<BlockOrigin | null>(null)
  const isLight = theme.value === 'light'
  const rows = view.devices.flatMap(rowsOf).slice(0, ROWS_MAX)
  const largest = rows.reduce((most, row) => Math.max(most, row.bytes), 1)
  // At another event something else may lie there.
  const told = place === null ? null : blockAt(rows, place)
  const width = useWidth(canvas)
  const paint = (): void => {
    if (canvas.current !== null && width > 0) drawSegments(canvas.current, rows, { largest, width, isLight, told })
  }
  useDrawing(paint, [view, isLight, place, width])
  useEffect(() => setOrigin(null), [view])

  const segment = chosenSegment.value
  useEffect(() => {
    const wanted = rows.flatMap(({ ranges }) => ranges).find(({ address }) => String(address) === segment)
    if (wanted === undefined || canvas.current === null || width === 0) return
    setPlace(wanted)
    keepInSight(canvas.current, rowAt(rows, wanted))
  }, [segment, width])

  const at = (event: MouseEvent): Place | null => {
    if (canvas.current === null) return null
    const row = rows[Math.floor((event.offsetY + scrolledOf(canvas.current)) / (ROW + GAP))]
    const address = (row?.address ?? 0) + (event.offsetX / canvas.current.clientWidth) * largest
    return row === undefined || address >= row.address + row.bytes ? null : { device: row.ranges[0]?.device ?? 0, address }
  }
  const choose = async (chosen: Chosen | null): Promise<void> => {
    if (chosen === null || chosen.block.block === null) return setOrigin(null)
    try {
      setOrigin(await ask('block', { at: view.at, device: chosen.segment.device, address: chosen.block.address }))
    } catch (error) {
      fault.value = (error as Error).message
    }
  }
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') void choose(told)
    else {
      const next = beside(rows, told, event.key)
      if (next === null) return
      setPlace({ device: next.segment.device, address: next.block.address })
      if (canvas.current !== null) keepInSight(canvas.current, next.row)
    }
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <section aria-label="GPU map">
      <div class="bar">
        <span class="quiet">
          {count(rows.length)} segments by address, one a row; the longest is {bytes(largest)}
        </span>
        <span class="legend">
          <i class="swatch allocated" /> allocated <i class="swatch pending" /> waits for a stream <i class="swatch free" /> free{' '}
          {rows.some(({ reservedBytes }) => reservedBytes !== null) && (
            <>
              <i class="swatch unmapped" /> not mapped
            </>
          )}
        </span>
      </div>
      <div class="map" onScroll={paint}>
        <div class="rows" style={{ height: `${Math.max(1, rows.length) * (ROW + GAP)}px` }}>
          <canvas
            ref={canvas}
            class="wide"
            id="device"
            role="img"
            tabIndex={0}
            aria-label={`${rows.length} segments; arrow keys point at a block, Enter tells where it came from`}
            onKeyDown={onKey}
            onMouseMove={(event) => setPlace(at(event))}
            onClick={(event) => {
              const clicked = at(event)
              setPlace(clicked)
              void choose(clicked === null ? null : blockAt(rows, clicked))
            }}
          />
        </div>
      </div>
      <p class="told" aria-live="polite">
        {place === null
          ? 'Point at a block, or walk there with the arrow keys; a click or Enter tells where it came from.'
          : told === null
            ? `${hex(Math.floor(place.address))}: nothing is mapped there`
            : blockText(told, rows[told.row]?.reservedBytes ?? null)}
      </p>
      {origin !== null && (
        <>
          <p class="told origin">{origin.born === null ? 'there before the log begins' : `asked for by event ${count(origin.born)}`}</p>
          <Frames frames={origin.stack.frames} />
        </>
      )}
    </section>
  )
}

function blockText({ segment, block }: Chosen, reservedBytes: number | null): string {
  const state = block.state === 'inactive' ? 'free' : block.state === 'active_allocated' ? 'allocated' : 'waits for a stream'
  const expandable = reservedBytes === null ? '' : `, mapped in an expandable segment of ${bytes(reservedBytes)} of addresses`
  return `${hex(block.address)}: ${bytes(block.bytes)} ${state}${block.block === null ? '' : `, block ${block.block}`}, in a ${segment.type} segment of ${bytes(segment.bytes)}, stream ${segment.stream}${expandable}`
}

function keepInSight(canvas: HTMLCanvasElement, row: number): void {
  const map = canvas.closest('.map')
  if (map === null) return
  const top = row * (ROW + GAP)
  if (top < map.scrollTop) map.scrollTop = top
  else if (top + ROW > map.scrollTop + map.clientHeight) map.scrollTop = top + ROW - map.clientHeight
}
