import type { WasmModule } from './wasm-module.ts'

/** Where the fields lie that the recorder reads, in bytes. */
export interface RuntimeLayout {
  readonly minor: number
  readonly evalBreaker: number
  readonly currentFrame: number
  readonly previousFrame: number
  readonly frameLocals: number
  readonly frameOwner: number
  /** Address of the first threshold; the count stands behind it, the next generation 16 bytes on. */
  readonly threshold: number
  readonly collecting: number
  readonly stats: number
  /** From 3.15 on the figures of a generation stand in a ring of this many entries. */
  readonly ringEntries: readonly [number, number, number]
  /** Address of the head of the permanent generation's list. */
  readonly permanent: number
  /** Address of `long_lived_total`, behind which `long_lived_pending` stands; 0: this version has none. */
  readonly longLived: number
  /** Address of the incremental collector's `heap_size`; 0: none. */
  readonly heapSize: number
  readonly listItems: number
  readonly tupleItems: number
  readonly dictKeys: number
  readonly dictValues: number
  readonly setMask: number
  readonly setTable: number
  /** In a class: the tuple of the names in its `__slots__`, and the table of the keys that its instances share. */
  readonly typeSlots: number
  readonly typeKeys: number
}

/** By minor version: distances from the first threshold, in words. Heads of lists stand two words before a threshold or what stands for one. */
const KNOWN = {
  13: { stats: 15, collecting: 24, isRing: false, permanent: 11, longLived: 27, heapSize: 0, typeSlots: 432 },
  14: { stats: 14, collecting: 23, isRing: false, permanent: 10, longLived: 0, heapSize: 26, typeSlots: 432 },
  15: { stats: 14, collecting: 15, isRing: true, permanent: 10, longLived: 19, heapSize: 0, typeSlots: 436 },
} as const

const STATE_BYTES_MAX = 120_000
const BASIC_SIZE = 16

/** Null: a version whose memory this recorder does not know. */
export function runtimeLayout(module: WasmModule, minor: number): RuntimeLayout | null {
  if (minor !== 13 && minor !== 14 && minor !== 15) return null
  const known = KNOWN[minor]
  const offset = (index: number): number => word(module, module.__PyRuntime + 16 + index * 8)
  const threshold = thresholdAddress(module)
  if (threshold === null) return null
  // In every version: thread state {size, prev, next, interp, current_frame, ...}, then the frame's own block.
  const frame = frameBlock(offset)
  if (frame === null) return null
  const statsWord = threshold + known.stats * 4
  return {
    minor,
    // Behind {prev, next, interp}.
    evalBreaker: module._PyThreadState_Get() + 12,
    currentFrame: module._PyThreadState_Get() + offset(frame.currentFrame),
    previousFrame: offset(frame.start + 1),
    frameLocals: offset(frame.start + 4),
    frameOwner: offset(frame.start + 5),
    threshold,
    collecting: threshold + known.collecting * 4,
    stats: known.isRing ? word(module, statsWord) : statsWord,
    ringEntries: known.isRing ? [11, 3, 3] : [1, 1, 1],
    permanent: threshold + known.permanent * 4,
    longLived: known.longLived === 0 ? 0 : threshold + known.longLived * 4,
    heapSize: known.heapSize === 0 ? 0 : threshold + known.heapSize * 4,
    listItems: 12,
    // The type's own size ends where its items begin, and one that counts as its own.
    tupleItems: word(module, module._PyTuple_Type + BASIC_SIZE),
    dictKeys: 24,
    dictValues: 28,
    setMask: 16,
    setTable: 20,
    typeSlots: known.typeSlots,
    typeKeys: known.typeSlots + 8,
  }
}

const word = (module: WasmModule, address: number): number => module.HEAP32[address >> 2] ?? 0

/** The default thresholds, three generations of 16 bytes each. */
function thresholdAddress(module: WasmModule): number | null {
  const start = module._PyInterpreterState_Get()
  for (let address = start; address < start + STATE_BYTES_MAX; address += 4) {
    if (word(module, address) === 2000 && word(module, address + 16) === 10) return address
  }
  return null
}

/** The block {44, 4, 0, 28, 40, 38}: size of a frame, previous, executable, instruction, locals, owner; and the thread state's before it. */
function frameBlock(offset: (index: number) => number): { start: number; currentFrame: number } | null {
  for (let start = 20; start < 60; start++) {
    if (offset(start) !== 44 || offset(start + 1) !== 4 || offset(start + 2) !== 0) continue
    for (let thread = start - 4; thread > 4; thread--) {
      if (offset(thread) === 0 && offset(thread + 1) === 4 && offset(thread + 2) === 8) return { start, currentFrame: thread + 3 }
    }
  }
  return null
}
