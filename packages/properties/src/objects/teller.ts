/** Facts as the lines that a script prints: finalizers, callbacks, collections. */
import { COLLECTION_REASONS, FACT_OPCODES as COLLECTOR_FACTS } from '@reheap/cycle-gc'
import type { Columns } from '@reheap/kernel'
import { FACT_OPCODES as OBJECT_FACTS } from '@reheap/refcount'
import { callbackLine, finalizerLine, startLine, stopLine } from './observation.ts'
import { TYPE_NAMES, type TypeName } from './types.ts'
import type { WrittenProgram } from './writing.ts'

const THRESHOLD = COLLECTION_REASONS.indexOf('threshold')
/** Types whose objects have a free list in every version. */
const LISTED = new Set(['list', 'dict', 'tuple'].map((name) => TYPE_NAMES.indexOf(name as TypeName)))

/** How often each kind of event was met. */
export type Meetings = Map<string, number>

/** A line, and the row that it belongs to. */
export interface SimulatedLine {
  readonly text: string
  readonly row: number
}

/** Reads facts in their order, and keeps the lines. */
export class Teller {
  readonly lines: SimulatedLine[] = []
  /** Result of the last collection that ended, and the row that caused it. */
  last = { row: -1, result: 0 }
  /** Objects in `gc.garbage`. */
  garbage = 0
  /** The function that prints collections is in `gc.callbacks`. */
  isObserved = false
  private readonly written: WrittenProgram
  private readonly meetings: Meetings
  /** Collections that run, the innermost last, and whether their start was told. */
  private readonly running: { readonly line: string; readonly row: number; isTold: boolean }[] = []
  /** Type of each object that was created. */
  private readonly types = new Map<number, number>()

  constructor(written: WrittenProgram, meetings: Meetings) {
    this.written = written
    this.meetings = meetings
  }

  tell(facts: Columns): void {
    for (let at = 0; at < facts.length; at++) this.tellFact(facts, at)
  }

  say(text: string, row: number): void {
    this.lines.push({ text, row })
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
        this.types.set(number, other[at] as number)
        break
      case OBJECT_FACTS.BlockReleased:
        if (tag[at] === 0 && LISTED.has(this.types.get(number) ?? -1)) this.meet('object that its full free list did not take')
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
        this.meet(number === THRESHOLD ? `collection of generation ${tag[at]}` : 'collection by request')
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

  private deedOf(row: number): number {
    return this.written.deeds[row] ?? 0
  }

  private meet(what: string): void {
    this.meetings.set(what, (this.meetings.get(what) ?? 0) + 1)
  }
}
