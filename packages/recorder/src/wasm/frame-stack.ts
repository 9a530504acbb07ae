import type { RuntimeLayout } from './runtime-layout.ts'
import type { WasmModule } from './wasm-module.ts'

const OWNED_BY_GENERATOR = 1
/** Low bits of a stack reference: others than 0 say that it does not count. */
const TAG_BITS = 3
const CODE_FIELD = 0
const OBJECT_FIELD = 24
const INSTRUCTION_FIELD = 28
const STACK_POINTER_FIELD = 32
const BASIC_SIZE = 16
/** Where the argument of a call that runs may stand, by distance from the top of the frame's stack. */
const ARGUMENT_AT = [-4, 0, -8, 4, -12]

/** Reads the frames of the running thread. */
export class FrameStack {
  private readonly module: WasmModule
  private readonly layout: RuntimeLayout

  constructor(module: WasmModule, layout: RuntimeLayout) {
    this.module = module
    this.layout = layout
  }

  get current(): number {
    return this.word(this.layout.currentFrame)
  }

  /** The frame that called it; 0: none. */
  previous(frame: number): number {
    return this.word(frame + this.layout.previousFrame)
  }

  /** Address of the code that runs in it. */
  codeOf(frame: number): number {
    return this.word(frame + CODE_FIELD) & ~TAG_BITS
  }

  isGenerators(frame: number): boolean {
    return this.module.HEAPU8[frame + this.layout.frameOwner] === OWNED_BY_GENERATOR
  }

  /** Does anything but the running call hold the frame as an object, a traceback for instance? It takes the local variables when the call ends. */
  isKept(frame: number): boolean {
    const object = this.word(frame + OBJECT_FIELD)
    return object !== 0 && this.word(object) > 1
  }

  /** Address of the object that a local variable holds a counted reference to; 0: none. */
  localOf(frame: number, index: number): number {
    const reference = this.word(frame + this.layout.frameLocals + 4 * index)
    return (reference & TAG_BITS) === 0 ? reference : 0
  }

  /** Offset of the instruction that runs. */
  instructionOf(frame: number): number {
    return this.word(frame + INSTRUCTION_FIELD) - this.codeOf(frame) - this.word(this.module._PyCode_Type + BASIC_SIZE)
  }

  /** From 3.14 on the stack may hold an object without counting it. */
  isBorrowed(frame: number, object: number): boolean {
    if (this.layout.minor < 14) return false
    const top = this.word(frame + STACK_POINTER_FIELD)
    for (const distance of ARGUMENT_AT) {
      const reference = this.word(top + distance)
      if ((reference & ~TAG_BITS) === object) return (reference & TAG_BITS) !== 0
    }
    return false
  }

  private word(address: number): number {
    return this.module.HEAP32[address >> 2] ?? 0
  }
}
