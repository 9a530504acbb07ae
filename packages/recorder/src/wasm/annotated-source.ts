import { REQUEST_OPCODES as COLLECTOR } from '@reheap/cycle-gc'
import { ANY_LAYER_OPCODES, type EventBatch, NO_ID } from '@reheap/kernel'

/** What one line of the script did, in all its runs. */
export interface LineFigures {
  runs: number
  born: number
  died: number
  bytesRequested: number
  bytesReleased: number
  readonly collections: LineCollection[]
  /** Latest count of what each name that the line changed holds; null: it was unbound. */
  readonly names: Map<string, number | null>
}

/** A collection that ran at a line. */
export interface LineCollection {
  readonly generation: number
  readonly collected: number
  readonly uncollectable: number
  /** Did the script ask for it? Else it was due. */
  readonly isRequested: boolean
}

const NO_LINES: ReadonlyMap<number, LineFigures> = new Map()

/** Adds up what each line of a script did, from its events. */
export class AnnotatedSource {
  /** By file, the script's own first, and by line. */
  readonly files = new Map<string, Map<number, LineFigures>>()
  private readonly places = new Map<number, { readonly file: string; readonly line: number }>()
  private isRequested = false

  /** Lines of the script itself. */
  get lines(): ReadonlyMap<number, LineFigures> {
    return this.files.values().next().value ?? NO_LINES
  }

  /** What is added to either from now on is not in the other. */
  copy(): AnnotatedSource {
    const copied = new AnnotatedSource()
    for (const [file, lines] of this.files) copied.files.set(file, new Map([...lines].map(([line, figures]) => [line, copyOf(figures)])))
    for (const [stack, place] of this.places) copied.places.set(stack, place)
    copied.isRequested = this.isRequested
    return copied
  }

  append(batch: EventBatch): void {
    for (let row = 0; row < batch.length; row++) {
      const code = batch.code[row] ?? 0
      if (code === COLLECTOR.Collect) this.isRequested = true
      else if (code === COLLECTOR.CheckEvalBreaker) this.isRequested = false
      else if (code === ANY_LAYER_OPCODES.Stack) this.define(batch.detail(row))
      else if (code === ANY_LAYER_OPCODES.Observe) this.observe(batch, row)
    }
  }

  private define(detail: string | null): void {
    const { stack, frames } = JSON.parse(detail ?? '{}')
    const [{ file, line }] = frames
    this.places.set(stack, { file, line })
    if (!this.files.has(file)) this.files.set(file, new Map())
  }

  private observe(batch: EventBatch, row: number): void {
    const stack = batch.stack?.[row] ?? NO_ID
    const place = this.places.get(stack)
    if (place === undefined) return
    const { of, values } = JSON.parse(batch.detail(row) ?? '{}')
    const figures = this.figuresOf(place.file, place.line)
    if (of === 'collection') figures.collections.push({ ...values, isRequested: this.isRequested })
    if (of !== 'line') return
    figures.runs += values.runs
    figures.born += values.born
    figures.died += values.died
    figures.bytesRequested += values.bytesRequested
    figures.bytesReleased += values.bytesReleased
    for (const [name, count] of Object.entries<number | null>(values.names ?? {})) figures.names.set(name, count)
  }

  private figuresOf(file: string, line: number): LineFigures {
    const lines = this.files.get(file) ?? new Map<number, LineFigures>()
    let figures = lines.get(line)
    if (figures === undefined) {
      figures = { runs: 0, born: 0, died: 0, bytesRequested: 0, bytesReleased: 0, collections: [], names: new Map() }
      lines.set(line, figures)
    }
    return figures
  }
}

const copyOf = (figures: LineFigures): LineFigures => ({
  ...figures,
  collections: [...figures.collections],
  names: new Map(figures.names),
})
