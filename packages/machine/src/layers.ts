/** A machine's layers as they are at this moment, to be asked without sealing them where that would copy every object. */
import { type AllocatorState, allocatedBlocks, allocatorMechanism } from '@reheap/allocator'
import type { CollectorPort } from '@reheap/cycle-gc'
import type { HostMemoryState } from '@reheap/host-memory'
import { type Draft, NO_ID, type Sealed } from '@reheap/kernel'
import type { HeapReader } from '@reheap/refcount'
import { keeper } from './machine.ts'
import type { MachineDraft, MachineState } from './machine-draft.ts'

export class Layers {
  readonly #machine: MachineDraft
  readonly #heap: number

  /** @param heap number of the allocator that is asked */
  constructor(draft: Draft<MachineState>, heap: number) {
    this.#machine = keeper.own(draft)
    this.#heap = this.#machine.profile.allocator.heapPerInterpreter ? heap : 0
  }

  get heap(): HeapReader {
    return this.#machine.heap
  }

  get collector(): CollectorPort {
    return this.#machine.port
  }

  /** The system's memory; null: no host is followed. */
  get host(): Draft<HostMemoryState> | null {
    return this.#machine.junction.host?.memory ?? null
  }

  get allocator(): Sealed<AllocatorState> {
    this.#machine.openHeap(this.#heap)
    return this.#sealed(this.#heap)
  }

  /** `sys.getallocatedblocks()`. */
  get allocatedBlocks(): number {
    return this.#machine.heaps.reduce((sum, _, heap) => sum + allocatedBlocks(this.#sealed(heap)), 0)
  }

  /** Ids of the objects in `gc.garbage`, in order; null for one that the runtime made for itself. */
  get garbage(): readonly (number | null)[] {
    return this.heap.garbageIds().map((id) => (id === NO_ID ? null : id))
  }

  /**
   * The count of a live object as the runtime gives it; null for one that is not live.
   *
   * @param argument how a call of `sys.getrefcount` got the object: `held`, by a reference of its own; `local`, from a local
   * variable of a function, which it borrows where the profile's calls do. Anything else: there was no call
   */
  countOf(object: number, argument: unknown): number | null {
    const row = this.heap.rowOf(object)
    if (row === 0) return null
    const isHeld = argument === 'held' || (argument === 'local' && !this.#machine.profile.refcount.borrowsLocals)
    return this.heap.countOf(row) + (isHeld && !this.heap.isImmortal(row) ? 1 : 0)
  }

  isTracked(object: number): boolean | null {
    const row = this.heap.rowOf(object)
    return row === 0 ? null : this.heap.isTracked(row)
  }

  /** The allocator's draft goes on as a copy of what is given out. */
  #sealed(heap: number): Sealed<AllocatorState> {
    const { heaps } = this.#machine
    const sealed = allocatorMechanism.seal(heaps[heap] as Draft<AllocatorState>)
    heaps[heap] = allocatorMechanism.thaw(sealed)
    return sealed
  }
}
