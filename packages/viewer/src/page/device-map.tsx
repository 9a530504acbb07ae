/** Segments of a device, one a row, with their blocks. */
import type { BlockView, SegmentView } from '@reheap/device-memory'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { BlockOrigin, View } from '../session/messages.ts'
import { blankCanvas } from './canvas.ts'
import { type MapRow, rowsOf } from './device-rows.ts'
import { bytes, count, hex } from './format.ts'
import { Frames } from './frames.tsx'
import { ask } from './session-client.ts'
import { fault, theme } from './store.ts'
import { useWidth } from './use-width.ts'

const ROW = 18
const GAP = 3
/** The height that is seen at once, as the style says. @unit pixels */
const VISIBLE = 460
const ROWS_MAX = 1500
const COLOURS = { active_allocated: '#4c8dff', active_pending_free: '#f2a03d' } as const

interface Chosen {
  readonly row: number
  readonly segment: SegmentView
  readonly block: BlockView
}

const blocksOf = ({ ranges }: MapRow, row: number): readonly Chosen[] =>
  ranges.flatMap((segment) => segment.blocks.map((block) => ({ row, segment, block })))

export function DeviceMap({ view }: { readonly view: View }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const [told, setTold] = useState<Chosen | null>(null)
  /** Where the chosen block came from. */
  const [origin, setOrigin] = useState<BlockOrigin | null>(null)
  const isLight = theme.value === 'light'
  const rows = view.devices.flatMap(rowsOf).slice(0, ROWS_MAX)
  const largest = rows.reduce((most, row) => Math.max(most, row.bytes), 1)

  const width = useWidth(canvas)
  const paint = (): void => {
    if (canvas.current !== null && width > 0) draw(canvas.current, rows, { largest, width, isLight, told })
  }
  useLayoutEffect(paint, [view, isLight, told, width])
  useEffect(() => setOrigin(null), [view])

  const at = (event: MouseEvent): Chosen | null => {
    if (canvas.current === null) return null
    const number = Math.floor((event.offsetY + scrolledOf(canvas.current)) / (ROW + GAP))
    const row = rows[number]
    if (row === undefined) return null
    const address = row.address + (event.offsetX / canvas.current.clientWidth) * largest
    return blocksOf(row, number).find(({ block }) => address >= block.address && address < block.address + block.bytes) ?? null
  }
  const choose = async (chosen: Chosen | null): Promise<void> => {
    if (chosen === null || chosen.block.block === null) return setOrigin(null)
    try {
      setOrigin(await ask('block', { at: view.at, block: chosen.block.block }))
    } catch (error) {
      fault.value = (error as Error).message
    }
  }
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') void choose(told)
    else {
      const next = beside(rows, told, event.key)
      if (next === null) return
      setTold(next)
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
            onMouseMove={(event) => setTold(at(event))}
            onClick={(event) => void choose(at(event))}
          />
        </div>
      </div>
      <p class="told" aria-live="polite">
        {told === null
          ? 'Point at a block, or walk there with the arrow keys; a click or Enter tells where it came from.'
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

/** The block that a key leads to from another; null: the key leads nowhere. */
function beside(rows: readonly MapRow[], from: Chosen | null, key: string): Chosen | null {
  if (!key.startsWith('Arrow')) return null
  const first = rows[0]
  if (from === null) return first === undefined ? null : (blocksOf(first, 0)[0] ?? null)
  const own = rows[from.row]
  if (own === undefined) return null
  if (key === 'ArrowLeft' || key === 'ArrowRight') {
    const blocks = blocksOf(own, from.row)
    const place = blocks.findIndex(({ block }) => block.address === from.block.address)
    return blocks[place + (key === 'ArrowRight' ? 1 : -1)] ?? from
  }
  const number = from.row + (key === 'ArrowDown' ? 1 : -1)
  const row = rows[number]
  if (row === undefined) return from
  const offset = from.block.address - own.address
  return blocksOf(row, number).findLast(({ block }) => block.address - row.address <= offset) ?? from
}

const scrolledOf = (canvas: HTMLCanvasElement): number => canvas.closest('.map')?.scrollTop ?? 0

function keepInSight(canvas: HTMLCanvasElement, row: number): void {
  const map = canvas.closest('.map')
  if (map === null) return
  const top = row * (ROW + GAP)
  if (top < map.scrollTop) map.scrollTop = top
  else if (top + ROW > map.scrollTop + map.clientHeight) map.scrollTop = top + ROW - map.clientHeight
}

interface Drawn {
  /** Length of the longest row. @unit bytes */
  readonly largest: number
  /** @unit pixels */
  readonly width: number
  readonly isLight: boolean
  readonly told: Chosen | null
}

/** Draws the rows that are scrolled into sight: thousands of segments would be a picture too large to draw at every move. */
function draw(canvas: HTMLCanvasElement, rows: readonly MapRow[], { largest, width, isLight, told }: Drawn): void {
  const scrolled = scrolledOf(canvas)
  const height = Math.min(VISIBLE, Math.max(1, rows.length) * (ROW + GAP))
  const context = blankCanvas(canvas, width, height)
  if (context === null) return
  const free = isLight ? '#dbe1e9' : '#2b3647'
  const unmapped = isLight ? '#f0f2f6' : '#171e29'
  const edge = isLight ? '#ffffff' : '#10151d'
  const first = Math.floor(scrolled / (ROW + GAP))
  const px = (size: number): number => (size / largest) * width
  rows.slice(first, first + Math.ceil(height / (ROW + GAP)) + 1).forEach((row, place) => {
    const top = (first + place) * (ROW + GAP) - scrolled
    context.fillStyle = unmapped
    context.fillRect(0, top, Math.max(2, px(row.bytes)), ROW)
    if (row.reservedBytes !== null) {
      context.strokeStyle = free
      context.strokeRect(0.5, top + 0.5, Math.max(2, px(row.bytes)) - 1, ROW - 1)
    }
    for (const { address: start, bytes: mapped, blocks } of row.ranges) {
      context.fillStyle = free
      context.fillRect(px(start - row.address), top, Math.max(2, px(mapped)), ROW)
      for (const { address, bytes: size, state } of blocks) {
        if (state === 'inactive') continue
        const left = px(address - row.address)
        context.fillStyle = COLOURS[state]
        context.fillRect(left, top, Math.max(0.5, px(size)), ROW)
        if (px(size) < 3) continue
        context.fillStyle = edge
        context.fillRect(left + px(size) - 0.6, top, 0.6, ROW)
      }
    }
    if (told !== null && told.row === first + place) {
      context.strokeStyle = isLight ? '#111827' : '#f5f7fa'
      context.strokeRect(px(told.block.address - row.address), top + 0.5, Math.max(2, px(told.block.bytes)), ROW - 1)
    }
  })
}
