/**
 * States of one replay, in order, of which only what changes from one to the next takes memory.
 *
 * Of two states of one replay most words of most columns are the same, and most of a table is empty. So columns are taken out of a state and kept
 * as changes, and put back while somebody uses the state. What two states share belongs to neither and stays where it is.
 */
import type { Column } from './columns.ts'
import type { Sealed } from './mechanism.ts'
import { type ColumnPlace, columnsIn } from './ownership.ts'
import { giveBack, offer, withdraw, zeros } from './spare-columns.ts'
import { type WordChanges, WordComparison, wordsOf, writeChanges } from './word-changes.ts'

/** Shorter columns stay where they are. */
const COLUMN_BYTES_MIN = 1024
const NOTHING = new Int32Array(0)

/** A column of an archived state. */
interface ArchivedColumn {
  readonly at: ColumnPlace
  readonly make: new (buffer: ArrayBuffer, byteOffset: number, length: number) => Column
  readonly length: number
  readonly bytes: number
  /** The column that the changes are those of; null: one of zeros. */
  readonly before: ArchivedColumn | null
  readonly changes: WordChanges
}

/** A column of the state that was added last. */
interface LastColumn {
  readonly archived: ArchivedColumn
  readonly words: Int32Array
  /** Was it taken out of its state? Then nobody else reads the words. */
  readonly isTaken: boolean
  /** Of the last whole changes, and of all since then. */
  readonly wholeBytes: number
  readonly sinceBytes: number
}

interface ArchivedState<S> {
  readonly state: Sealed<S>
  /** Columns that were taken out of the state. */
  readonly taken: readonly ArchivedColumn[]
}

/** Add states in order; lend them by their place, from 0. @units bytes */
export class StateArchive<S> {
  readonly #states: ArchivedState<S>[] = []
  readonly #comparison = new WordComparison()
  #last: ReadonlyMap<string, LastColumn> = new Map()
  /** What the changes take. */
  bytes = 0

  /** Takes the next state over: its columns leave it, so that nobody else may read it from now on. */
  add(state: Sealed<S>): void {
    const last = new Map<string, LastColumn>()
    const taken: ArchivedColumn[] = []
    for (const at of columnsIn(state)) {
      if (at.column.byteLength < COLUMN_BYTES_MIN) continue
      const before = this.#last.get(at.path)
      if (before?.archived.at.holder === at.holder) {
        last.set(at.path, before)
        continue
      }
      const next = this.#compared(at, before)
      last.set(at.path, next)
      if (before?.isTaken === true) giveBack(before.words)
      this.bytes += bytesOf(next.archived.changes)
      // Whether the first of a path is shared is not known yet.
      if (before !== undefined) taken.push(next.archived)
    }
    for (const each of taken) empty(each)
    this.#last = last
    this.#states.push({ state, taken })
  }

  /** Lends a state, which is whole until `use` returns; the first draft that is thawed of it takes its columns over. @param place number of the state, the first is 0 @throws where there is none: a fault of the program */
  lend<A>(place: number, use: (state: Sealed<S>) => A): A {
    const lent = this.#states[place]
    if (lent === undefined) throw new RangeError(`no state at place ${place} of ${this.#states.length}`)
    const filled = lent.taken.map((column) => {
      const made = filledColumn(column)
      column.at.holder[column.at.name] = made
      offer(made)
      return made
    })
    const answer = use(lent.state)
    for (const each of lent.taken) empty(each)
    for (const each of filled) if (withdraw(each)) giveBack(each)
    return answer
  }

  #compared(at: ColumnPlace, before: LastColumn | undefined): LastColumn {
    const { column } = at
    const words = wordsOf(column)
    const changes = before && this.#comparison.changes(before.words, words)
    const sinceBytes = before === undefined || changes === undefined ? 0 : before.sinceBytes + bytesOf(changes)
    const make = column.constructor as ArchivedColumn['make']
    const described = { at: { ...at, column: emptied(column) }, make, length: column.length, bytes: column.byteLength }
    const isTaken = before !== undefined
    // Whole ones are so many that putting a column back writes little more than what it holds.
    if (before !== undefined && changes !== undefined && sinceBytes <= before.wholeBytes / 2)
      return { archived: { ...described, before: before.archived, changes }, words, isTaken, wholeBytes: before.wholeBytes, sinceBytes }
    const whole = this.#comparison.changes(NOTHING, words)
    return { archived: { ...described, before: null, changes: whole }, words, isTaken, wholeBytes: bytesOf(whole), sinceBytes: 0 }
  }
}

/** A column as it was. */
function filledColumn({ make, length, bytes, before, changes }: ArchivedColumn): Column {
  const chain = [changes]
  for (let each = before; each !== null; each = each.before) chain.push(each.changes)
  const words = new Int32Array(zeros(4 * Math.ceil(bytes / 4)))
  for (const each of chain.reverse()) writeChanges(each, words)
  return new make(words.buffer, 0, length)
}

const bytesOf = ({ gaps, words }: WordChanges): number => gaps.byteLength + words.byteLength
const emptied = (column: Column): Column => column.subarray(0, 0).slice()

function empty({ at: { holder, name, column } }: ArchivedColumn): void {
  holder[name] = column
}
