import { grown, NO_ID } from '@reheap/kernel'
import { tooMuch } from './snapshot-fault.ts'
import { ValueColumns } from './value-columns.ts'

/** What a container turned out to be. */
export const EMPTY = 0
/** Values in pieces of the arena; of a dict, key and value by turns. */
export const GENERIC = 1
/** A dict that is a row of {@link Containers.frames}. */
export const FRAME = 2
/** A dict that is an entry of a trace. */
export const ENTRY = 3
/** A list of frames: a row of the table of stacks. */
export const STACK = 4
/** A list of entries that follow one another. */
export const ENTRIES = 5
/** A list of frames that was filled more than once: their numbers lie in the arena until somebody asks for the stack. */
export const FRAMES = 6

/** More lists, dicts and tuples than the largest snapshots have. */
const CONTAINERS_MAX = 2 ** 26

/** More values than the largest snapshots have beside their traces. */
const VALUES_MAX = 2 ** 26

/**
 * Lists, dicts and tuples: a form and a reference each.
 *
 * The values of generic ones lie in one arena, in pieces that know the next one.
 */
export class Containers {
  length = 0
  form = new Uint8Array(1024)
  ref = new Uint32Array(1024)
  /** Whether somebody has read it, where it may be read only once. */
  taken = new Uint8Array(0)
  /** Last piece of its values, one more than it is; 0: it has none. Most have none, and what nobody writes costs nothing. */
  #tail = new Uint32Array(1024)
  readonly arena = new ValueColumns(1024)
  #pieces = 0
  #from = new Uint32Array(256)
  #to = new Uint32Array(256)
  #next = new Uint32Array(256)

  add(at: number): number {
    if (this.length === CONTAINERS_MAX) throw tooMuch(at, `more than ${CONTAINERS_MAX} lists, dicts and tuples`)
    const id = this.length++
    if (id === this.form.length) this.grow(id * 2)
    return id
  }

  /** Makes room for so many. */
  grow(capacity: number): void {
    this.form = grown(this.form, capacity)
    this.ref = grown(this.ref, capacity)
    this.#tail = grown(this.#tail, capacity)
  }

  set(id: number, form: number, ref: number): void {
    this.form[id] = form
    this.ref[id] = ref
  }

  /** Appends values to a generic container, or to an empty one, which becomes generic. */
  append(id: number, values: ValueColumns, from: number, to: number, at: number): void {
    const { arena } = this
    const start = arena.length
    if (start + to - from > VALUES_MAX) throw tooMuch(at, `more than ${VALUES_MAX} values beside the traces`)
    for (let i = from; i < to; i++) arena.push(values.kind[i], values.num[i])
    const tail = this.#tail[id] - 1
    if (tail >= 0 && this.#to[tail] === start) {
      this.#to[tail] = arena.length
      return
    }
    const piece = this.#piece(start, arena.length)
    if (tail < 0) this.set(id, GENERIC, piece)
    else this.#next[tail] = piece
    this.#tail[id] = piece + 1
  }

  /** Whether a container lies in the arena. */
  isStored(id: number): boolean {
    return this.form[id] === GENERIC || this.form[id] === FRAMES
  }

  /** Hands values that lie in the arena on, in order, but no more than `most`. */
  forEach(id: number, take: (kind: number, num: number) => void, most = Number.POSITIVE_INFINITY): void {
    if (!this.isStored(id)) return
    let left = most
    for (let piece = this.ref[id]; piece !== NO_ID && left > 0; piece = this.#next[piece])
      for (let i = this.#from[piece]; i < this.#to[piece] && left > 0; i++, left--) take(this.arena.kind[i], this.arena.num[i])
  }

  #piece(from: number, to: number): number {
    const piece = this.#pieces++
    this.#from = grown(this.#from, piece + 1)
    this.#to = grown(this.#to, piece + 1)
    this.#next = grown(this.#next, piece + 1)
    this.#from[piece] = from
    this.#to[piece] = to
    this.#next[piece] = NO_ID
    return piece
  }
}
