import type { RuntimeLayout } from './runtime-layout.ts'
import type { ScriptCode } from './script-setup.ts'
import type { WasmModule } from './wasm-module.ts'

const OWNED_BY_GENERATOR = 1
/** Low bits of a stack reference: 1 says that it does not count. */
const TAG_BITS = 3

/** A call of one of the script's functions. */
export interface ScriptFrame {
  readonly scope: number
  readonly address: number
  readonly code: ScriptCode
}

/** The script's own calls that are running, outermost first, read from the thread's memory. */
export class FrameStack {
  readonly frames: ScriptFrame[] = []
  private readonly module: WasmModule
  private readonly layout: RuntimeLayout
  private readonly codes: ReadonlyMap<number, ScriptCode>
  private scopesMade = 1

  constructor(module: WasmModule, layout: RuntimeLayout, codes: readonly ScriptCode[]) {
    this.module = module
    this.layout = layout
    this.codes = new Map(codes.map((code) => [code.address, code]))
  }

  /** The call that just began; null where it has no scope of its own: the module's, a class body's, a generator's. */
  enter(code: number): ScriptFrame | null {
    const known = this.codes.get(code)
    if (known === undefined || !known.isFunction || known.isGenerator) return null
    const frame = { scope: this.scopesMade++, address: this.current(), code: known }
    this.frames.push(frame)
    return frame
  }

  /** Takes off what is not running any more: calls that an exception ended. */
  ended(): ScriptFrame[] {
    const running = new Set<number>()
    for (let frame = this.current(); frame !== 0; frame = this.word(frame + this.layout.previousFrame)) running.add(frame)
    const ended: ScriptFrame[] = []
    for (let last = this.frames.at(-1); last !== undefined && !running.has(last.address); last = this.frames.at(-1)) {
      ended.push(last)
      this.frames.pop()
    }
    return ended
  }

  /** The call that is about to return. */
  leave(code: number): ScriptFrame | null {
    const last = this.frames.at(-1)
    if (last === undefined || last.code.address !== code || last.address !== this.current()) return null
    this.frames.pop()
    return last
  }

  /** Address of each local variable's object that the frame holds a counted reference to. */
  forEachLocal(frame: ScriptFrame, visit: (name: string, object: number) => void): void {
    if ((this.module.HEAPU8[frame.address + this.layout.frameOwner] ?? 0) === OWNED_BY_GENERATOR) return
    frame.code.locals.forEach((name, index) => {
      const reference = this.word(frame.address + this.layout.frameLocals + 4 * index)
      if (reference !== 0 && (reference & TAG_BITS) === 0) visit(name, reference)
    })
  }

  private current(): number {
    return this.word(this.module._PyThreadState_Get() + this.layout.currentFrame)
  }

  private word(address: number): number {
    return this.module.HEAP32[address >> 2] ?? 0
  }
}
