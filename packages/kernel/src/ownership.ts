import type { Draft, EventIndex, Sealed } from './mechanism.ts'

/**
 * Keeps the two promises of a mechanism's state: a sealed state never changes, and a draft has one
 * owner and dies when it is sealed. A mechanism package makes one keeper and does not export it.
 */
export interface Keeper<S> {
  /** Seals a state that the caller gives up. */
  sealed(state: S, at: EventIndex): Sealed<S>
  /** The columns of a sealed state, to be read only. */
  read(sealed: Sealed<S>): S
  thaw(sealed: Sealed<S>): Draft<S>
  /** The columns of a draft, to be written. @throws if the draft was sealed before: a fault of the program */
  own(draft: Draft<S>): S
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

class DraftState<S> implements Draft<S> {
  declare readonly _D?: S
  state: S | null
  at: EventIndex
  constructor(state: S, at: EventIndex) {
    this.state = state
    this.at = at
  }
}

/** @param clone a deep copy of a state: nothing written to the copy is seen through the original */
export function createKeeper<S>(clone: (state: S) => S): Keeper<S> {
  const live = (draft: Draft<S>): S => {
    const { state } = draft as DraftState<S>
    if (state === null) throw new Error('this draft was sealed and belongs to nobody: thaw the sealed state again')
    return state
  }
  return {
    sealed: (state, at) => new SealedState(state, at),
    read: (sealed) => SealedState.read(sealed as SealedState<S>),
    thaw: (sealed) => new DraftState(clone(SealedState.read(sealed as SealedState<S>)), sealed.at),
    own: live,
    at: (draft) => (draft as DraftState<S>).at,
    advance: (draft, events) => {
      ;(draft as DraftState<S>).at += events
    },
    seal: (draft) => {
      const sealed = new SealedState(live(draft), (draft as DraftState<S>).at)
      ;(draft as DraftState<S>).state = null
      return sealed
    },
  }
}
