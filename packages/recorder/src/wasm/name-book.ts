import type { ObjectEventSink } from './object-event.ts'
import type { ObjectReader } from './object-reader.ts'

/** Numbers of the script's names, and the texts of the keys in its module's dictionary. */
export class NameBook {
  private readonly numbers = new Map<string, number>()
  private readonly keyTexts = new Map<number, string>()
  private readonly reader: ObjectReader
  private readonly sink: ObjectEventSink

  constructor(reader: ObjectReader, sink: ObjectEventSink) {
    this.reader = reader
    this.sink = sink
  }

  numberOf(text: string): number {
    const known = this.numbers.get(text)
    if (known !== undefined) return known
    const name = this.numbers.size
    this.numbers.set(text, name)
    this.sink.append({ kind: 'DefineName', name, text })
    return name
  }

  /** A key that the script made may die and another take its place; all others stay where they are. */
  textOf(key: number, isMadeByScript: boolean): string {
    if (isMadeByScript) return this.reader.text(key)
    const known = this.keyTexts.get(key)
    if (known !== undefined) return known
    const text = this.reader.text(key)
    this.keyTexts.set(key, text)
    return text
  }
}
