/**
 * The range of opcodes of each layer. One byte in a stored log names any event of any layer, so a
 * batch goes from the file to every mechanism without translation; a mechanism passes over rows
 * outside its own range. Codes are part of the stored format: never reused, never renumbered.
 */
export const OPCODE_RANGES = {
  /** `@reheap/allocator` */
  allocator: { from: 1, to: 31 },
  /** `@reheap/refcount` */
  refcount: { from: 32, to: 63 },
  /** `@reheap/cycle-gc` */
  cycleGc: { from: 64, to: 95 },
  /** `@reheap/device-memory` */
  deviceMemory: { from: 96, to: 127 },
  /** `@reheap/host-memory` */
  hostMemory: { from: 128, to: 159 },
  /** Events of no layer: see {@link ANY_LAYER_OPCODES}. */
  anyLayer: { from: 240, to: 255 },
} as const

/** Events that may stand in any log. Their operands are in the event's `detail`. */
export const ANY_LAYER_OPCODES = {
  /** `{label}`: a moment named by the recorder or by the program. */
  Mark: 240,
  /** `{stack, frames}`: defines the stack that later events name by id. */
  Stack: 241,
  /** `{of, values}`: what the real runtime was seen to answer at this point. */
  Observe: 242,
} as const
