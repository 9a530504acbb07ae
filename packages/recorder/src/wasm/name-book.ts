import { REQUEST_OPCODES } from '@reheap/refcount'
import type { EventWriter } from './event-writer.ts'

/** Numbers of the names that the script uses. */
export class NameBook {
  private readonly numbers = new Map<string, number>()
  private readonly texts: string[] = []
  private readonly writer: EventWriter

  constructor(writer: EventWriter) {
    this.writer = writer
  }

  numberOf(text: string): number {
    const known = this.numbers.get(text)
    if (known !== undefined) return known
    const name = this.numbers.size
    this.numbers.set(text, name)
    this.texts.push(text)
    this.writer.define(REQUEST_OPCODES.DefineName, 0, name, JSON.stringify({ text }))
    return name
  }

  textOf(name: number): string {
    return this.texts[name] ?? ''
  }
}
