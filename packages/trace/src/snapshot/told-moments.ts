import { NO_ID } from '@reheap/kernel'
import type { RowWriter } from './row-writer.ts'
import type { Snapshot } from './snapshot.ts'

/** Marks of a snapshot's log: regions that the program named, and what it or the compiler said of its requests. */
export class ToldMoments {
  readonly #snapshot: Snapshot
  readonly #writer: RowWriter
  #nextAnnotation = 0
  #said = ''
  #lastMetadata = NO_ID
  #lastContext = NO_ID

  constructor(snapshot: Snapshot, writer: RowWriter) {
    this.#snapshot = snapshot
    this.#writer = writer
  }

  /** Marks what came before a request. */
  before(entry: number): void {
    const { entries, texts } = this.#snapshot.records
    const time = entries.time[entry]
    this.until(time)
    const metadata = entries.metadata.of(entry)
    const context = entries.compileContext.of(entry)
    if (metadata === this.#lastMetadata && context === this.#lastContext) return
    this.#lastMetadata = metadata
    this.#lastContext = context
    const said = [this.#lastMetadata, this.#lastContext].map((text) => (text === NO_ID ? '' : texts.text(text)))
    const text = said.filter((part) => part !== '' && part !== 'N/A').join(', ')
    if (text === this.#said) return
    this.#said = text
    this.#writer.mark(`metadata: ${text}`, time)
  }

  /** Marks the regions up to a time. */
  until(time: number): void {
    const { annotations } = this.#snapshot
    for (; this.#nextAnnotation < annotations.length && !(annotations[this.#nextAnnotation].time > time); this.#nextAnnotation++)
      this.#writer.mark(annotations[this.#nextAnnotation].label, annotations[this.#nextAnnotation].time)
  }
}
