/** What each line of a program did, up to any event. */
import { REQUEST_OPCODES } from '@reheap/cycle-gc'
import { ANY_LAYER_OPCODES, type EventBatch, EventColumns, NO_ID, sliceEvents } from '@reheap/kernel'
import { AnnotatedSource, type LineFigures } from '@reheap/recorder/web'

const { Stack, Observe } = ANY_LAYER_OPCODES
const { Collect, CheckEvalBreaker } = REQUEST_OPCODES
/** All that {@link AnnotatedSource} looks at. */
const TELLING: ReadonlySet<number> = new Set([Stack, Observe, Collect, CheckEvalBreaker])
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
  #annotated = new AnnotatedSource()
  /** Rows that are in `#annotated`. */
  #taken = 0

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
      if (line !== '0') this.steps.push({ at: batch.firstIndex + row + 1, line: Number(line) })
    }
  }

  /** Figures of each line that ran within the first `at` events. */
  lines(at: number): ReadonlyMap<number, LineFigures> {
    const rows = firstNotBelow(this.#event, at)
    if (rows < this.#taken) {
      this.#annotated = new AnnotatedSource()
      this.#taken = 0
    }
    if (rows > this.#taken) this.#annotated.append(sliceEvents(this.#rows, this.#taken, rows))
    this.#taken = rows
    return this.#annotated.lines
  }

  /** Place of the last step that was done by then; -1: none. */
  placeAt(at: number): number {
    return this.steps.findLastIndex((step) => step.at <= at)
  }
}

/** Place of the first number that is not below a limit, in an ascending list. */
function firstNotBelow(list: readonly number[], limit: number): number {
  let low = 0
  let high = list.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((list[middle] ?? 0) < limit) low = middle + 1
    else high = middle
  }
  return low
}
