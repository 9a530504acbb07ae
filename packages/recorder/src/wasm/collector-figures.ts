import type { RuntimeLayout } from './runtime-layout.ts'
import type { WasmModule } from './wasm-module.ts'
import type { CollectorStart } from './worker-message.ts'

export interface GenerationFigures {
  readonly collections: number
  readonly collected: number
  readonly uncollectable: number
}

const RING_ENTRY_BYTES = 48
const LIST_SIZE = 8
const GC_SCHEDULED = 0x10
/** A list's head stands before the threshold of its generation. */
const HEAD_BYTES = 8
/** Low bits of a link are no part of the address. */
const FLAG_BITS = 3

/** The collector's counts and figures, read from the interpreter's memory: asking Python for them would change them. */
export class CollectorFigures {
  private readonly module: WasmModule
  private readonly layout: RuntimeLayout
  private readonly callbacks: number

  /** @param callbacks the list `gc.callbacks` */
  constructor(module: WasmModule, layout: RuntimeLayout, callbacks: number) {
    this.callbacks = callbacks
    this.module = module
    this.layout = layout
  }

  get counts(): [number, number, number] {
    return [this.count(0), this.count(1), this.count(2)]
  }

  count(generation: number): number {
    return this.word(this.layout.threshold + 16 * generation + 4)
  }

  threshold(generation: number): number {
    return this.word(this.layout.threshold + 16 * generation)
  }

  /** Will a collection run when the interpreter has looked at its eval breaker? */
  get isScheduled(): boolean {
    return (this.word(this.layout.evalBreaker) & GC_SCHEDULED) !== 0
  }

  get isIncremental(): boolean {
    return this.layout.heapSize !== 0
  }

  get hasCallbacks(): boolean {
    return this.word(this.callbacks + LIST_SIZE) > 0
  }

  get isCollecting(): boolean {
    return this.word(this.layout.collecting) !== 0
  }

  figures(generation: number): GenerationFigures {
    const { stats, ringEntries } = this.layout
    if (ringEntries[0] === 1) return this.figuresAt(stats + generation * 12)
    let at = stats
    for (let younger = 0; younger < generation; younger++) at += RING_ENTRY_BYTES * (ringEntries[younger] ?? 0) + 8
    let latest = this.figuresAt(at + 16)
    for (let entry = 1; entry < (ringEntries[generation] ?? 0); entry++) {
      const figures = this.figuresAt(at + RING_ENTRY_BYTES * entry + 16)
      if (figures.collections > latest.collections) latest = figures
    }
    return latest
  }

  /** What a log's header says of the collector. */
  start(): CollectorStart {
    const { threshold, permanent, longLived, heapSize } = this.layout
    const listed = (generation: number): number => this.lengthOf(threshold + 16 * generation - HEAD_BYTES)
    return {
      counts: this.counts,
      objects: [listed(0), listed(1), listed(2), this.lengthOf(permanent)],
      ...(longLived === 0 ? {} : { longLivedTotal: this.word(longLived), longLivedPending: this.word(longLived + 4) }),
      ...(heapSize === 0 ? {} : { heapSize: this.word(heapSize) }),
    }
  }

  /** Objects of a list that begins and ends at its head. */
  private lengthOf(head: number): number {
    let length = 0
    for (let at = this.word(head) & ~FLAG_BITS; at !== head && at !== 0; at = this.word(at) & ~FLAG_BITS) length++
    return length
  }

  private figuresAt(address: number): GenerationFigures {
    return { collections: this.word(address), collected: this.word(address + 4), uncollectable: this.word(address + 8) }
  }

  private word(address: number): number {
    return this.module.HEAP32[address >> 2] ?? 0
  }
}
