import { ANY_LAYER_OPCODES, NO_ID } from '@reheap/kernel'
import type { BlockRecorder } from './block-recorder.ts'
import type { CollectorFigures } from './collector-figures.ts'
import type { EventWriter } from './event-writer.ts'
import type { FrameStack } from './frame-stack.ts'
import type { ObjectTable } from './object-table.ts'
import type { ScriptCode } from './script-setup.ts'

interface Place {
  readonly stack: number
  readonly line: number
}

interface Running {
  readonly code: number
  readonly place: Place
}

/** Knows which line runs, and writes what each did when another one goes on. */
export class LineMeter {
  born = 0
  private removed = 0
  private readonly parts: LineMeterParts
  private readonly places = new Map<number, Place>()
  /** By frame: the line at which it is. */
  private readonly running = new Map<number, Running>()
  private place: Place | null = null
  private runs = 0
  private counts = ''

  constructor(parts: LineMeterParts) {
    this.parts = parts
  }

  /** A line of a frame begins. */
  begin(frame: number, code: ScriptCode, line: number): void {
    this.place = this.placeOf(code, line)
    this.running.set(frame, { code: code.address, place: this.place })
    this.parts.writer.stack = this.place.stack
    this.runs = 1
  }

  /** Is this the frame whose line runs? */
  isAt(frame: number): boolean {
    return this.running.get(frame)?.place === this.place
  }

  /** What ran so far is written; the rest of the line is another part of it. */
  pause(names: ReadonlyMap<string, number>): void {
    const { blocks, writer, table } = this.parts
    const died = table.removed - this.removed
    this.removed = table.removed
    const { bytesRequested, bytesReleased } = blocks
    const isEmpty = this.runs === 0 && this.born === 0 && died === 0 && bytesRequested === 0 && bytesReleased === 0 && names.size === 0
    if (isEmpty) return
    const line = this.place?.line ?? 0
    // Written by hand: this is the one text of every line that runs.
    writer.pushDetail(
      ANY_LAYER_OPCODES.Observe,
      0,
      0,
      `{"of":"line","values":{"line":${line},"runs":${this.runs},"born":${this.born},"died":${died},"bytesRequested":${bytesRequested},"bytesReleased":${bytesReleased}${shownNames(names)}}}`,
    )
    this.runs = 0
    this.born = 0
    blocks.bytesRequested = 0
    blocks.bytesReleased = 0
  }

  /** The collector's counts, where they are others than before. */
  observeCounts(): void {
    const [count0, count1, count2] = this.parts.figures.counts
    const text = `{"of":"collectorCounts","values":{"count0":${count0},"count1":${count1},"count2":${count2}}}`
    if (text === this.counts) return
    this.counts = text
    this.parts.writer.pushDetail(ANY_LAYER_OPCODES.Observe, 0, 0, text)
  }

  /** A frame has returned: its caller's line goes on. */
  goOn(frame: number): void {
    const { frames, writer } = this.parts
    this.running.delete(frame)
    let place: Place | null = null
    for (let at = frames.previous(frame); at !== 0 && place === null; at = frames.previous(at)) {
      const running = this.running.get(at)
      if (running !== undefined && running.code === frames.codeOf(at)) place = running.place
    }
    this.place = place
    writer.stack = place?.stack ?? NO_ID
  }

  private placeOf(code: ScriptCode, line: number): Place {
    // A line number is less than 2^20 in any file that a person reads; more is as good as a code of its own.
    const key = code.number * 0x10_0000 + line
    const known = this.places.get(key)
    if (known !== undefined) return known
    const place = { stack: this.places.size, line }
    this.places.set(key, place)
    const frames = [{ file: code.file, line, function: code.name }]
    this.parts.writer.define(ANY_LAYER_OPCODES.Stack, 0, 0, JSON.stringify({ stack: place.stack, frames }))
    return place
  }
}

/** The last part of a line's text: each name with the count of what it holds; null: nothing. */
function shownNames(names: ReadonlyMap<string, number>): string {
  if (names.size === 0) return ''
  const shown = [...names].map(([name, count]) => `${JSON.stringify(name)}:${count === 0 ? null : count}`)
  return `,"names":{${shown.join(',')}}`
}

export interface LineMeterParts {
  readonly writer: EventWriter
  readonly blocks: BlockRecorder
  readonly figures: CollectorFigures
  readonly frames: FrameStack
  readonly table: ObjectTable
}
