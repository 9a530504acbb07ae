/** Where the layers meet: facts of the object layers pass through, and those about memory become requests of the allocator. */
import {
  type AllocatorState,
  allocatorMechanism,
  DOMAINS,
  type FactOpcode,
  isBlockLive,
  REQUEST_OPCODES,
  type RequestOpcode,
} from '@reheap/allocator'
import { FACT_OPCODES as COLLECTOR_FACTS } from '@reheap/cycle-gc'
import { type Batch, type Draft, Emit, NO_ID, NOT_GIVEN } from '@reheap/kernel'
import { FACT_OPCODES as OBJECT_FACTS } from '@reheap/refcount'
import type { GarbageWatch } from './garbage-watch.ts'
import type { HostLink } from './host-link.ts'
import type { ObjectBlocks } from './object-blocks.ts'
import { MEMORY } from './recorded-blocks.ts'
import { RequestRow } from './request-row.ts'

const { ObjectCreated, BlockRequested, BlockReleased } = OBJECT_FACTS
const { GarbageFound } = COLLECTOR_FACTS
const { Malloc, Realloc, Free } = REQUEST_OPCODES
const OBJ = DOMAINS.indexOf('obj')

/** The emit that the object layers write to. */
export class Junction extends Emit {
  /** Where every fact goes in the end. */
  target = new Emit({ muted: true })
  watch: GarbageWatch | null = null
  /** Takes what the allocator wants of the host; null: no host is followed. */
  host: HostLink | null = null
  readonly #allocator: () => Draft<AllocatorState>
  readonly #blocks: ObjectBlocks
  readonly #request = new RequestRow()

  /** @param allocator the main interpreter's */
  constructor(allocator: () => Draft<AllocatorState>, blocks: ObjectBlocks) {
    super({ capacity: 1 })
    this.#allocator = allocator
    this.#blocks = blocks
  }

  override push(code: number, cause: number, tag: number, id: number, other: number, size: number, address: number): void {
    this.target.push(code, cause, tag, id, other, size, address)
    switch (code) {
      case BlockRequested:
        this.#requested(cause, tag !== 0, other, size, address)
        break
      case BlockReleased:
        this.#released(cause, tag !== 0, other, address)
        break
      case ObjectCreated:
        if (tag !== 0 && address >= 0) this.#reused(cause, address)
        break
      case GarbageFound:
        this.watch?.found(other, cause)
        break
    }
  }

  #requested(cause: number, isBeside: boolean, row: number, bytes: number, block: number): void {
    const blocks = this.#blocks
    if (block >= 0) {
      if (!isBeside) this.#requestedIn(cause, row, bytes, block)
    } else if (!isBeside) {
      if (blocks.isRouting) this.#ask(Malloc, cause, blocks.takeOwn(row), NO_ID, bytes)
    } else {
      const before = blocks.besideOf(row)
      if (before >= 0) this.#ask(Realloc, cause, before, blocks.takeBeside(row), bytes)
      else if (blocks.isRouting) this.#ask(Malloc, cause, blocks.takeBeside(row), NO_ID, bytes)
    }
  }

  /** Memory for an object that the log puts into a block. */
  #requestedIn(cause: number, row: number, bytes: number, block: number): void {
    const { recorded } = this.#blocks
    if (recorded === null) return
    const memory = recorded.take(block, isBlockLive(this.#allocator(), block))
    if (memory === MEMORY.anew) this.#ask(Malloc, cause, block, NO_ID, bytes)
    else if (memory === MEMORY.other) this.#ask(Malloc, cause, this.#blocks.takeOwn(row), NO_ID, bytes)
  }

  #released(cause: number, isBeside: boolean, row: number, block: number): void {
    const blocks = this.#blocks
    if (isBeside) {
      const beside = blocks.besideOf(row)
      if (beside < 0) return
      blocks.giveBeside(row)
      this.#ask(Free, cause, beside, NO_ID, NOT_GIVEN)
      return
    }
    const own = blocks.giveOwn(row)
    const given = own < 0 && block >= 0 && blocks.recorded !== null ? blocks.recorded.give(block) : own
    if (given >= 0) this.#ask(Free, cause, given, NO_ID, NOT_GIVEN)
  }

  /** The object took the memory of an earlier one: the block that the log gave it is wanted by nobody. */
  #reused(cause: number, block: number): void {
    const { recorded } = this.#blocks
    if (recorded?.spare(block, isBlockLive(this.#allocator(), block)) === true) this.#ask(Free, cause, block, NO_ID, NOT_GIVEN)
  }

  #ask(code: RequestOpcode, cause: number, block: number, newBlock: number, bytes: number): void {
    const request = this.#request.of(code, cause, OBJ, block, newBlock, bytes, NOT_GIVEN)
    const allocator = this.#allocator()
    const emit = this.host === null ? this.target : this.host.through(request, this.target)
    const rejected = allocatorMechanism.applyBatch(allocator, request as Batch<RequestOpcode>, 0, 1, emit as Emit<FactOpcode>)
    // Ids, domain and bytes are right by construction: what is left is a heap beyond what a state can number.
    if (rejected >= 0) throw new RangeError(`event ${cause}: the simulated heap holds no more memory for objects`)
  }
}
