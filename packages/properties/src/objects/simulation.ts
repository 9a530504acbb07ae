/** A written program, run by our reducers: the lines that the real script would print. */
import {
  COLLECTION_REASONS,
  REQUEST_OPCODES as COLLECTOR,
  FACT_OPCODES as COLLECTOR_FACTS,
  type CollectorPort,
  type CollectorState,
  HEAP_FLAGS,
} from '@reheap/cycle-gc'
import { type Batch, type Columns, type Draft, Emit, NO_ID, OPCODE_RANGES } from '@reheap/kernel'
import { type HeapView, FACT_OPCODES as OBJECT_FACTS, type RefcountState } from '@reheap/refcount'
import { callbackLine, finalizerLine, lookLine, type Observation, startLine, stopLine } from './observation.ts'
import type { ObjectParts, ObjectProfile } from './parts.ts'
import type { WrittenProgram } from './writing.ts'

const THRESHOLD = COLLECTION_REASONS.indexOf('threshold')

/** What a simulation found beside its lines: how often each kind of event was met. */
export type Meetings = Map<string, number>

/** A line, and the row that it belongs to. */
export interface SimulatedLine {
  readonly text: string
  readonly row: number
}

const COLLECTOR_FROM = OPCODE_RANGES.cycleGc.from

class Run {
  readonly lines: SimulatedLine[] = []
  private readonly parts: ObjectParts
  private readonly written: WrittenProgram
  private readonly meetings: Meetings
  private readonly moment = { emit: new Emit<never>(), cause: 0 }
  private readonly heap: Draft<RefcountState>
  private readonly collector: Draft<CollectorState>
  private readonly view: HeapView
  private readonly port: CollectorPort
  /** Facts that were told already. */
  private told = 0
  /** Collections that run, the innermost last, and whether their start was told. */
  private readonly running: { readonly line: string; readonly row: number; isTold: boolean }[] = []
  /** Result of the last collection that ended, and the row that caused it. */
  private last = { row: -1, result: 0 }
  private garbage = 0
  /** The function that prints collections is in `gc.callbacks`. */
  private isObserved = false
  private statsBefore: readonly number[] | null = null
  private frozenBefore = 0

  constructor(parts: ObjectParts, profile: ObjectProfile, written: WrittenProgram, meetings: Meetings) {
    const { refcount, collector } = parts
    this.parts = parts
    this.written = written
    this.meetings = meetings
    this.heap = refcount.refcountMechanism.thaw(refcount.emptyHeap(profile.refcount))
    this.collector = collector.collectorMechanism.thaw(collector.emptyCollector(profile.collector))
    this.view = refcount.heapView(this.heap)
    this.port = collector.collectorPort(this.collector, this.view, refcount.heapEditor(this.heap), this.moment)
    refcount.connectTracking(this.heap, this.port)
  }

  /** Applies every row, and looks between them. */
  play(): void {
    const { rows, observations } = this.written
    let at = 0
    for (const observation of observations) {
      at = this.apply(at, observation.row)
      const line = this.look(observation)
      at = this.apply(at, observation.told)
      this.say(line, at - 1)
    }
    this.apply(at, rows.length)
  }

  private apply(from: number, to: number): number {
    const { rows } = this.written
    for (let row = from; row < to; row++) {
      this.moment.cause = row
      const isRejected = (rows.code[row] ?? 0) < COLLECTOR_FROM ? this.applyToHeap(row) : this.applyToCollector(row)
      this.tell()
      if (isRejected) this.say(`rejected ${row}: ${this.moment.emit.reason}`, row)
    }
    return to
  }

  private applyToHeap(row: number): boolean {
    const { refcountMechanism } = this.parts.refcount
    return refcountMechanism.applyBatch(this.heap, this.written.rows as Batch<never>, row, row + 1, this.moment.emit) >= 0
  }

  private applyToCollector(row: number): boolean {
    const { refcount, collector } = this.parts
    if (this.written.rows.code[row] === COLLECTOR.ClearGarbage) this.garbage = 0
    if (this.written.rows.code[row] === COLLECTOR.SetCallbacks) this.isObserved = this.written.rows.id[row] !== 0
    refcount.answerTo(this.heap, this.moment.emit, row)
    return collector.collectorMechanism.applyBatch(this.collector, this.written.rows as Batch<never>, row, row + 1, this.moment.emit) >= 0
  }

  /** The lines of the facts since last time. */
  private tell(): void {
    const { facts } = this.moment.emit
    for (; this.told < facts.length; this.told++) this.tellFact(facts, this.told)
  }

