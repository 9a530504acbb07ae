/** Turns the records of marks and observations into events. */
import { ANY_LAYER_OPCODES, type EventColumns, NO_ID, NOT_GIVEN } from '@reheap/kernel'
import { parseMallocStats } from './malloc-stats.ts'
import { RecordText } from './record-text.ts'
import { RECORD_OPS } from './ring-layout.ts'
import { setContext } from './row-context.ts'
import type { Tally } from './tally.ts'

const { Mark, Observe } = ANY_LAYER_OPCODES

/** The head of a record. `time` is in nanoseconds since recording began. */
export interface RecordHead {
  readonly op: number
  readonly tag: number
  readonly time: number
  readonly thread: number
  readonly heap: number
  readonly bytes: number
}

export class DetailRows {
  readonly #rows: EventColumns
  readonly #tally: Tally
  #text: RecordText | null = null

  constructor(rows: EventColumns, tally: Tally) {
    this.#rows = rows
    this.#tally = tally
  }

  /** A text begins, whose pieces follow. */
  begin(head: RecordHead): void {
    this.#text = new RecordText(head)
    this.#ended()
  }

  /** Takes the piece of text in the record that starts at word `at`. */
  append(words: Uint32Array, at: number): void {
    this.#text?.append(words, at)
    this.#ended()
  }

  /** `sys.getallocatedblocks()` was asked. */
  blocks(head: RecordHead): void {
    this.#push(Observe, { of: 'allocatedBlocks', values: { count: head.bytes } }, head)
  }

  #ended(): void {
    const text = this.#text
    if (!text?.isWhole) return
    this.#text = null
    if (text.op === RECORD_OPS.mark) {
      const label = text.toString()
      if (label === 'finalized' && !text.isOfProgram) this.#tally.isFinalized = true
      this.#push(Mark, { label }, text)
      return
    }
    const values = parseMallocStats(text.toString())
    if (values === null) this.#tally.skippedObservations += 1
    else this.#push(Observe, { of: 'allocatorStats', values }, text)
  }

  #push(code: number, detail: object, { time, thread, heap }: { time: number; thread: number; heap: number }): void {
    const rows = this.#rows
    rows.push(code, 0, NO_ID, NO_ID, NOT_GIVEN, NOT_GIVEN)
    const row = rows.length - 1
    rows.setDetail(row, JSON.stringify(detail))
    rows.setContext(row, { time })
    setContext(rows, row, thread, heap)
  }
}
