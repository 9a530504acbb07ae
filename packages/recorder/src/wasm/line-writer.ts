import type { GenerationFigures } from './collector-figures.ts'
import type { FrameStack } from './frame-stack.ts'
import type { CollectionEntry, LineEntry, LineJournal } from './line-journal.ts'
import { NameBook } from './name-book.ts'
import { ObjectBook } from './object-book.ts'
import type { NameCount } from './object-event.ts'
import { referenceChange } from './reference-change.ts'
import type { RecorderParts } from './script-recorder.ts'
import { TypeBook } from './type-book.ts'

const MODULE_SCOPE = 0
const GENERATIONS = [0, 1, 2]

interface Binding {
  readonly scope: number
  readonly name: number
  readonly object: number
}

/** Writes what a line did: first what happened in it, in order, then how the names, references and counts stand at its end. */
export class LineWriter {
  readonly types: TypeBook
  private readonly parts: RecorderParts
  private readonly alive: ReadonlyMap<number, number>
  private readonly frames: FrameStack
  private readonly moduleDict: number
  private readonly book: ObjectBook
  private readonly immortal = new Set<number>()
  private readonly names: NameBook
  private readonly namesSeen = new Map<string, NameCount>()
  private figures: GenerationFigures[] = []
  private aliveObjects = new Set<number>()

  constructor(parts: RecorderParts, alive: ReadonlyMap<number, number>, frames: FrameStack, moduleDict: number) {
    this.parts = parts
    this.alive = alive
    this.frames = frames
    this.moduleDict = moduleDict
    this.types = new TypeBook(parts.reader, parts.sink)
    this.names = new NameBook(parts.reader, parts.sink)
    this.book = new ObjectBook(parts.sink, (object) => this.aliveObjects.has(object))
  }

  start(): void {
    this.figures = this.currentFigures()
    this.parts.sink.append({ kind: 'EnterScope', scope: MODULE_SCOPE })
  }

  hasUnseenCollection(): boolean {
    return this.currentFigures().some(({ collections }, generation) => collections !== this.figures[generation]?.collections)
  }

  /** Which generation was it, and what did it find? */
  complete(entry: CollectionEntry): void {
    const now = this.currentFigures()
    now.forEach(({ collections, collected, uncollectable }, generation) => {
      const before = this.figures[generation]
      if (before === undefined || collections === before.collections) return
      entry.generation = generation
      entry.collected = collected - before.collected
      entry.uncollectable = uncollectable - before.uncollectable
    })
    this.figures = now
  }

  write(line: number, journal: LineJournal): void {
    this.aliveObjects = new Set(this.alive.values())
    const bindings = this.currentBindings()
    for (const entry of journal.entries) this.writeEntry(entry, bindings)
    this.writeBindings(bindings)
    this.writeReferences()
    this.settleCounts()
    const { meter, collector, sink } = this.parts
    sink.append({
      kind: 'ObserveLine',
      line,
      counts: collector.counts,
      born: journal.born,
      died: journal.died,
      ...meter.taken(),
      names: this.changedNames(bindings),
    })
  }

  private writeEntry(entry: LineEntry, bindings: ReadonlyMap<string, Binding>): void {
    const { sink } = this.parts
    const bindingNow = (scope: number, name: number) => bindings.get(`${scope}:${name}`)?.object
    switch (entry.kind) {
      case 'birth':
        this.book.create(entry.object, entry.type, entry.bytes)
        break
      case 'death':
        this.immortal.delete(entry.object)
        this.book.kill(entry.object, bindingNow)
        break
      case 'enter':
        sink.append({ kind: 'EnterScope', scope: entry.scope, code: entry.code })
        break
      case 'leave':
        this.book.leaveScope(entry.scope)
        break
      case 'collection': {
        const { reason, generation, collected, uncollectable, objects } = entry
        const dying = new Set(objects)
        for (const object of objects) this.book.release(object, dying, bindingNow)
        sink.append({ kind: 'ObserveCollection', generation, collected, uncollectable, reason, objects })
        this.book.bury(objects)
      }
    }
  }

  private writeBindings(bindings: ReadonlyMap<string, Binding>): void {
    for (const { scope, name, object } of bindings.values()) {
      if (this.book.bindingOf(scope, name) !== object) this.book.bind(scope, name, object)
    }
    for (const scope of [MODULE_SCOPE, ...this.frames.frames.map((frame) => frame.scope)]) {
      for (const name of this.book.namesOf(scope)) if (!bindings.has(`${scope}:${name}`)) this.book.unbind(scope, name)
    }
  }

  private writeReferences(): void {
    const { reader } = this.parts
    for (const [address, object] of this.alive) {
      const layout = this.types.layoutOf(reader.typeOf(address))
      if (layout === 'plain' || layout === 'float') continue
      const targets = reader.referencesOf(address, layout)
      // What the collector does not track is as it was when last seen.
      if (targets === null) continue
      const recorded: number[] = []
      for (const target of targets) {
        const to = this.alive.get(target)
        if (to !== undefined) recorded.push(to)
      }
      const change = referenceChange(this.book.references(object), recorded)
      if (change === null) continue
      for (const reference of change.dropped.toReversed()) this.book.dropReference(object, reference)
      for (const reference of change.added) this.book.addReference(object, reference)
    }
  }

  private settleCounts(): void {
    for (const [address, object] of this.alive) {
      const count = this.parts.reader.countOf(address)
      if (count !== null) this.book.settle(object, count)
      else if (!this.immortal.has(object)) {
        this.immortal.add(object)
        this.parts.sink.append({ kind: 'MakeImmortal', object })
      }
    }
  }

  private currentBindings(): Map<string, Binding> {
    const bindings = new Map<string, Binding>()
    const add = (scope: number, text: string, address: number): void => {
      const object = this.alive.get(address)
      if (object === undefined) return
      const name = this.names.numberOf(text)
      bindings.set(`${scope}:${name}`, { scope, name, object })
    }
    this.parts.reader.forEachItem(this.moduleDict, (key, value) => add(MODULE_SCOPE, this.names.textOf(key, this.alive.has(key)), value))
    for (const frame of this.frames.frames) this.frames.forEachLocal(frame, (text, address) => add(frame.scope, text, address))
    return bindings
  }

  private changedNames(bindings: ReadonlyMap<string, Binding>): NameCount[] {
    const changed: NameCount[] = []
    for (const [key, { scope, name, object }] of bindings) {
      const count = this.book.countOf(object)
      const seen = this.namesSeen.get(key)
      if (seen?.object !== object || seen.count !== count) changed.push({ scope, name, object, count })
      this.namesSeen.set(key, { scope, name, object, count })
    }
    for (const [key, { scope, name }] of this.namesSeen) {
      if (bindings.has(key)) continue
      this.namesSeen.delete(key)
      changed.push({ scope, name, object: null, count: null })
    }
    return changed
  }

  private currentFigures(): GenerationFigures[] {
    return GENERATIONS.map((generation) => this.parts.collector.figures(generation))
  }
}
