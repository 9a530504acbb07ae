import { REQUEST_OPCODES } from '@reheap/refcount'
import type { EventWriter } from './event-writer.ts'
import type { TypeFacts, TypeReader } from './type-reader.ts'

/** Numbers of the types met so far. A type that dies loses its number: its place may become another's. */
export class TypeBook {
  private readonly numbers = new Map<number, number>()
  private readonly facts: TypeFacts[] = []
  private readonly reader: TypeReader
  private readonly writer: EventWriter
  private latestType = 0
  private latestNumber = -1

  constructor(reader: TypeReader, writer: EventWriter) {
    this.reader = reader
    this.writer = writer
  }

  numberOf(type: number): number {
    if (type === this.latestType) return this.latestNumber
    const number = this.numbers.get(type) ?? this.define(type)
    this.latestType = type
    this.latestNumber = number
    return number
  }

  factsOf(number: number): TypeFacts {
    const facts = this.facts[number]
    if (facts === undefined) throw new Error(`there is no type ${number}`)
    return facts
  }

  forget(type: number): void {
    this.numbers.delete(type)
    this.latestType = 0
  }

  private define(type: number): number {
    const number = this.facts.length
    const facts = this.reader.typeFacts(type)
    this.numbers.set(type, number)
    this.facts.push(facts)
    this.writer.define(REQUEST_OPCODES.DefineType, facts.layout, number, JSON.stringify({ name: facts.name }))
    return number
  }
}
