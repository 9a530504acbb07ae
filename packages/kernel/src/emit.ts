import { Columns } from './columns.ts'

/**
 * Where a mechanism puts its answers: facts, and at most one rejection.
 *
 * A muted emit drops facts but keeps the rejection; a replay that only wants the final state pays
 * nothing for them.
 */
export class Emit<Out extends number = number> {
  /** Phantom: the fact opcodes of the mechanism. */
  declare readonly _out?: Out
  declare readonly facts: Columns
  declare readonly muted: boolean
  /** Reason of the last rejection, a number of the mechanism's own list; 0 is none. */
  reason = 0

  constructor(options: { readonly muted?: boolean; readonly capacity?: number } = {}) {
    this.muted = options.muted ?? false
    this.facts = new Columns(this.muted ? 1 : (options.capacity ?? 1024))
  }

  /** Appends one fact. Operands as in {@link Columns.push}. */
  push(code: Out, cause: number, tag: number, id: number, other: number, size: number, address: number): void {
    if (this.muted) return
    this.facts.push(code, cause, tag, id, other, size, address)
  }

  /** Forgets facts and rejection, keeps the memory. */
  clear(): void {
    this.facts.clear()
    this.reason = 0
  }
}
