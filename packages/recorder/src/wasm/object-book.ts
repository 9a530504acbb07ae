import { NO_ID, NOT_GIVEN } from '@reheap/kernel'
import { REQUEST_OPCODES } from '@reheap/refcount'
import { Cascade } from './cascade.ts'
import type { EventWriter } from './event-writer.ts'
import { type Binding, type ObjectTable, STATE } from './object-table.ts'
import { ReferenceBook } from './reference-book.ts'
import { WeakLinks } from './weak-links.ts'

/**
 * What a replay of the log would hold now, and the only writer of references. It keeps the log true: an object that lives on
 * never loses its last reference in the log, for whatever still holds it is written as a holder outside first.
 */
export class ObjectBook extends ReferenceBook {
  /**
   * The first object, the function that the script's code runs in. To whoever a tuple or dictionary refers that was there before, in the log it
   * refers to this one: whether a container is tracked depends on what it holds. 0: there is none.
   */
  standIn = 0
  /** An object whose end has begun and is not written yet. */
  foreseen = 0
  /** Is nothing to be said of it now, since a collection runs that may end it? */
  isFixed: (row: number) => boolean = () => false
  private readonly word: (address: number) => number
  private readonly weakLinks = new WeakLinks()
  private readonly cascade: Cascade

  /** @param word reads the interpreter's memory */
  constructor(table: ObjectTable, writer: EventWriter, word: (address: number) => number) {
    super(table, writer)
    this.word = word
    this.cascade = new Cascade(table, this.edges, this.weakLinks, this.touched)
  }

  addOutside(row: number): void {
    const { table } = this
    if (table.id[row] === NO_ID) throw new Error('nobody can hold what has died')
    table.count[row] = (table.count[row] ?? 0) + 1
    table.outside[row] = (table.outside[row] ?? 0) + 1
    this.touched.push(row)
    this.writer.push(REQUEST_OPCODES.AddReference, 0, table.id[row] ?? 0, NO_ID, NOT_GIVEN, NOT_GIVEN)
  }

  /** The last reference may go: nobody is asked whether the object lives. */
  dropOutside(row: number): void {
    const { table } = this
    table.outside[row] = (table.outside[row] ?? 0) - 1
    this.touched.push(row)
    this.writer.push(REQUEST_OPCODES.DropReference, 0, table.id[row] ?? 0, NO_ID, NOT_GIVEN, NOT_GIVEN)
    this.decrease(row)
  }

  bind(binding: Binding, row: number): void {
    const { table } = this
    const before = binding.row
    table.count[row] = (table.count[row] ?? 0) + 1
    this.touched.push(row)
    if (before !== 0) {
      this.protect(before)
      this.forget(binding)
    }
    binding.row = row
    const names = table.names[row]
    if (names) names.push(binding)
    else table.names[row] = [binding]
    this.writer.push(REQUEST_OPCODES.BindName, 0, table.id[row] ?? 0, binding.scope, binding.name, NOT_GIVEN)
    if (before === 0) return
    this.touched.push(before)
    this.decrease(before)
  }

  /** The last reference may go. */
  unbind(binding: Binding): void {
    const { row } = binding
    this.forget(binding)
    binding.row = 0
    this.writer.push(REQUEST_OPCODES.UnbindName, 0, NO_ID, binding.scope, binding.name, NOT_GIVEN)
    this.touched.push(row)
    this.decrease(row)
  }

  /**
   * An object of layout weakref refers to another. In a collection the replay calls its function; at any other end the log says when it was
   * called, for what it did, and the tuple that held it meanwhile, stand in the log.
   */
  link(weak: number, object: number, hasCallback: boolean): void {
    const { table } = this
    const [weakId, objectId] = [table.id[weak] ?? 0, table.id[object] ?? 0]
    this.writer.push(REQUEST_OPCODES.CreateWeakReference, hasCallback ? 1 : 0, weakId, objectId, NOT_GIVEN, NOT_GIVEN)
    if (hasCallback) this.weakLinks.add(weak, object)
  }

  /** The weak references to an object that ends were cleared, and their functions are being called. */
  clearWeakReferences(object: number): void {
    this.weakLinks.remove(object)
    this.writer.push(REQUEST_OPCODES.ClearWeakReferences, 0, this.table.id[object] ?? 0, NO_ID, NOT_GIVEN, NOT_GIVEN)
  }

  untrack(row: number): void {
    this.writer.push(REQUEST_OPCODES.UntrackObject, 0, this.table.id[row] ?? 0, NO_ID, NOT_GIVEN, NOT_GIVEN)
  }

  /** The weak references whose functions are called when the object dies. */
  callbacksOf(object: number): readonly number[] {
    return this.weakLinks.of(object)
  }

  /** The object that such a weak reference refers to; 0: none. */
  calledFor(weak: number): number {
    return this.weakLinks.objectOf(weak)
  }

  /** Ends a scope; what its names hold is dropped in order. */
  leave(scope: number, bindings: readonly (Binding | undefined)[]): void {
    this.writer.push(REQUEST_OPCODES.LeaveScope, 0, scope, NO_ID, NOT_GIVEN, NOT_GIVEN)
    for (const binding of bindings) {
      if (binding === undefined || binding.row === 0) continue
      const { row } = binding
      this.forget(binding)
      binding.row = 0
      this.touched.push(row)
      this.decrease(row)
    }
  }

  /** If the log holds one last reference and the interpreter another, that one is written too. */
  protect(row: number): void {
    if (this.table.count[row] === 1 && this.isAlive(row)) this.addOutside(row)
  }

  /** Has the object itself a reference left? */
  isAlive(row: number): boolean {
    const { table } = this
    return (
      row === this.foreseen || table.has(row, STATE.ending) || (!table.has(row, STATE.buried) && this.word(table.address[row] ?? 0) !== 0)
    )
  }

  /** Takes an object out that a collection destroys: its references go without a word. */
  bury(row: number): void {
    this.cascade.fall(row)
  }

  private forget(binding: Binding): void {
    const names = this.table.names[binding.row]
    const at = names?.indexOf(binding) ?? -1
    if (at >= 0) names?.splice(at, 1)
  }

  protected decrease(row: number): void {
    const count = (this.table.count[row] ?? 0) - 1
    this.table.count[row] = count
    if (count <= 0) this.cascade.fall(row)
  }
}
