/** The layers below the C library's allocator, where a log reaches them: sizes of the process. */
import type { HostListener } from '@reheap/machine'
import { HostTimeline, type HostTimelineStart, PROCESS_LAYERS, type ProcessLayer } from '@reheap/projections'
import { curveOf } from './curves.ts'
import type { Curve } from './messages.ts'

const LABELS: Readonly<Record<ProcessLayer, string>> = {
  residentBytes: 'resident',
  heapBytes: "C library's heap",
  mappedBytes: 'mapped',
  swapBytes: 'in swap',
}

export class HostCurves {
  /** Give a replay this listener. */
  readonly listener: HostListener
  readonly #timeline: HostTimeline

  /** @param points at most so many stretches @param start default: the log's beginning */
  constructor(points: number, start?: HostTimelineStart) {
    const timeline = new HostTimeline(points, start)
    this.#timeline = timeline
    this.listener = (index, memory) => timeline.enter(index, memory)
  }

  /** One curve for each size of each process; none where the log does not follow its host. */
  curves(events: number): readonly Curve[] {
    const processes = this.#timeline.processes()
    return processes.flatMap((process) => {
      const suffix = processes.length === 1 ? '' : `, process ${process}`
      return PROCESS_LAYERS.map((key) =>
        curveOf(
          { key: `${key}${process}`, label: `${LABELS[key]}${suffix}`, unit: 'bytes', axis: 'bytes' },
          this.#timeline.processCurve(process, key, events),
        ),
      )
    })
  }
}
