import type { RuntimeLayout } from './runtime-layout.ts'
import type { WasmModule } from './wasm-module.ts'

export interface GenerationFigures {
  readonly collections: number
  readonly collected: number
  readonly uncollectable: number
}

const RING_ENTRY_BYTES = 48

/** The collector's counts and figures, read from the interpreter's memory: asking Python for them would change them. */
export class CollectorFigures {
  private readonly module: WasmModule
  private readonly layout: RuntimeLayout

  constructor(module: WasmModule, layout: RuntimeLayout) {
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

  private figuresAt(address: number): GenerationFigures {
    return { collections: this.word(address), collected: this.word(address + 4), uncollectable: this.word(address + 8) }
  }

  private word(address: number): number {
    return this.module.HEAP32[address >> 2] ?? 0
  }
}
