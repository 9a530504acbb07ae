/** What each line of a program did, up to any event. */
import { REQUEST_OPCODES } from '@reheap/cycle-gc'
import { ANY_LAYER_OPCODES, type EventBatch, EventColumns, NO_ID, sliceEvents } from '@reheap/kernel'
import { AnnotatedSource, type LineFigures } from '@reheap/recorder/web'

const { Stack, Observe } = ANY_LAYER_OPCODES
const { Collect, CheckEvalBreaker } = REQUEST_OPCODES
/** All that {@link AnnotatedSource} looks at. */
const TELLING: ReadonlySet<number> = new Set([Stack, Observe, Collect, CheckEvalBreaker])
/** Rows between two places at which figures are kept, so that a step back is a short way. */
const KEPT_EVERY = 1024
const OF_LINE = /^\{"of":"line","values":\{"line":(\d+)/

/** A run of one line, at its end. */
export interface LineStep {
  /** Events until the line was done. */
  readonly at: number
  readonly line: number
}

/** Feed it every batch in order. */
export class LineHistory {
  readonly steps: LineStep[] = []
  readonly #rows = new EventColumns()
  /** Event of each row. */
  readonly #event: number[] = []
  /** Event at which each run of a line was done, by line. */
  readonly #runs = new Map<number, number[]>()
  #annotated = new AnnotatedSource()
  /** Rows that are in `#annotated`. */
  #taken = 0
  /** Figures after each {@link KEPT_EVERY} rows that were gone through. */
  readonly #kept: AnnotatedSource[] = [this.#annotated.copy()]

  append(batch: EventBatch): void {
    for (let row = 0; row < batch.length; row++) {
      const code = batch.code[row] ?? 0
      if (!TELLING.has(code)) continue
      const kept = this.#rows.length
      this.#rows.push(code, 0, NO_ID, NO_ID, Number.NaN, Number.NaN)
      this.#rows.setContext(kept, { stack: batch.stack?.[row] ?? NO_ID })
      this.#event.push(batch.firstIndex + row)
      const detail = code === Stack || code === Observe ? batch.detail(row) : null
      if (detail === null) continue
      this.#rows.setDetail(kept, detail)
      // What comes before the first line is line 0 to Python.
      const line = OF_LINE.exec(detail)?.[1] ?? '0'
      if (line !== '0') this.#addStep({ at: batch.firstIndex + row + 1, line: Number(line) })
    }
  }

  #addStep(step: LineStep): void {
    this.steps.push(step)
    const runs = this.#runs.get(step.line)
    if (runs === undefined) this.#runs.set(step.line, [step.at])
    else runs.push(step.at)
  }

  /** Figures of each line that ran within the first `at` events. */
  lines(at: number): ReadonlyMap<number, LineFigures> {
    const rows = firstFrom(this.#event.length, (row) => (this.#event[row] ?? 0) >= at)
    if (rows < this.#taken) {
      const place = Math.floor(rows / KEPT_EVERY)
      this.#annotated = this.#kept[place]?.copy() ?? new AnnotatedSource()
      this.#taken = place * KEPT_EVERY
    }
    while (this.#taken < rows) {
      const next = Math.min(rows, (Math.floor(this.#taken / KEPT_EVERY) + 1) * KEPT_EVERY)
      this.#annotated.append(sliceEvents(this.#rows, this.#taken, next))
      this.#taken = next
      if (next === this.#kept.length * KEPT_EVERY) this.#kept.push(this.#annotated.copy())
    }
    return this.#annotated.lines
  }

  /** Place of the last step that was done by then; -1: none. */
  placeAt(at: number): number {
    return firstFrom(this.steps.length, (place) => (this.steps[place]?.at ?? 0) > at) - 1
  }

  /** Event at which the last run of a line up to then was done; undefined: it did not run. */
  lastRun(line: number, at: number): number | undefined {
    const runs = this.#runs.get(line) ?? []
    return runs[firstFrom(runs.length, (place) => (runs[place] ?? 0) > at) - 1]
  }
}

/** The first place from which on something holds; the length, where it does nowhere. */
function firstFrom(length: number, holds: (place: number) => boolean): number {
  let low = 0
  let high = length
  while (low < high) {
    const middle = (low + high) >> 1
    if (holds(middle)) high = middle
    else low = middle + 1
  }
  return low
}
