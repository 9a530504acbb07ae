import type { RuntimeLayout } from './runtime-layout.ts'
import { FLAG, LAYOUT, TYPE } from './type-reader.ts'
import { textAt, type WasmModule } from './wasm-module.ts'

/** In a weak reference of a 32-bit build. */
const WEAK = { object: 8, callback: 12 } as const
/** Counts from here on are those of immortal objects. */
const IMMORTAL_COUNT_MIN = 1 << 28
const GC_HEADER_BYTES = 8
/** In the tag of a whole number: it is below 0. */
const NEGATIVE = 2
/** In a generator of a 32-bit build, behind its names, the exception that it handles, its hooks and three flags. */
const GENERATOR_STATE = 35
/** Bits of the second word of the collector's header. */
const FINALIZED = 1
const COLLECTING = 2

/** Reads objects out of the interpreter's memory, without taking a reference and without running any Python code. */
export class ObjectReader {
  /** What {@link look} found: addresses, 0 for an empty place. */
  readonly found: number[] = []
  private readonly module: WasmModule
  private readonly layout: RuntimeLayout
  private readonly visitFunction: number
  private readonly generatorTypes: ReadonlySet<number>
  private readonly pausedStates = new Set<number>()
  private readonly traversals = new Map<number, (...args: number[]) => number>()

  constructor(module: WasmModule, layout: RuntimeLayout) {
    this.module = module
    this.layout = layout
    this.generatorTypes = new Set([module._PyGen_Type, module._PyCoro_Type])
    this.visitFunction = module.addFunction((object = 0) => {
      this.found.push(object)
      return 0
    }, 'iii')
  }

  word(address: number): number {
    return this.module.HEAP32[address >> 2] ?? 0
  }

  typeOf(object: number): number {
    return this.word(object + 4)
  }

  isImmortalCount(count: number): boolean {
    return count >>> 0 >= IMMORTAL_COUNT_MIN
  }

  /** Has its finalizer run already? Only objects of the collector remember. */
  isFinalized(object: number): boolean {
    return (this.word(object - 4) & FINALIZED) !== 0
  }

  /** Is it a generator or coroutine whose call has not ended? At its own end that is closed, which may run what it has left to do. */
  isPaused(object: number): boolean {
    return this.generatorTypes.has(this.typeOf(object)) && this.pausedStates.has(this.stateOf(object))
  }

  /** Takes the states of such generators for those of all others. */
  learnPaused(generators: readonly number[]): void {
    for (const generator of generators) this.pausedStates.add(this.stateOf(generator))
  }

  private stateOf(generator: number): number {
    return this.module.HEAPU8[generator + GENERATOR_STATE] ?? 0
  }

  /** While a collection runs: was it found unreachable? */
  isBeingCollected(object: number): boolean {
    return (this.word(object - 4) & COLLECTING) !== 0
  }

  /** Has it a header of the collector? Types that are not on the heap have none. @source `_PyObject_IS_GC`, `type_is_gc` */
  isGc(object: number): boolean {
    const flags = this.word(this.typeOf(object) + TYPE.flags)
    if ((flags & FLAG.gc) === 0) return false
    // Bit 31: it is a type itself.
    return flags >= 0 || (this.word(object + TYPE.flags) & FLAG.heapType) !== 0
  }

  isTracked(object: number): boolean {
    return this.word(object - GC_HEADER_BYTES) !== 0
  }

  /** Items of a tuple that takes so many bytes: while it is being made it does not say it yet. */
  tupleItemsIn(bytes: number): number {
    return (bytes - this.layout.tupleItems) / 4
  }

  /** Items of an object whose size varies. */
  itemsOf(object: number): number {
    return this.word(object + 8)
  }

  /** Size with all headers: what the type asks for, if the block itself is not known. */
  bytesOf(object: number, type: number, headerBytes: number): number {
    const itemBytes = this.word(type + TYPE.itemSize)
    return headerBytes + this.word(type + TYPE.basicSize) + (itemBytes === 0 ? 0 : itemBytes * Math.abs(this.itemsOf(object)))
  }

