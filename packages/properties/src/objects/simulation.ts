/** A written program, run by our reducers: the lines that the real script would print. */
import { REQUEST_OPCODES as COLLECTOR, type CollectorPort, type CollectorState, HEAP_FLAGS } from '@reheap/cycle-gc'
import { type Batch, type Draft, Emit, OPCODE_RANGES } from '@reheap/kernel'
import type { HeapView, RefcountState } from '@reheap/refcount'
import { lookLine, type Observation } from './observation.ts'
import type { ObjectParts, ObjectProfile } from './parts.ts'
import { type Meetings, type SimulatedLine, Teller } from './teller.ts'
import type { WrittenProgram } from './writing.ts'

const COLLECTOR_FROM = OPCODE_RANGES.cycleGc.from

class Run {
  private readonly teller: Teller
  private readonly parts: ObjectParts
  private readonly written: WrittenProgram
  private readonly moment = { emit: new Emit<never>(), cause: 0 }
  private readonly heap: Draft<RefcountState>
  private readonly collector: Draft<CollectorState>
  private readonly view: HeapView
  private readonly port: CollectorPort
  private statsBefore: readonly number[] | null = null
  private frozenBefore = 0

  constructor(parts: ObjectParts, profile: ObjectProfile, written: WrittenProgram, meetings: Meetings) {
    const { refcount, collector } = parts
    this.parts = parts
    this.written = written
    this.teller = new Teller(written, meetings)
    this.heap = refcount.refcountMechanism.thaw(refcount.emptyHeap(profile.refcount))
    this.collector = collector.collectorMechanism.thaw(collector.emptyCollector(profile.collector))
    this.view = refcount.heapView(this.heap)
    this.port = collector.collectorPort(this.collector, this.view, refcount.heapEditor(this.heap), this.moment)
    refcount.connectTracking(this.heap, this.port)
  }

  /** Applies every row, and looks between them. */
  play(): readonly SimulatedLine[] {
    const { rows, observations } = this.written
    let at = 0
    for (const observation of observations) {
      at = this.apply(at, observation.row)
      const line = this.look(observation)
      at = this.apply(at, observation.told)
      this.teller.say(line, at - 1)
    }
    this.apply(at, rows.length)
    return this.teller.lines
  }

  private apply(from: number, to: number): number {
    const { rows } = this.written
    for (let row = from; row < to; row++) {
      this.moment.cause = row
      const isRejected = (rows.code[row] ?? 0) < COLLECTOR_FROM ? this.applyToHeap(row) : this.applyToCollector(row)
      this.teller.tell(this.moment.emit.facts)
      if (isRejected) this.teller.say(`rejected ${row}: ${this.moment.emit.reason}`, row)
      this.moment.emit.clear()
    }
    return to
  }

  private applyToHeap(row: number): boolean {
    const { refcountMechanism } = this.parts.refcount
    return refcountMechanism.applyBatch(this.heap, this.written.rows as Batch<never>, row, row + 1, this.moment.emit) >= 0
  }

  private applyToCollector(row: number): boolean {
    const { refcount, collector } = this.parts
    if (this.written.rows.code[row] === COLLECTOR.ClearGarbage) this.teller.garbage = 0
    if (this.written.rows.code[row] === COLLECTOR.SetCallbacks) this.teller.isObserved = this.written.rows.id[row] !== 0
    refcount.answerTo(this.heap, this.moment.emit, row)
    return collector.collectorMechanism.applyBatch(this.collector, this.written.rows as Batch<never>, row, row + 1, this.moment.emit) >= 0
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
        return [this.teller.last.row === row - 1 ? this.teller.last.result : 0]
      case 'garbage':
        return [this.teller.garbage]
    }
  }

  /** From the last row on: those of the runtime come first. */
  private rowOf(object: number): number {
    const { object: objects, rows } = this.view
    let row = rows - 1
    while (row > 0 && objects[row] !== object) row--
    return row
  }
}

/** The lines that the profile's interpreter prints for a program. */
export function simulate(
  parts: ObjectParts,
  profile: ObjectProfile,
  written: WrittenProgram,
  meetings: Meetings = new Map(),
): readonly SimulatedLine[] {
  if (written.deepChains > 0)
    meetings.set('chain as deep as the trashcan', (meetings.get('chain as deep as the trashcan') ?? 0) + written.deepChains)
  return new Run(parts, profile, written, meetings).play()
}