  private tellFact({ code, tag, id, other, cause }: Columns, at: number): void {
    const row = cause[at] as number
    const where = this.running.length > 0 ? 'in a collection' : 'in a death'
    const number = id[at] as number
    const object = number - this.written.background
    switch (code[at]) {
      case OBJECT_FACTS.FinalizerRan:
        this.tellStart()
        this.meet(`finalizer ${where}${tag[at] === 1 ? ', resurrecting' : ''}`)
        this.say(finalizerLine(object), row)
        break
      case OBJECT_FACTS.WeakReferenceCalled:
        this.tellStart()
        this.meet(`callback ${where}`)
        this.say(callbackLine(object), row)
        break
      case OBJECT_FACTS.ObjectCreated:
        if (tag[at] === 1) this.meet('object from a free list')
        break
      case COLLECTOR_FACTS.GarbageKept:
        this.garbage++
        this.meet('garbage kept')
        break
      case COLLECTOR_FACTS.FullCollectionDeferred:
        this.meet('full collection deferred')
        break
      case COLLECTOR_FACTS.CollectionStarted:
        if (this.running.length > 0) this.meet('collection at the start of a collection')
        this.running.push({ line: startLine(tag[at] as number, this.deedOf(row)), row, isTold: false })
        this.meet(other[at] === THRESHOLD ? `collection of generation ${tag[at]}` : 'collection by request')
        break
      case COLLECTOR_FACTS.CollectionFinished: {
        const uncollectable = other[at] as number
        this.tellStart()
        this.running.pop()
        if (number > 0) this.meet('collection of garbage')
        this.last = { row, result: number + uncollectable }
        if (this.isObserved) this.say(stopLine(tag[at] as number, number, uncollectable, this.deedOf(row)), row)
        break
      }
      default:
        break
    }
  }

  /** The callback that prints a start is a Python function, on whose entry 3.12 runs a collection that is due: that prints first. */
  private tellStart(): void {
    const collection = this.running.at(-1)
    if (collection === undefined || collection.isTold) return
    collection.isTold = true
    if (this.isObserved) this.say(collection.line, collection.row)
  }

  private look({ of, subject, row }: Observation): string {
    return lookLine(of, of === 'stats' ? this.stats() : this.values(of, subject, row))
  }

  /** Collections of each generation since the program began, what they collected and could not collect. */
  private stats(): readonly number[] {
    const stats = [0, 1, 2].flatMap((generation) => {
      const { collections, collected, uncollectable } = this.port.stats(generation)
      return [collections, collected, uncollectable]
    })
    if (this.statsBefore === null) this.frozenBefore = this.port.frozen
    this.statsBefore ??= stats
    const before = this.statsBefore
    return stats.map((value, index) => value - (before[index] as number))
  }

  private values(of: Exclude<Observation['of'], 'stats'>, subject: number, row: number): readonly number[] {
    switch (of) {
      case 'refcount':
        return [this.view.count[this.rowOf(subject)] ?? -1]
      case 'counts':
        return [0, 1, 2].map((generation) => this.port.count(generation))
      case 'objects':
        return [this.port.size(subject)]
      case 'tracked':
        return [this.port.isTracked(this.rowOf(subject)) ? 1 : 0]
      case 'alive':
        return [((this.view.flags[this.rowOf(subject)] ?? 0) & HEAP_FLAGS.weaklyReferenced) === 0 ? 0 : 1]
      case 'frozen':
        return [this.port.frozen - this.frozenBefore]
      case 'collected':
        return [this.last.row === row - 1 ? this.last.result : 0]
      case 'garbage':
        return [this.garbage]
    }
  }

  private rowOf(object: number): number {
    const { object: objects, rows } = this.view
    for (let row = 0; row < rows; row++) if (objects[row] === object && object !== NO_ID) return row
    return -1
  }

  private deedOf(row: number): number {
    return this.written.deeds[row] ?? 0
  }

  private say(text: string, row: number): void {
    this.lines.push({ text, row })
  }

  private meet(what: string): void {
    this.meetings.set(what, (this.meetings.get(what) ?? 0) + 1)
  }
}

/** The lines that the profile's interpreter prints for a program. */
export function simulate(
  parts: ObjectParts,
  profile: ObjectProfile,
  written: WrittenProgram,
  meetings: Meetings = new Map(),
): readonly SimulatedLine[] {
  const run = new Run(parts, profile, written, meetings)
  run.play()
  return run.lines
}
