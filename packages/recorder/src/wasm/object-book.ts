import { type Entry, insertBySlot, namedName, namedScope, nameKey, removeHolder, takeBuried, takeDead } from './book-entry.ts'
import type { ObjectEvent, ObjectEventSink } from './object-event.ts'
import type { PlacedReference } from './reference-change.ts'

/**
 * What a replay of the log would hold now. It keeps the log true: an object that lives on never loses its last reference in the log,
 * and one that has died does, in the order of the real deaths.
 */
export class ObjectBook {
  private readonly entries = new Map<number, Entry>()
  private readonly bindings = new Map<string, number>()
  private readonly sink: ObjectEventSink
  /** Is this object alive in the interpreter? */
  private readonly isReallyAlive: (object: number) => boolean

  constructor(sink: ObjectEventSink, isReallyAlive: (object: number) => boolean) {
    this.sink = sink
    this.isReallyAlive = isReallyAlive
  }

  countOf(object: number): number {
    return this.entries.get(object)?.count ?? 0
  }

  bindingOf(scope: number, name: number): number | undefined {
    return this.bindings.get(nameKey(scope, name))
  }

  references(object: number): readonly PlacedReference[] {
    return this.entries.get(object)?.references ?? []
  }

  namesOf(scope: number): number[] {
    return [...this.bindings.keys()].filter((key) => namedScope(key) === scope).map(namedName)
  }

  create(object: number, type: number, bytes: number): void {
    this.entries.set(object, { count: 1, outside: 1, references: [], holders: new Map(), names: new Set() })
    this.emit({ kind: 'CreateObject', object, type, bytes })
  }

  addOutside(to: number): void {
    const entry = this.entry(to)
    entry.count++
    entry.outside++
    this.emit({ kind: 'AddReference', from: null, to })
  }

  dropOutside(to: number): void {
    this.protect(to)
    const entry = this.entry(to)
    entry.outside--
    this.emit({ kind: 'DropReference', from: null, to })
    this.decrease(to, entry)
  }

  /** Makes the outside references as many as the interpreter's own count says. Returns false if that is impossible. */
  settle(object: number, realCount: number): boolean {
    const entry = this.entry(object)
    const wanted = realCount - (entry.count - entry.outside)
    if (wanted < 0 || realCount === 0) return false
    while (entry.outside < wanted) this.addOutside(object)
    while (entry.outside > wanted) this.dropOutside(object)
    return true
  }

  addReference(from: number, reference: PlacedReference): void {
    const holder = this.entry(from)
    insertBySlot(holder.references, reference)
    const entry = this.entry(reference.to)
    entry.count++
    entry.holders.set(from, (entry.holders.get(from) ?? 0) + 1)
    this.emit({ kind: 'AddReference', from, to: reference.to, slot: reference.slot })
  }

  dropReference(from: number, reference: PlacedReference): void {
    this.protect(reference.to)
    const holder = this.entry(from)
    holder.references.splice(holder.references.lastIndexOf(reference), 1)
    this.emit({ kind: 'DropReference', from, to: reference.to, slot: reference.slot })
    this.forgetHolder(reference.to, from)
  }

  bind(scope: number, name: number, object: number): void {
    const key = nameKey(scope, name)
    const before = this.bindings.get(key)
    if (before !== undefined && before !== object) this.protect(before)
    const entry = this.entry(object)
    entry.count++
    entry.names.add(key)
    this.bindings.set(key, object)
    this.emit({ kind: 'BindName', scope, name, object })
    if (before !== undefined) this.forgetName(before, key)
  }

  unbind(scope: number, name: number): void {
    const key = nameKey(scope, name)
    const before = this.bindings.get(key)
    if (before === undefined) return
    this.protect(before)
    this.bindings.delete(key)
    this.emit({ kind: 'UnbindName', scope, name })
    this.forgetName(before, key)
  }

  leaveScope(scope: number): void {
    const names = this.namesOf(scope).sort((a, b) => a - b)
    for (const name of names) this.protect(this.bindings.get(nameKey(scope, name)) ?? 0)
    this.emit({ kind: 'LeaveScope', scope })
    for (const name of names) {
      const key = nameKey(scope, name)
      const before = this.bindings.get(key)
      this.bindings.delete(key)
      if (before !== undefined) this.forgetName(before, key)
    }
  }

  /** The object died in the interpreter: whatever still holds it in the log gives it up. */
  kill(object: number, bindingNow: (scope: number, name: number) => number | undefined): void {
    this.release(object, new Set(), bindingNow)
    const entry = this.entries.get(object)
    // Nothing but references from itself is left where an object clears itself while it dies.
    if (entry !== undefined) for (const own of entry.references.filter(({ to }) => to === object)) this.dropReference(object, own)
  }

  /** Drops what holds an object from outside of a set: names, references of the interpreter, and other objects. */
  release(object: number, except: ReadonlySet<number>, bindingNow: (scope: number, name: number) => number | undefined): void {
    const entry = this.entries.get(object)
    if (entry === undefined) return
    for (const key of [...entry.names]) {
      const next = bindingNow(namedScope(key), namedName(key))
      if (next !== undefined && next !== object && this.entries.has(next)) this.bind(namedScope(key), namedName(key), next)
      else this.unbind(namedScope(key), namedName(key))
    }
    for (const from of [...entry.holders.keys()]) {
      if (from === object || except.has(from)) continue
      for (const reference of this.references(from).filter(({ to }) => to === object)) this.dropReference(from, reference)
    }
    while (entry.outside > 0 && this.entries.has(object)) this.dropOutside(object)
  }

  /** Takes objects out that a collection destroyed: the collection itself gives up their references. */
  bury(objects: readonly number[]): void {
    takeBuried(this.entries, objects)
  }

  /** What lives on keeps a reference while its holders change: the object itself, or whatever its death would take along. */
  private protect(object: number): void {
    if (this.countOf(object) !== 1) return
    if (this.isReallyAlive(object)) {
      this.addOutside(object)
      return
    }
    const given = new Map<number, number>()
    const dying = [object]
    for (let next = dying.pop(); next !== undefined; next = dying.pop()) {
      for (const { to } of this.references(next)) {
        const lost = (given.get(to) ?? 0) + 1
        given.set(to, lost)
        if (lost !== this.countOf(to)) continue
        if (this.isReallyAlive(to)) this.addOutside(to)
        else dying.push(to)
      }
    }
  }

  private forgetHolder(object: number, from: number): void {
    const entry = this.entries.get(object)
    if (entry === undefined) return
    removeHolder(entry.holders, from)
    this.decrease(object, entry)
  }

  private forgetName(object: number, key: string): void {
    const entry = this.entries.get(object)
    if (entry === undefined) return
    if (this.bindings.get(key) !== object) entry.names.delete(key)
    this.decrease(object, entry)
  }

  /** The death of an object releases what it held, depth first; the replay does the same by itself, so nothing is emitted. */
  private decrease(object: number, entry: Entry): void {
    entry.count--
    if (entry.count > 0) return
    takeDead(this.entries, object, entry)
  }

  private entry(object: number): Entry {
    const entry = this.entries.get(object)
    if (entry === undefined) throw new Error(`object ${object} is not in the book`)
    return entry
  }

  private emit(event: ObjectEvent): void {
    this.sink.append(event)
  }
}
