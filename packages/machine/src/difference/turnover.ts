/** What was asked for and given back while a part of a log ran. */
import { FACT_OPCODES as ALLOCATOR } from '@reheap/allocator'
import { FACT_OPCODES as DEVICE } from '@reheap/device-memory'
import type { FactBatch } from '@reheap/kernel'

/** Blocks, and their bytes as the program asked for them. */
export interface BlockAmount {
  readonly blocks: number
  readonly bytes: number
}

/** Of a block that grows or shrinks where it lies the difference is counted, and no block. */
export interface Turnover {
  readonly events: number
  readonly allocated: BlockAmount
  readonly freed: BlockAmount
}

/** Sums blocks up. Feed it every fact batch in order. */
export class RunningTurnover {
  readonly allocated = { blocks: 0, bytes: 0 }
  readonly freed = { blocks: 0, bytes: 0 }

  /** Takes the facts of an interpreter's allocator. */
  feedHeap({ code, other, size, length }: FactBatch): void {
    for (let fact = 0; fact < length; fact++) {
      const bytes = size[fact]
      if (code[fact] === ALLOCATOR.BlockPlaced || code[fact] === ALLOCATOR.BlockPassedOn) this.#add(this.allocated, 1, bytes)
      else if (code[fact] === ALLOCATOR.BlockReturned || code[fact] === ALLOCATOR.BlockHandedBack) this.#add(this.freed, 1, bytes)
      else if (code[fact] === ALLOCATOR.BlockResized) {
        const growth = bytes - other[fact]
        this.#add(growth > 0 ? this.allocated : this.freed, 0, Math.abs(growth))
      }
    }
  }

  /** Takes the facts of the devices. */
  feedDevices({ code, size, length }: FactBatch): void {
    for (let fact = 0; fact < length; fact++) {
      if (code[fact] === DEVICE.BlockAllocated) this.#add(this.allocated, 1, size[fact])
      else if (code[fact] === DEVICE.FreeRequested) this.#add(this.freed, 1, size[fact])
    }
  }

  #add(sum: { blocks: number; bytes: number }, blocks: number, bytes: number): void {
    sum.blocks += blocks
    sum.bytes += bytes
  }
}
