import { NO_ID, NOT_GIVEN } from '@reheap/kernel'
import { REQUEST_OPCODES } from '@reheap/refcount'
import type { EventWriter } from './event-writer.ts'
import type { FrameStack } from './frame-stack.ts'
import type { NameBook } from './name-book.ts'
import type { ObjectBook } from './object-book.ts'
import type { ObjectReader } from './object-reader.ts'
import type { Binding } from './object-table.ts'
import type { ScriptCode } from './script-setup.ts'
import { LAYOUT } from './type-reader.ts'

const MODULE_SCOPE = 0

/** A call of a function of the script. */
export interface ScriptScope {
  readonly scope: number
  readonly frame: number
  readonly code: ScriptCode
  /** Numbers of the local variables' names. */
  readonly names: readonly number[]
  /** By local variable; undefined: never bound. */
  readonly bindings: (Binding | undefined)[]
}

/** The scopes that are open, and the names that hold objects in them. */
export class ScopeBook {
  /** Outermost first. */
  readonly open: ScriptScope[] = []
  /** Bindings of the module, by name. */
  readonly moduleBindings: (Binding | undefined)[] = []
  private readonly parts: ScopeParts
  private readonly names: NameBook
  private readonly localNames = new Map<ScriptCode, readonly number[]>()
  /** By the key's address: the name, and the object that the key is. */
  private readonly keys = new Map<number, { readonly name: number; readonly object: number }>()
  private scopesMade = 1
  private syncs = 0

  constructor(parts: ScopeParts) {
    this.parts = parts
    this.names = parts.names
  }

  start(): void {
    this.parts.writer.push(REQUEST_OPCODES.EnterScope, 0, MODULE_SCOPE, NO_ID, NOT_GIVEN, NOT_GIVEN)
  }

  enter(frame: number, code: ScriptCode): void {
    let names = this.localNames.get(code)
    if (names === undefined) {
      names = code.locals.map((text) => this.names.numberOf(text))
      this.localNames.set(code, names)
    }
    const scope = { scope: this.scopesMade++, frame, code, names, bindings: [] }
    this.open.push(scope)
    this.parts.writer.push(REQUEST_OPCODES.EnterScope, 0, scope.scope, code.number, NOT_GIVEN, NOT_GIVEN)
  }

  /** Takes off the scopes whose frames are not among the running ones from a frame on: an exception ended them. */
  endedBefore(frame: number): ScriptScope[] {
    const { frames } = this.parts
    const ended: ScriptScope[] = []
    const top = this.open.at(-1)
    if (top === undefined || top.frame === frame) return ended
    let running = frame
    let index = -1
    for (; running !== 0 && index < 0; running = frames.previous(running)) index = this.indexOf(running)
    while (this.open.length > index + 1) {
      const last = this.open.pop()
      if (last !== undefined) ended.push(last)
    }
    return ended
  }

  /** The innermost scope, if it is this frame's. */
  scopeOf(frame: number): ScriptScope | null {
    const top = this.open.at(-1)
    return top !== undefined && top.frame === frame ? top : null
  }

  /** Writes what became different in the names of the module and of the innermost scope, and hands over whatever they hold. */
  sync(frame: number, visit: (row: number) => void): void {
    this.syncModule(visit)
    const scope = this.scopeOf(frame)
    if (scope !== null) this.syncScope(scope, visit)
  }

  syncScope({ scope, frame, names, bindings }: ScriptScope, visit: (row: number) => void): void {
    const { frames, book } = this.parts
    if (frames.isGenerators(frame)) return
    for (let index = 0; index < names.length; index++) {
      const address = frames.localOf(frame, index)
      const row = address === 0 ? 0 : book.table.rowAt.get(address)
      let binding = bindings[index]
      if (row === 0) {
        if (binding !== undefined && binding.row !== 0) this.unbind(binding)
        continue
      }
      if (binding === undefined) {
        binding = { scope, name: names[index] ?? 0, row: 0, seen: 0, told: 0 }
        bindings[index] = binding
      }
      if (binding.row !== row) book.bind(binding, row)
      visit(row)
    }
  }

  /** Looks anew at the scopes whose names hold an object. */
  refresh(row: number): void {
    const { table } = this.parts.book
    for (const { scope } of [...(table.names[row] ?? [])]) {
      if (scope === MODULE_SCOPE) this.syncModule(IGNORED)
      else for (const open of this.open) if (open.scope === scope) this.syncScope(open, IGNORED)
    }
  }

  /** How many references there are to what each name holds, where that is another number than when last told; 0: it holds nothing. */
  changedCounts(frame: number): ReadonlyMap<string, number> {
    const changed = new Map<string, number>()
    const { table } = this.parts.book
    for (const bindings of [this.moduleBindings, this.scopeOf(frame)?.bindings ?? []]) {
      for (const binding of bindings) {
        if (binding === undefined) continue
        const count = this.countOf(binding.row)
        if (count === binding.told) continue
        const isKnown = count > 0 && binding.told > 0
        binding.told = count
        // Each instance refers to its class: that is no news of the class.
        if (isKnown && table.layout[binding.row] === LAYOUT.type) continue
        changed.set(this.names.textOf(binding.name), count)
      }
    }
    return changed
  }

  /** Of what a cell holds, where a name is a closure's. */
  private countOf(row: number): number {
    const { table, edges } = this.parts.book
    if (row === 0) return 0
    if (table.layout[row] !== LAYOUT.cell) return table.count[row] ?? 0
    const edge = table.edges[row]?.[0] ?? 0
    return edge === 0 ? 0 : (table.count[edges.to[edge] ?? 0] ?? 0)
  }

  private syncModule(visit: (row: number) => void): void {
    const { reader, book, moduleDict } = this.parts
    const sync = ++this.syncs
    reader.lookIntoDict(moduleDict)
    const { found } = reader
    const rows: number[] = []
    for (let at = 0; at < found.length; at += 2) {
      const row = book.table.rowAt.get(found[at + 1] ?? 0)
      if (row === 0) continue
      rows.push(row)
      const name = this.nameOf(found[at] ?? 0)
      let binding = this.moduleBindings[name]
      if (binding === undefined) {
        binding = { scope: MODULE_SCOPE, name, row: 0, seen: 0, told: 0 }
        this.moduleBindings[name] = binding
      }
      binding.seen = sync
      if (binding.row !== row) book.bind(binding, row)
    }
    for (const binding of this.moduleBindings) if (binding !== undefined && binding.row !== 0 && binding.seen !== sync) this.unbind(binding)
    for (const row of rows) visit(row)
  }

  private unbind(binding: Binding): void {
    this.parts.book.protect(binding.row)
    this.parts.book.unbind(binding)
  }

  private nameOf(key: number): number {
    const { reader, book } = this.parts
    const row = book.table.rowAt.get(key)
    const object = row === 0 ? -1 : (book.table.id[row] ?? 0)
    const known = this.keys.get(key)
    if (known !== undefined && known.object === object) return known.name
    const name = this.names.numberOf(reader.text(key))
    this.keys.set(key, { name, object })
    return name
  }

  private indexOf(frame: number): number {
    for (let index = this.open.length - 1; index >= 0; index--) if (this.open[index]?.frame === frame) return index
    return -1
  }
}

const IGNORED = (): void => undefined

export interface ScopeParts {
  readonly reader: ObjectReader
  readonly frames: FrameStack
  readonly book: ObjectBook
  readonly writer: EventWriter
  readonly names: NameBook
  readonly moduleDict: number
}
