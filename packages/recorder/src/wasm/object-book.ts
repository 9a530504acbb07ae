import { NO_ID, NOT_GIVEN } from '@reheap/kernel'
import { REQUEST_OPCODES } from '@reheap/refcount'
import { Cascade } from './cascade.ts'
import { EdgePool } from './edge-pool.ts'
import type { EventWriter } from './event-writer.ts'
import { type Binding, type ObjectTable, STATE } from './object-table.ts'
import { WeakLinks } from './weak-links.ts'

/**
 * What a replay of the log would hold now, and the only writer of references. It keeps the log true: an object that lives on
 * never loses its last reference in the log, for whatever still holds it is written as a holder outside first.
 */
export class ObjectBook {
  readonly table: ObjectTable
  readonly edges = new EdgePool()
  /** Rows whose references changed since somebody last emptied it. */
  readonly touched: number[] = []
  /**
   * The first object, the function that the script's code runs in. To whoever a tuple or dictionary refers that was there before, in the log it
   * refers to this one: whether a container is tracked depends on what it holds. 0: there is none.
   */
  standIn = 0
  /** An object whose end has begun and is not written yet. */
  foreseen = 0
  /** Is nothing to be said of it now, since a collection runs that may end it? */
  isFixed: (row: number) => boolean = () => false
  private readonly writer: EventWriter
  private readonly word: (address: number) => number
  private readonly weakLinks = new WeakLinks()
  private readonly cascade: Cascade

  /** @param word reads the interpreter's memory */
  constructor(table: ObjectTable, writer: EventWriter, word: (address: number) => number) {
    this.table = table
    this.writer = writer
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

  /** @returns the reference, to be kept beside the holder's content */
  addEdge(from: number, to: number, slot: number, position: number): number {
    const { table } = this
    table.count[to] = (table.count[to] ?? 0) + 1
    this.touched.push(to)
    this.writer.push(REQUEST_OPCODES.AddReference, 0, table.id[to] ?? 0, table.id[from] ?? 0, NOT_GIVEN, slot)
    return this.edges.add(from, to, slot, position, table.firstIn)
  }

  /** Takes a reference out of the pool and the log, and not out of the holder's content. */
  dropEdge(edge: number): void {
    const { table, edges } = this
    const to = edges.to[edge] ?? 0
    this.writer.push(
      REQUEST_OPCODES.DropReference,
      0,
      table.id[to] ?? 0,
      table.id[edges.from[edge] ?? 0] ?? 0,
      NOT_GIVEN,
      edges.slot[edge] ?? 0,
    )
    edges.remove(edge, table.firstIn)
    this.touched.push(to)
    this.decrease(to)
  }

  /** Takes a reference out everywhere, so that its place is looked at anew. */
  dropPlacedEdge(edge: number): void {
    const from = this.edges.from[edge] ?? 0
    const held = this.table.edges[from]
    const hint = this.edges.position[edge] ?? 0
    const position = held?.[hint] === edge ? hint : (held?.lastIndexOf(edge) ?? -1)
    if (position >= 0) {
      const content = this.table.content[from]
      if (held) held[position] = 0
      if (content) content[position] = 0
    }
    this.dropEdge(edge)
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
   * An object of layout weakref refers to another. A replay is not to call its function: what that does stands in the log, and so does the
   * tuple that holds such functions at the object's end.
   */
  link(weak: number, object: number, hasCallback: boolean): void {
    const { table } = this
    const [weakId, objectId] = [table.id[weak] ?? 0, table.id[object] ?? 0]
    this.writer.push(REQUEST_OPCODES.CreateWeakReference, 0, weakId, objectId, NOT_GIVEN, NOT_GIVEN)
    if (hasCallback) this.weakLinks.add(weak, object)
  }

  untrack(row: number): void {
    this.writer.push(REQUEST_OPCODES.UntrackObject, 0, this.table.id[row] ?? 0, NO_ID, NOT_GIVEN, NOT_GIVEN)
  }

  /** The weak references whose functions are called when the object dies. */
  callbacksOf(object: number): readonly number[] {
    return this.weakLinks.of(object)
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

  private decrease(row: number): void {
    const count = (this.table.count[row] ?? 0) - 1
    this.table.count[row] = count
    if (count <= 0) this.cascade.fall(row)
  }
}
