/** A heap that is asked as `scripts/habits.py` asks a real interpreter. The package under test is given, so that a wrong one can be. */
import { type Batch, Columns, Emit, type FactBatch } from '@reheap/kernel'
import type * as Refcount from '../src/index.ts'

/** What the heap told its collector, and what it did. */
export class Asked {
  readonly refcount: typeof Refcount
  readonly calls = { allocated: 0, freed: 0 }
  facts: Refcount.Fact[] = []
  #draft: ReturnType<typeof Refcount.refcountMechanism.thaw>
  #next = 0
  readonly #rows = new Columns(1)
  readonly #emit = new Emit<Refcount.FactOpcode>({ capacity: 16 })

  constructor(refcount: typeof Refcount, profile: Refcount.RefcountProfile) {
    this.refcount = refcount
    this.#draft = refcount.refcountMechanism.thaw(refcount.refcountReducer.initial(profile))
    refcount.connectTracking(this.#draft, {
      allocated: () => {
        this.calls.allocated++
      },
      freed: () => {
        this.calls.freed++
      },
      entered: () => {},
      track: () => {},
      untrack: () => {},
    })
    for (const [type, layout] of refcount.LAYOUTS.entries()) this.do({ kind: 'DefineType', type, layout, name: layout })
  }

  /** @throws if it is rejected */
  do(...requests: readonly Refcount.Request[]): void {
    for (const request of requests) {
      const { facts } = this.#emit
      this.#rows.clear()
      this.#emit.clear()
      this.refcount.refcountWording.write(request, this.#rows)
      if (this.refcount.refcountMechanism.applyBatch(this.#draft, this.#rows as Batch<Refcount.RequestOpcode>, 0, 1, this.#emit) >= 0)
        throw new Error(`rejected: ${JSON.stringify(request)}`)
      for (let row = 0; row < facts.length; row++)
        this.facts.push(this.refcount.refcountWording.read(facts as FactBatch<Refcount.FactOpcode>, row))
    }
  }

  /** A new object that only its maker holds. @returns its id */
  make(layout: Refcount.Layout, items = 0): number {
    const object = this.#next++
    this.do({ kind: 'CreateObject', object, type: this.refcount.LAYOUTS.indexOf(layout), bytes: 64, items })
    return object
  }

  /** Its maker gives the object to another. */
  give(from: number, to: number): void {
    this.do({ kind: 'AddReference', from, to }, { kind: 'DropReference', from: null, to })
  }

  drop(to: number): void {
    this.do({ kind: 'DropReference', from: null, to })
  }

  rowOf(object: number): number {
    return this.refcount.heapReader(this.#draft).rowOf(object)
  }

  emptyFreeLists(): void {
    this.refcount.heapEditor(this.#draft).emptyFreeLists()
  }

  /** State of this moment. The heap is asked no more. */
  seal(): ReturnType<typeof Refcount.refcountMechanism.seal> {
    return this.refcount.refcountMechanism.seal(this.#draft)
  }

  /** What the work asks of the allocator and gives back, less what it gave back. */
  measured(work: () => void): number {
    const before = this.calls.allocated - this.calls.freed
    work()
    return this.calls.allocated - this.calls.freed - before
  }
}
