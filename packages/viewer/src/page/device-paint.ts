/** The picture of the GPU map. */

import type { Chosen, MapRow } from './device-rows.ts'
import { blankCanvas } from './drawing.ts'

/** Height of a row, and between two. @unit pixels */
export const ROW = 18
export const GAP = 3
/** The height that is seen at once, as the style says. @unit pixels */
const VISIBLE = 460
const COLOURS = { active_allocated: '#4c8dff', active_pending_free: '#f2a03d' } as const

/** How far the map is scrolled. @unit pixels */
export const scrolledOf = (canvas: HTMLCanvasElement): number => canvas.closest('.map')?.scrollTop ?? 0

interface Drawn {
  /** Length of the longest row. @unit bytes */
  readonly largest: number
  /** @unit pixels */
  readonly width: number
  readonly isLight: boolean
  readonly told: Chosen | null
}

/** Draws the rows that are scrolled into sight: thousands of segments would be a picture too large to draw at every move. */
export function drawSegments(canvas: HTMLCanvasElement, rows: readonly MapRow[], { largest, width, isLight, told }: Drawn): void {
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
