import type { AllocationMeter } from './allocation-meter.ts'
import type { CollectorFigures } from './collector-figures.ts'
import type { FrameStack } from './frame-stack.ts'
import { type CollectionEntry, LineJournal } from './line-journal.ts'
import { LineWriter } from './line-writer.ts'
import type { ObjectEventSink } from './object-event.ts'
import type { ObjectReader } from './object-reader.ts'
import type { MonitoringCallback } from './script-setup.ts'

const CREATED = 0
const DESTROYED = 1

export interface RecorderParts {
  readonly reader: ObjectReader
  readonly collector: CollectorFigures
  readonly meter: AllocationMeter
  readonly sink: ObjectEventSink
}

/** Listens to the interpreter while the script runs, and has each line written when the next one begins. */
export class ScriptRecorder {
  /** By address: the objects alive that were born since the script began. */
  private readonly alive = new Map<number, number>()
  private readonly journal = new LineJournal()
  private readonly parts: RecorderParts
  private readonly frames: FrameStack
  private readonly writer: LineWriter
  private objectsMade = 0
  private line = 0
  private isOn = false
  private collection: CollectionEntry | null = null
  private bornBeforeCollection = 0
  private youngestCountMax = 0
  private ignoredDeath = 0

  constructor(parts: RecorderParts, frames: FrameStack, moduleDict: number) {
    this.parts = parts
    this.frames = frames
    this.writer = new LineWriter(parts, this.alive, frames, moduleDict)
  }

  start(): void {
    this.isOn = true
    this.writer.start()
  }

  /** Writes what the last line did. */
  end(): void {
    if (!this.isOn) return
    this.isOn = false
    for (const { scope } of this.frames.ended()) this.journal.entries.push({ kind: 'leave', scope })
    this.endLine()
  }

  readonly trace = (object: number, event: number): number => {
    if (!this.isOn || event > DESTROYED) return 0
    this.watchCollector()
    if (event === CREATED) this.born(object)
    else this.died(object)
    return 0
  }

  readonly onLine: MonitoringCallback = (args) => {
    if (!this.isOn) return
    this.withdrawArgument(args)
    this.watchCollector()
    this.leaveEnded()
    this.endLine()
    this.line = this.numberAt(args)
  }

  readonly onStart: MonitoringCallback = (args) => {
    if (!this.isOn) return
    this.withdrawArgument(args)
    this.leaveEnded()
    const frame = this.frames.enter(this.parts.reader.word(args))
    if (frame !== null) this.journal.entries.push({ kind: 'enter', scope: frame.scope, code: frame.code.address })
  }

  readonly onReturn: MonitoringCallback = (args) => {
    if (!this.isOn) return
    this.withdrawArgument(args)
    this.leaveEnded()
    const frame = this.frames.leave(this.parts.reader.word(args))
    if (frame !== null) this.journal.entries.push({ kind: 'leave', scope: frame.scope })
  }

  readonly blockFreed = (block: number): void => {
    if (this.isOn && this.alive.has(block)) this.died(block)
  }

  private born(address: number): void {
    const { reader, meter } = this.parts
    // Some deaths are not announced: whoever is born at the same place proves them.
    if (this.alive.has(address)) this.died(address)
    const object = this.objectsMade++
    this.alive.set(address, object)
    const type = reader.typeOf(address)
    this.journal.birth(object, this.writer.types.numberOf(type), meter.bytesAt(address) ?? reader.bytesOf(address, type))
  }

  private died(address: number): void {
    if (address === this.ignoredDeath) {
      this.ignoredDeath = 0
      return
    }
    this.writer.types.forget(address)
    const object = this.alive.get(address)
    if (object === undefined) return
    this.alive.delete(address)
    if (this.collection !== null && object < this.bornBeforeCollection) {
      this.collection.objects.push(object)
      this.journal.died++
      return
    }
    this.journal.death(object)
  }

  /** The number that a callback gets is an object made for it, unless it is a small one: not the script's. */
  private withdrawArgument(args: number): void {
    const argument = this.parts.reader.word(args + 4)
    const object = this.alive.get(argument)
    if (object === undefined || !this.journal.withdrawBirth(object)) return
    this.alive.delete(argument)
    this.objectsMade--
    this.ignoredDeath = argument
  }

  private numberAt(args: number): number {
    return this.parts.reader.numberOf(this.parts.reader.word(args + 4))
  }

  private watchCollector(): void {
    const { collector } = this.parts
    if (!collector.isCollecting) {
      if (this.collection !== null) this.endCollection(this.collection)
      this.youngestCountMax = Math.max(this.youngestCountMax, collector.count(0))
      return
    }
    if (this.collection !== null) return
    this.bornBeforeCollection = this.objectsMade
    this.collection = this.startedCollection()
  }

  private startedCollection(): CollectionEntry {
    const isDue = this.youngestCountMax > this.parts.collector.threshold(0)
    const entry: CollectionEntry = {
      kind: 'collection',
      reason: isDue ? 'threshold' : 'request',
      generation: 0,
      collected: 0,
      uncollectable: 0,
      objects: [],
    }
    this.journal.entries.push(entry)
    return entry
  }

  private endCollection(entry: CollectionEntry): void {
    this.collection = null
    this.youngestCountMax = 0
    this.writer.complete(entry)
  }

  private leaveEnded(): void {
    for (const { scope } of this.frames.ended()) this.journal.entries.push({ kind: 'leave', scope })
  }

  /** Up to 3.13 a float that goes to its free list dies unannounced. */
  private findSilentDeaths(): void {
    for (const address of this.alive.keys()) if (this.parts.reader.word(address) === 0) this.died(address)
  }

  private endLine(): void {
    this.findSilentDeaths()
    // A collection that found nothing that dies shows in the figures alone.
    if (this.collection === null && this.writer.hasUnseenCollection()) this.endCollection(this.startedCollection())
    if (this.collection === null) this.writer.write(this.line, this.journal)
    if (this.collection === null) this.journal.clear()
  }
}
