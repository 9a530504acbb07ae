import type { CollectorWatch } from './collector-watch.ts'
import type { Deaths } from './deaths.ts'
import type { EventWriter } from './event-writer.ts'
import type { FrameStack } from './frame-stack.ts'
import type { GraphSync } from './graph-sync.ts'
import type { LineMeter } from './line-meter.ts'
import type { NewTuples } from './new-tuples.ts'
import type { ObjectBook } from './object-book.ts'
import type { ObjectLives } from './object-lives.ts'
import type { ObjectReader } from './object-reader.ts'
import type { ScopeBook, ScriptScope } from './scope-book.ts'
import type { MonitoringCallback, ScriptCode } from './script-setup.ts'

const CREATED = 0
const DESTROYED = 1
const NO_NAMES: ReadonlyMap<string, number> = new Map()

export interface RecorderParts {
  readonly reader: ObjectReader
  readonly writer: EventWriter
  readonly lives: ObjectLives
  readonly book: ObjectBook
  readonly deaths: Deaths
  readonly scopes: ScopeBook
  readonly frames: FrameStack
  readonly graph: GraphSync
  readonly tuples: NewTuples
  readonly watch: CollectorWatch
  readonly meter: LineMeter
  readonly codes: ReadonlyMap<number, ScriptCode>
}

/** Listens to the interpreter while the script runs. */
export class ScriptRecorder {
  private readonly parts: RecorderParts
  constructor(parts: RecorderParts) {
    this.parts = parts
  }

  get lives(): ObjectLives {
    return this.parts.lives
  }

  start(): void {
    this.parts.watch.start()
    this.parts.scopes.start()
    this.parts.meter.observeCounts()
    this.parts.writer.commit()
  }

  /** Writes what the last line did. The function that stands in for others is gone by now, and its memory too: no counts are observed. */
  end(): void {
    this.look()
    this.leaveEnded(this.parts.frames.current)
    if (!this.parts.watch.isRunning) this.parts.graph.syncAll()
    this.closePart()
    this.parts.writer.commit()
  }

  trace(object: number, event: number): void {
    if (event > DESTROYED) return
    this.look()
    if (!this.parts.watch.isRunning) this.parts.tuples.lookIntoFilled()
    if (event === CREATED) this.parts.lives.born(object)
    else this.parts.lives.died(object)
  }

  readonly onLine: MonitoringCallback = (args) => {
    const { reader, frames, meter, codes } = this.parts
    const line = this.parts.lives.argument(args)
    this.look()
    const frame = frames.current
    this.leaveEnded(frame)
    this.endPart()
    const code = codes.get(reader.word(args))
    if (code !== undefined) meter.begin(frame, code, line)
  }

  readonly onStart: MonitoringCallback = (args) => {
    const { reader, frames, scopes, codes, watch, meter } = this.parts
    this.parts.lives.argument(args)
    this.look()
    const frame = frames.current
    this.leaveEnded(frames.previous(frame))
    meter.pause(NO_NAMES)
    const code = codes.get(reader.word(args))
    if (code?.isFunction && !code.isGenerator && !watch.isRunning) scopes.enter(frame, code)
  }

  /** Both where a function returns and where a generator yields. */
  readonly onReturn: MonitoringCallback = (args) => {
    const { reader, frames, scopes, watch, meter } = this.parts
    const value = reader.word(args + 8)
    this.parts.lives.argument(args)
    this.look()
    const frame = frames.current
    this.leaveEnded(frame)
    this.endPart()
    const scope = scopes.scopeOf(frame)
    if (scope !== null && !watch.isRunning) this.leave(scope, value)
    meter.goOn(frame)
  }

  /** What happened since the last event that is not told as one? */
  private look(): void {
    const { watch, deaths, lives } = this.parts
    watch.look(lives.objectsMade)
    deaths.tellCleared()
  }

  onCheck(isDue: boolean): void {
    const { watch, graph, writer } = this.parts
    this.look()
    if (watch.isRunning) return
    this.leaveEnded(this.parts.frames.current)
    if (!isDue) graph.sync('check')
    watch.checked(isDue)
    writer.commit()
  }

  private leave({ scope, bindings, frame }: ScriptScope, value: number): void {
    const { book, deaths, scopes, writer, frames } = this.parts
    if (frames.isKept(frame)) {
      scopes.open.pop()
      this.handOver(scope, bindings)
      writer.commit()
      return
    }
    const rows: number[] = []
    for (const binding of bindings) if (binding !== undefined && binding.row !== 0) rows.push(binding.row)
    const kept = book.table.rowAt.get(value)
    deaths.foreseeScope(rows, rows.includes(kept) ? kept : 0)
    scopes.open.pop()
    book.leave(scope, bindings)
    writer.commit()
  }

  /** Scopes that an exception ended. */
  private leaveEnded(frame: number): void {
    const { scopes } = this.parts
    for (const { scope, bindings } of scopes.endedBefore(frame)) this.handOver(scope, bindings)
  }

  /** What its names hold may live on: in the frame as an object. */
  private handOver(scope: number, bindings: ScriptScope['bindings']): void {
    const { book } = this.parts
    for (const binding of bindings) {
      if (binding === undefined || binding.row === 0) continue
      const { row } = binding
      const times = bindings.filter((other) => other?.row === row).length
      if (book.table.count[row] === times && book.isAlive(row)) book.addOutside(row)
    }
    book.leave(scope, bindings)
  }

  /** Ends a part of a line: how the graph stands, and what the part did. */
  private endPart(): void {
    const { watch, meter, writer } = this.parts
    this.closePart()
    if (!watch.isRunning) meter.observeCounts()
    writer.commit()
  }

  private closePart(): void {
    const { watch, graph, meter, scopes, frames } = this.parts
    if (!watch.isRunning) {
      graph.sync('line')
      watch.findUnseen()
    }
    const frame = frames.current
    meter.pause(watch.isRunning || !meter.isAt(frame) ? NO_NAMES : scopes.changedCounts(frame))
  }
}
