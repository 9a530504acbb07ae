/** Segments of a device, one a row, with their blocks. */
import type { BlockView, SegmentView } from '@reheap/device-memory'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { DeviceView } from '../session/messages.ts'
import { bytes, count, hex } from './format.ts'
import { ask } from './session-client.ts'
import { fault, theme } from './store.ts'

const ROW = 18
const GAP = 3
const SEGMENTS_MAX = 1500
const COLOURS = { active_allocated: '#4c8dff', active_pending_free: '#f2a03d' } as const

interface Chosen {
  readonly segment: SegmentView
  readonly block: BlockView
}

export function DeviceMap({ view }: { readonly view: DeviceView }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const [told, setTold] = useState<Chosen | null>(null)
  const [origin, setOrigin] = useState<readonly string[]>([])
  const isLight = theme.value === 'light'
  const segments = view.devices.flatMap((device) => device.segments).slice(0, SEGMENTS_MAX)
  const largest = segments.reduce((most, segment) => Math.max(most, segment.bytes), 1)

  useEffect(() => {
    if (canvas.current !== null) draw(canvas.current, segments, largest, isLight)
  }, [view, isLight])
  useEffect(() => setOrigin([]), [view])

  const at = (event: MouseEvent): Chosen | null => {
    const segment = segments[Math.floor(event.offsetY / (ROW + GAP))]
    if (segment === undefined || canvas.current === null) return null
    const address = segment.address + (event.offsetX / canvas.current.clientWidth) * largest
    const block = segment.blocks.find((each) => address >= each.address && address < each.address + each.bytes)
    return block === undefined ? null : { segment, block }
  }
  const choose = async (chosen: Chosen | null): Promise<void> => {
    if (chosen === null || chosen.block.block === null) return setOrigin([])
    try {
      const { born, frames } = await ask('block', { at: view.at, block: chosen.block.block })
      setOrigin([born === null ? 'there before the log begins' : `asked for by event ${count(born)}`, ...frames])
    } catch (error) {
      fault.value = (error as Error).message
    }
  }
  return (
    <section aria-label="GPU map">
      <div class="bar">
        <span class="quiet">
          {count(segments.length)} segments by address, one a row; the longest is {bytes(largest)}
        </span>
        <span class="legend">
          <i class="swatch allocated" /> allocated <i class="swatch pending" /> waits for a stream <i class="swatch free" /> free
        </span>
      </div>
      <div class="map">
        <canvas
          ref={canvas}
          class="wide"
          role="img"
          aria-label={`${segments.length} segments`}
          onMouseMove={(event) => setTold(at(event))}
          onClick={(event) => void choose(at(event))}
        />
      </div>
      <p class="told">{told === null ? 'Point at a block; click it for where it came from.' : blockText(told)}</p>
      {origin.length > 0 && (
        <ol class="stack">
          {origin.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ol>
      )}
    </section>
  )
}

function blockText({ segment, block }: Chosen): string {
  const state = block.state === 'inactive' ? 'free' : block.state === 'active_allocated' ? 'allocated' : 'waits for a stream'
  return `${hex(block.address)}: ${bytes(block.bytes)} ${state}${block.block === null ? '' : `, block ${block.block}`}, in a ${segment.type} segment of ${bytes(segment.bytes)}, stream ${segment.stream}${segment.isExpandable ? ', expandable' : ''}`
}

function draw(canvas: HTMLCanvasElement, segments: readonly SegmentView[], largest: number, isLight: boolean): void {
  const scale = devicePixelRatio
  const width = canvas.parentElement?.clientWidth ?? 600
  const height = Math.max(1, segments.length) * (ROW + GAP)
  canvas.width = width * scale
  canvas.height = height * scale
  canvas.style.width = `${width}px`
  canvas.style.height = `${height}px`
  const context = canvas.getContext('2d')
  if (context === null) return
  context.scale(scale, scale)
  const free = isLight ? '#e3e8ef' : '#232c3a'
  const edge = isLight ? '#ffffff' : '#10151d'
  segments.forEach((segment, row) => {
    const top = row * (ROW + GAP)
    context.fillStyle = free
    context.fillRect(0, top, Math.max(2, (segment.bytes / largest) * width), ROW)
    for (const { address, bytes: size, state } of segment.blocks) {
      if (state === 'inactive') continue
      const left = ((address - segment.address) / largest) * width
      const wide = (size / largest) * width
      context.fillStyle = COLOURS[state]
      context.fillRect(left, top, Math.max(0.5, wide), ROW)
      if (wide < 3) continue
      context.fillStyle = edge
      context.fillRect(left + wide - 0.6, top, 0.6, ROW)
    }
  })
}
