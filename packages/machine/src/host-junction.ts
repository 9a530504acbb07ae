/** Where the allocator meets the host: facts pass through, and those about the system's memory become requests of the host. */
import { REQUEST_OPCODES as ALLOCATOR, FACT_OPCODES } from '@reheap/allocator'
import { REQUEST_OPCODES } from '@reheap/host-memory'
import { type Batch, Emit, NO_ID, NOT_GIVEN } from '@reheap/kernel'
import type { HostLink } from './host-link.ts'

const { BlockPlaced, BlockPassedOn, BlockHandedBack, PoolOpened, ArenaOpened, ArenaReleased } = FACT_OPCODES
const { Calloc, Realloc } = ALLOCATOR
const { LibraryMalloc, LibraryCalloc, LibraryRealloc, LibraryFree } = REQUEST_OPCODES

/** The pool's header, and not a block, is written. */
const HEADER = -1

/** The emit that the allocator writes to while a host is followed. Never muted: the host needs what nobody else wants. */
export class HostJunction extends Emit {
  /** Where every fact goes in the end. */
  target = new Emit({ muted: true })
  /** The rows that the allocator is working on. */
  batch: Batch
  readonly #host: HostLink
  /** Block of the C library that is being reallocated: its new place follows. */
  #moving = NO_ID

  constructor(host: HostLink) {
    super({ capacity: 1 })
    this.#host = host
    this.batch = this.facts
  }

  override push(code: number, cause: number, tag: number, id: number, other: number, size: number, address: number): void {
    const { target } = this
    target.push(code, cause, tag, id, other, size, address)
    switch (code) {
      case BlockPassedOn:
        this.#passedOn(cause, id, size, address)
        break
      case BlockHandedBack:
        if (this.batch.code[cause - this.batch.firstIndex] === Realloc) this.#moving = id
        else this.#host.ask(target, LibraryFree, cause, id, NO_ID, NOT_GIVEN, NOT_GIVEN)
        break
      case BlockPlaced:
        this.#host.write(target, cause, address, tag)
        break
      case PoolOpened:
        this.#host.write(target, cause, address, HEADER)
        break
      case ArenaOpened:
        this.#host.map(target, cause, address, size)
        break
      case ArenaReleased:
        this.#host.unmap(target, cause, address, size)
        break
    }
  }

  #passedOn(cause: number, block: number, bytes: number, address: number): void {
    const { batch, target } = this
    const row = cause - batch.firstIndex
    // `PyMem_RawMalloc` and its like ask the C library for a byte where nobody asked for any.
    const asked = bytes === 0 ? 1 : bytes
    if (this.#moving !== NO_ID) {
      const moving = this.#moving
      this.#moving = NO_ID
      this.#host.ask(target, LibraryRealloc, cause, moving, block, asked, address)
    } else if (batch.code[row] === Calloc) {
      const [count, elementBytes] = bytes === 0 ? ONE_BYTE : [batch.other[row], batch.size[row]]
      this.#host.ask(target, LibraryCalloc, cause, block, count, elementBytes, address)
    } else this.#host.ask(target, LibraryMalloc, cause, block, NO_ID, asked, address)
  }
}

/** `calloc(1, 1)`. */
const ONE_BYTE = [1, 1] as const
