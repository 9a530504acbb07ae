import { REQUEST_OPCODES } from '@reheap/allocator'
import { NO_ID, NOT_GIVEN } from '@reheap/kernel'
import { AddressTable } from './address-table.ts'
import type { EventWriter } from './event-writer.ts'
import type { WasmModule } from './wasm-module.ts'

/** raw, mem and obj, as the interpreter and the log number them. */
const DOMAINS = [0, 1, 2]

/** What the recorder does when memory changes hands. */
export interface BlockListener {
  blockFreed(address: number): void
  /** From where it lay to where it lies now. */
  blockMoved(from: number, to: number): void
}

/** Wraps the interpreter's allocators: writes their calls, adds up bytes, and knows the size of each block made since it started. */
export class BlockRecorder {
  bytesRequested = 0
  bytesReleased = 0
  private readonly writer: EventWriter
  private readonly isWritten: boolean
  private readonly ids = new AddressTable()
  private readonly sizes = new AddressTable()
  private blocksMade = 0
  private listener: BlockListener | null = null

  /** @param isWritten false: calls are watched, but the log does not hold them */
  constructor(writer: EventWriter, isWritten: boolean) {
    this.writer = writer
    this.isWritten = isWritten
  }

  start(module: WasmModule, listener: BlockListener): void {
    for (const domain of DOMAINS) this.wrap(module, domain)
    this.listener = listener
  }

  /** What runs is the recorder's own: its calls pass through unseen. */
  apart(run: () => void): void {
    const { listener } = this
    this.listener = null
    try {
      run()
    } finally {
      this.listener = listener
    }
  }

  /** From now on calls pass through unseen. */
  stop(): void {
    this.listener = null
  }

  /** Size of the block that begins at the address; 0: it was made before. */
  bytesAt(address: number): number {
    return this.sizes.get(address)
  }

  /** Number of the block that begins at the address as the log has it; NaN: none. */
  blockAt(address: number): number {
    const id = this.isWritten ? this.ids.get(address) : 0
    return id === 0 ? NOT_GIVEN : id
  }

  /** Forgets the block that begins at the address, if its rows could be taken back. */
  withdraw(address: number, codesBehind: readonly number[]): boolean {
    const bytes = this.sizes.get(address)
    const codes = this.isWritten ? [REQUEST_OPCODES.Malloc, ...codesBehind] : codesBehind
    if (bytes === 0 || !this.writer.withdraw(codes)) return false
    this.ids.set(address, 0)
    this.sizes.set(address, 0)
    this.blocksMade--
    this.bytesRequested -= bytes
    return true
  }

  private wrap(module: WasmModule, domain: number): void {
    const fields = module._PyMem_RawMalloc(20)
    module._PyMem_GetAllocator(domain, fields)
    const original = (index: number) => module.wasmTable.get(module.HEAP32[(fields >> 2) + index] ?? 0)
    const [allocate, allocateZeroed, resize, release] = [original(1), original(2), original(3), original(4)]
    const functions = [
      module.addFunction((context = 0, bytes = 0) => {
        const block = allocate(context, bytes)
        if (this.listener !== null && block !== 0) this.made(block, bytes, REQUEST_OPCODES.Malloc, domain, NO_ID, bytes)
        return block
      }, 'iii'),
      module.addFunction((context = 0, items = 0, each = 0) => {
        const block = allocateZeroed(context, items, each)
        if (this.listener !== null && block !== 0) this.made(block, items * each, REQUEST_OPCODES.Calloc, domain, items, each)
        return block
      }, 'iiii'),
      module.addFunction((context = 0, block = 0, bytes = 0) => {
        const after = resize(context, block, bytes)
        if (this.listener !== null && after !== 0) this.resized(domain, block, after, bytes)
        return after
      }, 'iiii'),
      module.addFunction((context = 0, block = 0) => {
        if (this.listener !== null && block !== 0) this.freed(domain, block)
        release(context, block)
        return undefined
      }, 'vii'),
    ]
    functions.forEach((address, index) => {
      module.HEAP32[(fields >> 2) + 1 + index] = address
    })
    module._PyMem_SetAllocator(domain, fields)
  }

  private made(block: number, bytes: number, code: number, domain: number, count: number, size: number): void {
    this.keep(block, bytes)
    if (this.isWritten) this.writer.push(code, domain, this.blocksMade, count, size, NOT_GIVEN)
  }

  private resized(domain: number, before: number, after: number, bytes: number): void {
    const id = this.ids.get(before)
    this.forget(before)
    this.keep(after, bytes)
    if (this.isWritten) this.writer.push(REQUEST_OPCODES.Realloc, domain, id === 0 ? NO_ID : id, this.blocksMade, bytes, NOT_GIVEN)
    if (before !== 0) this.listener?.blockMoved(before, after)
  }

  private freed(domain: number, block: number): void {
    const id = this.ids.get(block)
    this.listener?.blockFreed(block)
    if (id === 0) return
    this.forget(block)
    if (this.isWritten) this.writer.push(REQUEST_OPCODES.Free, domain, id, NO_ID, NOT_GIVEN, NOT_GIVEN)
  }

  private keep(block: number, bytes: number): void {
    this.bytesRequested += bytes
    this.ids.set(block, ++this.blocksMade)
    this.sizes.set(block, bytes)
  }

  private forget(block: number): void {
    this.bytesReleased += this.sizes.get(block)
    this.ids.set(block, 0)
    this.sizes.set(block, 0)
  }
}
