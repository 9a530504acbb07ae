/** The system as the C library of one process sees it. */
import { BACKINGS } from './events.ts'
import { map, moveBreak, unmap } from './mapping.ts'
import { type Facts, release, touch, WRITE } from './paging.ts'
import { mappedRun, remap } from './remap.ts'
import { ALIVE, type HostMemoryState } from './state.ts'
import type { SystemCalls } from './system-calls.ts'

const ANONYMOUS = BACKINGS.indexOf('anonymous')
const REFUSED = -1

/** Answers for the process and the event that it was set to last: refuses all if the process was killed in the course of it. */
export class HostCalls implements SystemCalls {
  #state!: HostMemoryState
  #emit!: Facts
  #cause = 0
  #process = 0

  of(state: HostMemoryState, emit: Facts, cause: number, process: number): this {
    this.#state = state
    this.#emit = emit
    this.#cause = cause
    this.#process = process
    return this
  }

  /** The memory of the process went back: the library's call ends nowhere. */
  #isGone(): boolean {
    return this.#state.processState[this.#process] !== ALIVE
  }

  moveBreak(delta: number): number {
    if (this.#isGone()) return REFUSED
    return moveBreak(this.#state, this.#emit, this.#cause, this.#process, delta)
  }

  currentBreak(): number {
    return this.#state.processBreak[this.#process]
  }

  map(bytes: number, alignment: number): number {
    if (this.#isGone()) return REFUSED
    return map(this.#state, this.#emit, this.#cause, this.#process, Number.NaN, bytes, ANONYMOUS, alignment)
  }

  unmap(address: number, bytes: number): void {
    if (!this.#isGone()) unmap(this.#state, this.#emit, this.#cause, this.#process, address, bytes)
  }

  remap(address: number, bytes: number, newBytes: number): number {
    // A range with a hole does not move: Linux answers EFAULT.
    if (this.#isGone() || mappedRun(this.#state, this.#process, address, bytes) < bytes) return REFUSED
    return remap(this.#state, this.#emit, this.#cause, this.#process, address, bytes, newBytes, Number.NaN)
  }

  release(address: number, bytes: number): void {
    if (!this.#isGone()) release(this.#state, this.#emit, this.#cause, this.#process, address, address + bytes)
  }

  touch(address: number, bytes: number): void {
    if (!this.#isGone()) touch(this.#state, this.#emit, this.#cause, this.#process, address, bytes, WRITE)
  }
}
