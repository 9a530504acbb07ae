/** The layers below the C library's allocator, where a log reaches them: sizes of the process, and who was killed for memory. */
import { FACT_OPCODES } from '@reheap/host-memory'
import type { FactBatch } from '@reheap/kernel'
import type { HostListener } from '@reheap/machine'
import { HostTimeline, type HostTimelineStart, PROCESS_LAYERS, type ProcessLayer } from '@reheap/projections'
import { curveOf } from './curves.ts'
import type { Curve, Moment } from './messages.ts'

const LABELS: Readonly<Record<ProcessLayer, string>> = {
  residentBytes: 'resident',
  heapBytes: "C library's heap",
  mappedBytes: 'mapped',
  swapBytes: 'in swap',
}

export class HostCurves {
  /** Give a replay this listener. */
  readonly listener: HostListener
  readonly moments: Moment[] = []
  readonly #timeline: HostTimeline

  /** @param points at most so many stretches @param start default: the log's beginning */
  constructor(points: number, start?: HostTimelineStart) {
    const timeline = new HostTimeline(points, start)
    this.#timeline = timeline
    this.listener = (index, memory) => timeline.enter(index, memory)
  }

  /** Takes facts: a process that is killed is a moment. */
  feed({ code, cause, length }: FactBatch): void {
    for (let row = 0; row < length; row++)
      if (code[row] === FACT_OPCODES.ProcessKilled) this.moments.push({ index: cause[row], kind: 'outOfMemory', label: 'process killed' })
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
