import { REQUEST_OPCODES } from '@reheap/cycle-gc'
import { ANY_LAYER_OPCODES, NO_ID, NOT_GIVEN } from '@reheap/kernel'
import type { CollectorFigures, GenerationFigures } from './collector-figures.ts'
import type { EventWriter } from './event-writer.ts'

const GENERATIONS = [0, 1, 2] as const

interface Finding {
  readonly generation: number
  readonly collected: number
  readonly uncollectable: number
}

/** An increment that owes no work ends before it is counted; `gc.callbacks` is told of it all the same. */
const INCREMENT: Finding = { generation: 1, collected: 0, uncollectable: 0 }

/** Writes what caused a collection, and what the interpreter's own figures say that it found. */
export class CollectionWriter {
  private readonly writer: EventWriter
  private readonly collector: CollectorFigures
  private figures: readonly GenerationFigures[]

  constructor(writer: EventWriter, collector: CollectorFigures) {
    this.writer = writer
    this.collector = collector
    this.figures = this.currentFigures()
  }

  /** What was before does not count. */
  start(): void {
    this.figures = this.currentFigures()
  }

  writeCause(generation: number | null): void {
    if (generation === null) this.writeCheck()
    else this.writer.push(REQUEST_OPCODES.Collect, generation, 0, NO_ID, NOT_GIVEN, NOT_GIVEN)
  }

  writeCheck(): void {
    this.writer.push(REQUEST_OPCODES.CheckEvalBreaker, 0, 0, NO_ID, NOT_GIVEN, NOT_GIVEN)
  }

  /** Which generation was it, and what did it find? */
  writeFinding(isDue: boolean): void {
    const generation = this.changed()
    const now = this.currentFigures()
    if (generation !== null) {
      const [before, after] = [this.figures[generation], now[generation]]
      const values = {
        generation,
        collected: (after?.collected ?? 0) - (before?.collected ?? 0),
        uncollectable: (after?.uncollectable ?? 0) - (before?.uncollectable ?? 0),
      }
      this.observe(values)
    } else if (isDue && this.collector.isIncremental) this.observe(INCREMENT)
    this.figures = now
  }

  private observe(values: Finding): void {
    this.writer.pushDetail(ANY_LAYER_OPCODES.Observe, 0, 0, JSON.stringify({ of: 'collection', values }))
  }

  /** The generation whose figures changed. */
  changed(): number | null {
    return (
      GENERATIONS.find((generation) => this.collector.figures(generation).collections !== this.figures[generation]?.collections) ?? null
    )
  }

  private currentFigures(): GenerationFigures[] {
    return GENERATIONS.map((generation) => this.collector.figures(generation))
  }
}
