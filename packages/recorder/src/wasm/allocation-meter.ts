import type { WasmModule } from './wasm-module.ts'

const DOMAINS = [1, 2]

/** Counts the bytes that go through the interpreter's MEM and OBJ allocators, and knows the size of each block made since it started. */
export class AllocationMeter {
  private bytesRequested = 0
  private bytesReleased = 0
  private readonly sizes = new Map<number, number>()
  private onFreed: (block: number) => void = () => undefined
  private lastBlock = 0
  private lastBytes = 0

  /** Each block that is freed is told: some objects die unannounced (floats, integers and texts up to 3.13). */
  start(module: WasmModule, onFreed: (block: number) => void): void {
    this.onFreed = onFreed
    for (const domain of DOMAINS) this.wrap(module, domain)
  }

  /** Size of the latest block if the address lies in it: an object is announced right after its memory was taken. */
  bytesAt(address: number): number | null {
    return address >= this.lastBlock && address < this.lastBlock + this.lastBytes ? this.lastBytes : null
  }

  /** Bytes since it was last asked. */
  taken(): { bytesRequested: number; bytesReleased: number } {
    const { bytesRequested, bytesReleased } = this
    this.bytesRequested = 0
    this.bytesReleased = 0
    return { bytesRequested, bytesReleased }
  }

  private wrap(module: WasmModule, domain: number): void {
    const fields = module._PyMem_RawMalloc(20)
    module._PyMem_GetAllocator(domain, fields)
    const original = (index: number) => module.wasmTable.get(module.HEAP32[(fields >> 2) + index] ?? 0)
    const [allocate, allocateZeroed, resize, release] = [original(1), original(2), original(3), original(4)]
    const functions = [
      module.addFunction((context = 0, bytes = 0) => this.made(allocate(context, bytes), bytes), 'iii'),
      module.addFunction((context = 0, items = 0, each = 0) => this.made(allocateZeroed(context, items, each), items * each), 'iiii'),
      module.addFunction((context = 0, block = 0, bytes = 0) => {
        const after = resize(context, block, bytes)
        if (after !== 0) this.freed(block)
        return this.made(after, bytes)
      }, 'iiii'),
      module.addFunction((context = 0, block = 0) => {
        this.freed(block)
        release(context, block)
        return undefined
      }, 'vii'),
    ]
    functions.forEach((address, index) => {
      module.HEAP32[(fields >> 2) + 1 + index] = address
    })
    module._PyMem_SetAllocator(domain, fields)
  }

  private made(block: number, bytes: number): number {
    if (block === 0) return block
    this.bytesRequested += bytes
    this.sizes.set(block, bytes)
    this.lastBlock = block
    this.lastBytes = bytes
    return block
  }

  private freed(block: number): void {
    this.bytesReleased += this.sizes.get(block) ?? 0
    this.sizes.delete(block)
    this.onFreed(block)
    if (block === this.lastBlock) this.lastBytes = 0
  }
}
