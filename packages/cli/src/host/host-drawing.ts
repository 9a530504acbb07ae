/** A host over events: what is drawn, and what is written, of its processes and of RAM. */
import type { HostListener } from '@reheap/machine'
import { type HostPoint, HostTimeline, type Peak, type ProcessLayer, type RamLayer, type TimelinePoint } from '@reheap/projections'
import type { Band, TimelineFigure } from '../show/timeline-figure.ts'

/** One process over events. */
export interface ProcessTrack {
  readonly process: number
  readonly peaks: Readonly<Record<ProcessLayer, Peak>>
  readonly points: readonly HostPoint<ProcessLayer>[]
}

/** The processes that a log follows, and RAM by who has it. */
export interface HostTracks {
  readonly processes: readonly ProcessTrack[]
  readonly ram: { readonly peaks: Readonly<Record<RamLayer, Peak>>; readonly points: readonly HostPoint<RamLayer>[] }
}

/** A figure, and the peak that its scale ends above. */
export interface HostFigure {
  readonly figure: TimelineFigure
  readonly peak: Peak
}

/** Gathers what is drawn: give a replay its listener. */
export class HostDrawing {
  readonly #timeline: HostTimeline
  readonly listener: HostListener

  /** @param points at most so many stretches */
  constructor(points: number) {
    const timeline = new HostTimeline(points)
    this.#timeline = timeline
    this.listener = (index, memory) => timeline.enter(index, memory)
  }

  /** Null: the log does not reach the machine below. @param events length of the log in events */
  tracks(events: number): HostTracks | null {
    const timeline = this.#timeline
    const processes = timeline.processes()
    if (processes.length === 0) return null
    return {
      processes: processes.map((process) => ({
        process,
        peaks: timeline.processPeaks(process),
        points: timeline.processPoints(process, events),
      })),
      ram: { peaks: timeline.ramPeaks(), points: timeline.ramPoints(events) },
    }
  }
}

const most = (layer: 'requestedBytes' | 'blockBytes' | 'arenaBytes' | 'heldBytes') => (point: TimelinePoint) => point.max[layer]
const PROCESS_BANDS: readonly Band[] = [
  { name: "resident, at most the C library's heap", top: most('requestedBytes') },
  { name: 'other resident memory', top: most('blockBytes') },
  { name: 'in swap', top: most('heldBytes') },
]
const RAM_BANDS: readonly Band[] = [
  { name: 'system', top: most('requestedBytes') },
  { name: 'processes', top: most('blockBytes') },
  { name: 'page cache and buffers', top: most('heldBytes') },
]

/** Layers of a host in the places of the allocator's. */
const drawn = (from: number, to: number, [requestedBytes, blockBytes, heldBytes]: readonly [number, number, number]): TimelinePoint => {
  const layers = { requestedBytes, blockBytes, arenaBytes: blockBytes, cLibraryBytes: 0, heldBytes, objects: 0, objectBytes: 0 }
  return { from, to, max: layers, last: layers }
}

/** One figure for each process, on the events and marks of the log's own. */
export const processFigures = ({ processes }: HostTracks, { events, marks }: TimelineFigure): readonly HostFigure[] =>
  processes.map(({ process, points }) => {
    const shown = points.map(({ from, to, max: { residentBytes, heapBytes, swapBytes } }) =>
      drawn(from, to, [Math.min(heapBytes, residentBytes), residentBytes, residentBytes + swapBytes]),
    )
    const title = `process ${process}: resident size over events`
    return { figure: { title, events, marks, points: shown, objects: null, bands: PROCESS_BANDS }, peak: peakOf(shown) }
  })

/** RAM by who has it. */
export function ramFigure({ ram }: HostTracks, { events, marks }: TimelineFigure): HostFigure {
  const shown = ram.points.map(({ from, to, max: { systemBytes, processBytes, cacheBytes } }) =>
    drawn(from, to, [systemBytes, systemBytes + processBytes, systemBytes + processBytes + cacheBytes]),
  )
  return { figure: { title: 'RAM by who has it', events, marks, points: shown, objects: null, bands: RAM_BANDS }, peak: peakOf(shown) }
}

/** The largest value, and the first event of the stretch that has it. */
function peakOf(points: readonly TimelinePoint[]): Peak {
  const highest = points.reduce((best, point) => (point.max.heldBytes > best.max.heldBytes ? point : best), points[0] as TimelinePoint)
  return { value: highest.max.heldBytes, index: highest.from }
}
