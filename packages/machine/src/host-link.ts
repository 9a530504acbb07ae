/** The host below the allocator: what it is asked, by the log and by the facts of the allocator. */
import { REQUEST_OPCODES as ALLOCATOR } from '@reheap/allocator'
import {
  BACKINGS,
  type FactOpcode,
  type HostMemoryRejection,
  type HostMemoryState,
  hostMemoryMechanism,
  REJECTIONS,
  REQUEST_OPCODES,
  type RequestOpcode,
  wasPressed,
} from '@reheap/host-memory'
import { type Batch, type Draft, type Emit, NO_ID, type Sealed } from '@reheap/kernel'
import { HostJunction } from './host-junction.ts'
import type { HostMappings } from './host-mappings.ts'
import type { MachineProfile } from './profile.ts'
import { RequestRow } from './request-row.ts'

const { Calloc, Realloc } = ALLOCATOR
const { MapMemory, UnmapMemory, TouchPages, LibraryMalloc, LibraryCalloc, LibraryRealloc } = REQUEST_OPCODES

const ANONYMOUS = BACKINGS.indexOf('anonymous')
/** Requests of the allocator belong to the process that a log is about. */
const PROCESS = 0
/** A block that was given before the host came to life is none that it knows. */
const BLOCK_NOT_LIVE = 1 + REJECTIONS.indexOf('BlockNotLive')
/** Reasons of the host for refusing what a fact of the allocator asked, above those of any mechanism. */
const ASKED = 1000
const NONE = -1
/** Pages that are known to be written: as many as are looked up without a search. */
const KNOWN_PAGES = 4096

type Requests = Batch<RequestOpcode>

/** The host's part of a machine's state. */
export interface HostParts {
  readonly memory: Sealed<HostMemoryState>
  readonly mappings: HostMappings
}

/** Told after each request of the host, the log's own and those that follow from the allocator's facts. */
export type HostListener = (index: number, memory: Draft<HostMemoryState>) => void

/** The host in the making, and the emit that the allocator writes to while it is followed. */
export class HostLink {
  readonly memory: Draft<HostMemoryState>
  readonly mappings: HostMappings
  listener: HostListener | null = null
  /** Row of the log at which the host refused what the allocator asked, or -1. */
  refusedAt = NONE
  /** Why. */
  reason = 0
  readonly #poolBytes: number
  readonly #alignmentBytes: number
  readonly #pageBytes: number
  /** Pages of arenas that were written of late, by their number. */
  readonly #known = new Float64Array(KNOWN_PAGES).fill(NONE)
  /** Had pages to make room once? Then none is known any more. */
  #isPressed: boolean
  readonly #request = new RequestRow()
  readonly #junction = new HostJunction(this)

  constructor({ memory, mappings }: HostParts, { allocator: { poolBytes, alignmentBytes }, hostMemory: { pageBytes } }: MachineProfile) {
    this.memory = hostMemoryMechanism.thaw(memory)
    this.mappings = mappings.clone()
    this.#isPressed = wasPressed(memory)
    this.#poolBytes = poolBytes
    this.#alignmentBytes = alignmentBytes
    this.#pageBytes = pageBytes
  }

  sealed(): HostParts {
    return { memory: hostMemoryMechanism.seal(this.memory), mappings: this.mappings }
  }

  /** The emit for the allocator. @param batch the rows that it will work on @param emit where every fact goes in the end */
  through(batch: Batch, emit: Emit): Emit {
    this.#junction.batch = batch
    this.#junction.target = emit
    return this.#junction
  }

  /** Applies the log's own rows of the host. @returns -1, or the first rejected row */
  apply(batch: Batch, from: number, to: number, emit: Emit): number {
    const { listener, memory } = this
    const rows = batch as Requests
    const facts = emit as Emit<FactOpcode>
    if (listener === null) {
      const rejected = hostMemoryMechanism.applyBatch(memory, rows, from, to, facts)
      this.#isPressed = wasPressed(memory)
      return rejected
    }
    for (let row = from; row < to; row++) {
      const rejected = hostMemoryMechanism.applyBatch(memory, rows, row, row + 1, facts)
      if (rejected >= 0) return rejected
      this.#isPressed = wasPressed(memory)
      listener(batch.firstIndex + row, memory)
    }
    return NONE
  }

  /** An arena was mapped. */
  map(emit: Emit, cause: number, address: number, bytes: number): void {
    this.ask(emit, MapMemory, cause, this.mappings.open(address), ANONYMOUS, bytes, address)
  }

  /** An arena was given back. One that was mapped before the host came to life is none that it knows. */
  unmap(emit: Emit, cause: number, address: number, bytes: number): void {
    const mapping = this.mappings.close(address)
    this.#known.fill(NONE)
    if (mapping !== NONE) this.ask(emit, UnmapMemory, cause, mapping, NO_ID, bytes, 0)
  }

  /**
   * A pool was opened or a block of it placed: its first bytes are written, and where a block was cut off, the link in the next one.
   *
   * @param sizeClass of the block; -1: it is the pool's header that is written
   */
  write(emit: Emit, cause: number, address: number, sizeClass: number): void {
    const poolEnd = (Math.floor(address / this.#poolBytes) + 1) * this.#poolBytes
    const last = Math.floor(Math.min(address + (sizeClass + 1) * this.#alignmentBytes, poolEnd - 1) / this.#pageBytes)
    for (let page = Math.floor(address / this.#pageBytes); page <= last; page++) {
      if (this.#known[page % KNOWN_PAGES] === page && !this.#isPressed) continue
      this.#known[page % KNOWN_PAGES] = page
      this.#touch(emit, cause, page * this.#pageBytes)
    }
  }

  #touch(emit: Emit, cause: number, address: number): void {
    const base = this.mappings.baseOf(address)
    if (base !== NONE) this.ask(emit, TouchPages, cause, this.mappings.mappingOf(base), NO_ID, this.#pageBytes, address - base)
  }

  /** Asks the host for something, one row long. */
  ask(emit: Emit, code: RequestOpcode, cause: number, id: number, other: number, size: number, address: number): void {
    const request = this.#request.of(code, cause, PROCESS, id, other, size, address) as Requests
    const rejected = hostMemoryMechanism.applyBatch(this.memory, request, 0, 1, emit as Emit<FactOpcode>)
    this.#isPressed = wasPressed(this.memory)
    if (rejected < 0) this.listener?.(cause, this.memory)
    else if (emit.reason === BLOCK_NOT_LIVE) this.#stranger(emit, code, cause, other, size, address)
    else if (this.refusedAt === NONE) {
      this.refusedAt = cause
      this.reason = ASKED + emit.reason
    }
  }

  /** A block that was given before the host came to life: moved, it is a new one here; freed, it is nothing. */
  #stranger(emit: Emit, code: RequestOpcode, cause: number, newBlock: number, bytes: number, address: number): void {
    emit.reason = 0
    if (code === LibraryRealloc) this.ask(emit, LibraryMalloc, cause, newBlock, NO_ID, bytes, address)
  }
}

/** Is it a reason of the host for refusing what the allocator asked? */
export const isOfHost = (reason: number): boolean => reason >= ASKED

/** Such a refusal in words. @param operands of the row of the allocator */
export function explainAsked(reason: number, code: number, ...operands: number[]): HostMemoryRejection {
  const asked = code === Realloc ? LibraryRealloc : code === Calloc ? LibraryCalloc : LibraryMalloc
  return hostMemoryMechanism.explain(reason - ASKED, asked, ...operands)
}