  /** Where the memory lies that the object holds beside its own; 0: nowhere. */
  besideAt(object: number, layout: number): number {
    if (layout === LAYOUT.list) return this.word(object + this.layout.listItems)
    if (layout === LAYOUT.dict) return this.word(object + this.layout.dictKeys)
    return layout === LAYOUT.set ? this.word(object + this.layout.setTable) : 0
  }

  /** Puts into `found` what the object refers to, in the order of its slots; false: it cannot be asked now. */
  look(object: number, layout: number): boolean {
    this.found.length = 0
    if (layout === LAYOUT.list) return this.take(this.word(object + this.layout.listItems), this.itemsOf(object), 4)
    if (layout === LAYOUT.tuple) return this.take(object + this.layout.tupleItems, this.itemsOf(object), 4)
    if (layout === LAYOUT.set) return this.take(this.word(object + this.layout.setTable), this.word(object + this.layout.setMask) + 1, 8)
    if (layout === LAYOUT.dict && this.word(object + this.layout.dictValues) === 0)
      return this.lookIntoKeys(this.word(object + this.layout.dictKeys))
    // Its function is let go of when it is called: nothing else of a weak reference may stand in the log, or it would go too.
    if (layout === LAYOUT.weakref) return this.found.push(this.callbackOf(object)) > 0
    return this.traverse(object, layout)
  }

  /** The object that a weak reference refers to; `None` where it is dead. */
  weakObjectOf(weak: number): number {
    return this.word(weak + WEAK.object)
  }

  /** The function of a weak reference; 0: none. */
  callbackOf(weak: number): number {
    return this.word(weak + WEAK.callback)
  }

  /** Keys and values of a dictionary in `found`, each key before its value. */
  lookIntoDict(dict: number): void {
    this.found.length = 0
    this.lookIntoKeys(this.word(dict + this.layout.dictKeys))
  }

  text(object: number): string {
    return textAt(this.module, this.module._PyUnicode_AsUTF8(object))
  }

  /** Is it a whole number from 0 to 2^30 - 1? Its tag says how many digits, and in the lowest bits whether it is negative. */
  isSmallNumber(object: number): boolean {
    const tag = this.word(object + 8)
    return this.typeOf(object) === this.module._PyLong_Type && tag >>> 3 < 2 && (tag & NEGATIVE) === 0
  }

  /** A whole number from 0 to 2^30 - 1: its only digit stands behind its tag. */
  smallNumber(integer: number): number {
    return this.word(integer + 8) >>> 3 === 0 ? 0 : this.word(integer + 12)
  }

  private take(address: number, items: number, step: number): boolean {
    const { found } = this
    const heap = this.module.HEAP32
    for (let item = 0, at = address >> 2; item < items; item++, at += step >> 2) found.push(heap[at] ?? 0)
    return true
  }

  /** The table of a dictionary: {references, sizes as powers of two and kind, version, usable, entries}, an index, entries. */
  private lookIntoKeys(keys: number): boolean {
    const { found } = this
    const heap = this.module.HEAP32
    const sizes = heap[(keys >> 2) + 1] ?? 0
    const hasHashes = ((sizes >> 16) & 0xff) === 0
    const entries = heap[(keys >> 2) + 4] ?? 0
    const step = hasHashes ? 3 : 2
    let at = (keys + 20 + (1 << ((sizes >> 8) & 0xff))) >> 2
    if (hasHashes) at++
    for (let entry = 0; entry < entries; entry++, at += step) {
      const value = heap[at + 1] ?? 0
      if (value !== 0) found.push(heap[at] ?? 0, value)
    }
    return true
  }

  private traverse(object: number, layout: number): boolean {
    const traverse = this.word(this.typeOf(object) + TYPE.traverse)
    // An object that is not tracked may still be under construction; a dictionary is whole from the start.
    if (traverse === 0 || (layout !== LAYOUT.dict && !this.isTracked(object))) return false
    let call = this.traversals.get(traverse)
    if (call === undefined) {
      call = this.module.wasmTable.get(traverse)
      this.traversals.set(traverse, call)
    }
    call(object, this.visitFunction, 0)
    return true
  }
}
