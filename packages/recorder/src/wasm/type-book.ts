import { OBJECT_LAYOUTS, type ObjectEventSink, type ObjectLayout } from './object-event.ts'
import type { ObjectReader } from './object-reader.ts'

/** Numbers of the types met so far. A type that dies loses its number: its place may become another's. */
export class TypeBook {
  private readonly numbers = new Map<number, number>()
  private readonly layouts: ObjectLayout[] = []
  private readonly reader: ObjectReader
  private readonly sink: ObjectEventSink

  constructor(reader: ObjectReader, sink: ObjectEventSink) {
    this.reader = reader
    this.sink = sink
  }

  numberOf(type: number): number {
    const known = this.numbers.get(type)
    if (known !== undefined) return known
    const number = this.layouts.length
    const layout = this.reader.layoutOf(type)
    this.numbers.set(type, number)
    this.layouts.push(layout)
    this.sink.append({ kind: 'DefineType', type: number, layout: OBJECT_LAYOUTS.indexOf(layout), name: this.reader.typeName(type) })
    return number
  }

  layoutOf(type: number): ObjectLayout {
    return this.layouts[this.numberOf(type)] ?? 'gcOther'
  }

  forget(type: number): void {
    this.numbers.delete(type)
  }
}
