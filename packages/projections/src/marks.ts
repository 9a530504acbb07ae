import { ANY_LAYER_OPCODES, type EventBatch, type EventIndex } from '@reheap/kernel'

/** A moment that the recorder or the program gave a name. */
export interface Mark {
  readonly index: EventIndex
  readonly label: string
}

/** The marks of a log. Feed it every batch in order. */
export class Marks {
  /** The first marks, as many as are kept. */
  readonly first: Mark[] = []
  /** All marks, kept or not. */
  total = 0
  readonly #kept: number

  /** @param kept at most so many are kept, so that memory does not grow with the log */
  constructor(kept = 1000) {
    this.#kept = kept
  }

  /** Takes the marks before row `to`. */
  feed(batch: EventBatch, to: number = batch.length): void {
    let row = batch.code.indexOf(ANY_LAYER_OPCODES.Mark)
    while (row >= 0 && row < to) {
      this.total++
      if (this.first.length < this.#kept) this.first.push({ index: batch.firstIndex + row, label: labelOf(batch.detail(row)) })
      row = batch.code.indexOf(ANY_LAYER_OPCODES.Mark, row + 1)
    }
  }
}

function labelOf(detail: string | null): string {
  const { label } = JSON.parse(detail ?? '{}') as { readonly label?: unknown }
  return typeof label === 'string' ? label : ''
}
