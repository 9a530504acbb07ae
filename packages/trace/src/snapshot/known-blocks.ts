import { grown, NO_ID } from '@reheap/kernel'

/** Blocks that a snapshot knows of: those of its end, and those that its traces free. */
export class KnownBlocks {
  length = 0
  address: Float64Array
  /** NaN where the snapshot does not say it: the block was freed. */
  bytes: Float64Array
  requestedBytes: Float64Array
  /** Its place in `BLOCK_STATES`, at the moment that was rewound to. */
  state: Uint8Array
  stack: Uint32Array
  /** The entry at which it became free; {@link NO_ID}: it never does. */
  end: Uint32Array

  /** @param entries of all traces: for so many blocks there is room at once */
  constructor(entries: number) {
    const room = Math.max(256, entries)
    this.address = new Float64Array(room)
    this.bytes = new Float64Array(room)
    this.requestedBytes = new Float64Array(room)
    this.state = new Uint8Array(room)
    this.stack = new Uint32Array(room)
    this.end = new Uint32Array(room)
  }

  add(address: number, bytes: number, requestedBytes: number, state: number, stack: number, end = NO_ID): number {
    const block = this.length++
    if (block === this.state.length) {
      this.address = grown(this.address, block * 2)
      this.bytes = grown(this.bytes, block * 2)
      this.requestedBytes = grown(this.requestedBytes, block * 2)
      this.state = grown(this.state, block * 2)
      this.stack = grown(this.stack, block * 2)
      this.end = grown(this.end, block * 2)
    }
    this.address[block] = address
    this.bytes[block] = bytes
    this.requestedBytes[block] = requestedBytes
    this.state[block] = state
    this.stack[block] = stack
    this.end[block] = end
    return block
  }
}
