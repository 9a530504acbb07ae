import { REQUEST_OPCODES } from '@reheap/cycle-gc'
import { ANY_LAYER_OPCODES, NO_ID, NOT_GIVEN } from '@reheap/kernel'
import type { CollectorFigures } from './collector-figures.ts'
import type { CollectorWatch } from './collector-watch.ts'
import type { EventWriter } from './event-writer.ts'
import type { FrameStack } from './frame-stack.ts'
import { hookFunction } from './function-hooks.ts'
import type { ObjectBook } from './object-book.ts'
import type { RuntimeLayout } from './runtime-layout.ts'
import type { ScriptRecorder } from './script-recorder.ts'
import type { PreparedScript, ScriptCode } from './script-setup.ts'
import type { Settling } from './settling.ts'
import type { WasmModule } from './wasm-module.ts'

export interface HookParts {
  readonly module: WasmModule
  readonly layout: RuntimeLayout
  readonly script: PreparedScript
  readonly codes: ReadonlyMap<number, ScriptCode>
  readonly figures: CollectorFigures
  readonly writer: EventWriter
  readonly book: ObjectBook
  readonly settling: Settling
  readonly frames: FrameStack
  readonly watch: CollectorWatch
  readonly guard: (call: (recorder: ScriptRecorder) => void) => void
}

const FULL = 2
const SAVE_ALL = 32

/** Listens to the functions of the modules `gc` and `sys` that the collector's state and the counts are asked and set by. */
export class CollectorHooks {
  private readonly parts: HookParts

  constructor(parts: HookParts) {
    this.parts = parts
  }

  install(): void {
    const { figures } = this.parts
    this.hookCollect()
    this.after('enable', () => this.write(REQUEST_OPCODES.EnableCollector))
    this.after('disable', () => this.write(REQUEST_OPCODES.DisableCollector))
    this.after('freeze', () => this.write(REQUEST_OPCODES.FreezeObjects))
    this.after('unfreeze', () => this.write(REQUEST_OPCODES.UnfreezeObjects))
    this.after('set_threshold', () => {
      const [first, second, third] = [figures.threshold(0), figures.threshold(1), figures.threshold(2)]
      this.parts.writer.push(REQUEST_OPCODES.SetThresholds, 0, first, second, third, NOT_GIVEN)
    })
    this.after('set_debug', (args) => {
      const flags = this.parts.module._PyLong_AsLong(args[1] ?? 0)
      this.parts.writer.push(REQUEST_OPCODES.SetSaveAll, (flags & SAVE_ALL) === 0 ? 0 : 1, 0, NO_ID, NOT_GIVEN, NOT_GIVEN)
    })
    this.hookRefcount()
  }

  private hookCollect(): void {
    const { guard, watch, figures } = this.parts
    this.hook('collect', (original, args) => {
      const isNested = figures.isCollecting
      if (!isNested) guard(() => watch.requested(this.generationOf(args)))
      const result = original(...args)
      if (!isNested) guard(() => watch.answered())
      return result
    })
  }

  /** `gc.collect(generation=2)`: the values, then their number without the named ones, then the tuple of names. */
  private generationOf(args: readonly number[]): number {
    const { module } = this.parts
    const [, values = 0, count = 0, names = 0] = args
    if (count === 0 && names === 0) return FULL
    const value = module.HEAP32[values >> 2] ?? 0
    const isInteger = module.HEAP32[(value + 4) >> 2] === module._PyLong_Type
    return isInteger ? module._PyLong_AsLong(value) : FULL
  }

  private hookRefcount(): void {
    const { guard } = this.parts
    this.hook('getrefcount', (original, args) => {
      guard(() => this.observeCount(args[1] ?? 0))
      return original(...args)
    })
  }

  /** The count as the function is about to return it; the log holds it without the reference that the call itself may have. */
  private observeCount(object: number): void {
    const { book, settling, writer, watch, figures, frames } = this.parts
    const row = book.table.rowAt.get(object)
    if (row === 0 || watch.isRunning || figures.isCollecting) return
    const count = this.parts.module.HEAP32[object >> 2] ?? 0
    const isBorrowed = frames.isBorrowed(frames.current, object)
    // A new object that nothing but the call holds.
    const isTemporary = !isBorrowed && count === 1
    settling.settleTouched()
    settling.settle(row, isBorrowed || isTemporary ? 0 : 1)
    const argument = isTemporary ? {} : { argument: isBorrowed || this.isLocal() ? 'local' : 'held' }
    const values = { object: book.table.id[row] ?? 0, count, ...argument }
    writer.pushDetail(ANY_LAYER_OPCODES.Observe, 0, 0, JSON.stringify({ of: 'refcount', values }))
  }

  /** Up to 3.13 a local variable's reference is counted like any other: it is the code that tells. */
  private isLocal(): boolean {
    const { frames, layout, codes } = this.parts
    if (layout.minor > 13) return false
    const code = codes.get(frames.codeOf(frames.current))
    return code?.localCalls.includes(frames.instructionOf(frames.current)) ?? false
  }

  private after(name: string, write: (args: readonly number[]) => void): void {
    this.hook(name, (original, args) => {
      const result = original(...args)
      this.parts.guard(() => {
        if (result !== 0) write(args)
      })
      return result
    })
  }

  private write(code: number): void {
    this.parts.writer.push(code, 0, 0, NO_ID, NOT_GIVEN, NOT_GIVEN)
  }

  private hook(name: string, around: Parameters<typeof hookFunction>[2]): void {
    const builtin = this.parts.script.functions[name]
    if (builtin !== undefined) hookFunction(this.parts.module, builtin, around)
  }
}
