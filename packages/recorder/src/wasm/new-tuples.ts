import type { ContentSync } from './content-sync.ts'
import type { ObjectBook } from './object-book.ts'
import type { ObjectReader } from './object-reader.ts'
import { LAYOUT } from './type-reader.ts'

/**
 * Tuples that were made and not looked into yet. Where the collector counts what it tracks (3.14.0 to 3.14.4) a tuple counts from the moment
 * when it is filled: the log has to say so before whoever dies next counts no longer, for the count never falls below 0.
 */
export class NewTuples {
  private readonly book: ObjectBook
  private readonly content: ContentSync
  private readonly reader: ObjectReader
  private rows: number[] = []

  constructor(book: ObjectBook, content: ContentSync, reader: ObjectReader) {
    this.book = book
    this.content = content
    this.reader = reader
  }

  born(row: number): void {
    this.rows.push(row)
  }

  /** All new objects were looked into. */
  forget(): void {
    this.rows.length = 0
  }

  /** At every birth and death. */
  lookIntoFilled(): void {
    if (this.rows.length === 0) return
    const { table } = this.book
    let kept = 0
    for (const row of this.rows) {
      // Its row may be another object's by now.
      if (table.layout[row] !== LAYOUT.tuple || (table.count[row] ?? 0) === 0 || !this.book.isAlive(row)) continue
      if (!this.reader.isTracked(table.address[row] ?? 0)) {
        this.rows[kept++] = row
        continue
      }
      this.content.now++
      this.content.scan(row)
    }
    this.rows.length = kept
  }
}
