import type { Draft, EventIndex, Sealed } from './mechanism.ts'

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

/**
 * Bytes of the columns of a sealed state, those of sealed states in it among them: what keeping it costs.
 * Columns that an object keeps to itself are not counted.
 */
export function columnBytes(sealed: Sealed<unknown>): number {
  const seen = new Set<unknown>()
  const waiting: unknown[] = [sealed]
  let bytes = 0
  while (waiting.length > 0) {
    const value = waiting.pop()
    if (typeof value !== 'object' || value === null || seen.has(value)) continue
    seen.add(value)
    if (ArrayBuffer.isView(value)) bytes += value.byteLength
    else if (value instanceof SealedState) waiting.push(SealedState.read(value))
    else waiting.push(...Object.values(value))
  }
  return bytes
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
