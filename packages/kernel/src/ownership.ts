import type { Column } from './columns.ts'
import type { Draft, EventIndex, Sealed } from './mechanism.ts'
import { giveBack } from './spare-columns.ts'

/**
 * Keeps the two promises of a mechanism's state: a sealed state never changes, and a draft has one
 * owner and dies when it is sealed. A mechanism package makes one keeper and does not export it.
 *
 * `W` is the form in which a draft is written, where that differs from the sealed form `S`.
 */
export interface Keeper<S, W = S> {
  /** Seals a state that the caller gives up. */
  sealed(state: S, at: EventIndex): Sealed<S>
  /** The columns of a sealed state, to be read only. */
  read(sealed: Sealed<S>): S
  thaw(sealed: Sealed<S>): Draft<S>
  /** The columns of a draft, to be written. @throws if the draft was sealed before: a fault of the program */
  own(draft: Draft<S>): W
  /** Index of the next event of a draft. */
  at(draft: Draft<S>): EventIndex
  advance(draft: Draft<S>, events: number): void
  seal(draft: Draft<S>): Sealed<S>
}

class SealedState<S> implements Sealed<S> {
  declare readonly _S?: S
  readonly at: EventIndex
  readonly #state: S
  constructor(state: S, at: EventIndex) {
    this.#state = state
    this.at = at
    Object.freeze(this)
  }
  static read<S>(sealed: SealedState<S>): S {
    return sealed.#state
  }
}

/** A column in the objects that a sealed state is made of. */
export interface ColumnPlace {
  /** The way from the state to it: the same in every state of a replay. */
  readonly path: string
  /** What holds it, and under which name. */
  readonly holder: Record<string, unknown>
  readonly name: string
  readonly column: Column
}

/** The columns of a sealed state, those of sealed states in it among them, each once. Columns that an object keeps to itself are not found. */
export function columnsIn(sealed: Sealed<unknown>): readonly ColumnPlace[] {
  const seen = new Set<unknown>()
  const found: ColumnPlace[] = []
  const waiting: { readonly value: unknown; readonly path: string }[] = [{ value: sealed, path: '' }]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { value, path } = next
    const whole = value instanceof SealedState ? SealedState.read(value) : value
    if (typeof whole !== 'object' || whole === null || seen.has(whole)) continue
    seen.add(whole)
    const holder = whole as Record<string, unknown>
    for (const name of Object.keys(holder)) {
      const held = holder[name]
      if (!ArrayBuffer.isView(held)) waiting.push({ value: held, path: `${path}.${name}` })
      else if (!seen.has(held)) found.push({ path: `${path}.${name}`, holder, name, column: held as Column })
      if (ArrayBuffer.isView(held)) seen.add(held)
    }
  }
  return found
}

/** Bytes of the columns of a sealed state: what keeping it costs. */
export const columnBytes = (sealed: Sealed<unknown>): number => columnsIn(sealed).reduce((sum, { column }) => sum + column.byteLength, 0)

/** Takes a state that nobody reads any more, nor ever will: the next copies are written over its columns. What it shares with others is left alone. */
export function giveStateBack(sealed: Sealed<unknown>): void {
  for (const { column } of columnsIn(sealed)) giveBack(column)
}

class DraftState<S, W> implements Draft<S> {
  declare readonly _D?: S
  state: W | null
  at: EventIndex
  constructor(state: W, at: EventIndex) {
    this.state = state
    this.at = at
  }
}

/**
 * @param open a deep copy of a state in its written form: nothing written to the copy is seen through the original
 * @param close the sealed form of a written state that is given up; left out where both forms are one
 */
export function createKeeper<S>(open: (state: S) => S): Keeper<S>
export function createKeeper<S, W>(open: (state: S) => W, close: (written: W) => S): Keeper<S, W>
export function createKeeper<S, W>(open: (state: S) => W, close = (written: W): S => written as unknown as S): Keeper<S, W> {
  const live = (draft: Draft<S>): W => {
    const { state } = draft as DraftState<S, W>
    if (state === null) throw new Error('this draft was sealed and belongs to nobody: thaw the sealed state again')
    return state
  }
  const read = (sealed: Sealed<S>): S => SealedState.read(sealed as SealedState<S>)
  return {
    sealed: (state, at) => new SealedState(state, at),
    read,
    thaw: (sealed) => new DraftState<S, W>(open(read(sealed)), sealed.at),
    own: live,
    at: (draft) => (draft as DraftState<S, W>).at,
    advance: (draft, events) => {
      ;(draft as DraftState<S, W>).at += events
    },
    seal: (draft) => {
      const sealed = new SealedState(close(live(draft)), (draft as DraftState<S, W>).at)
      ;(draft as DraftState<S, W>).state = null
      return sealed
    },
  }
}
