import { LAYOUTS, type Layout } from '@reheap/refcount'
import type { RuntimeLayout } from './runtime-layout.ts'
import { textAt, type WasmModule } from './wasm-module.ts'

/** Offsets in a type of a 32-bit build. */
const TYPE = { name: 12, basicSize: 16, itemSize: 20, flags: 84, traverse: 92, base: 128, dictOffset: 144, finalize: 196 } as const
const FLAG = { managedWeakref: 1 << 3, managedDict: 1 << 4, heapType: 1 << 9, gc: 1 << 14 } as const
/** In a weak reference of a 32-bit build. */
const WEAK = { object: 8, callback: 12 } as const
/** Counts from here on are those of immortal objects. */
const IMMORTAL_COUNT_MIN = 1 << 28
const GC_HEADER_BYTES = 8
const MANAGED_HEADER_BYTES = 8
/** Bits of the second word of the collector's header. */
const FINALIZED = 1
const COLLECTING = 2

/** The numbers of the layouts that this package tells apart. */
export const LAYOUT = Object.fromEntries(LAYOUTS.map((name, index) => [name, index])) as Record<Layout, number>

/** What the recorder must know of a type. */
export interface TypeFacts {
  readonly name: string
  readonly layout: number
  readonly isGc: boolean
  readonly isTuple: boolean
  /** Bytes before the object that belong to its block. */
  readonly headerBytes: number
  /** The object's C code has no finalizer but Python's `__del__`. */
  readonly hasDel: boolean
}

/** Reads objects out of the interpreter's memory, without taking a reference and without running any Python code. */
export class ObjectReader {
  /** What {@link look} found: addresses, 0 for an empty place. */
  readonly found: number[] = []
  private readonly module: WasmModule
  private readonly layout: RuntimeLayout
  private readonly known: ReadonlyMap<number, Layout>
  private readonly visitFunction: number
  private readonly traversals = new Map<number, (...args: number[]) => number>()
  /** `slot_tp_finalize`, which calls a `__del__`; 0: not known yet. */
  delFinalizer = 0

  constructor(module: WasmModule, layout: RuntimeLayout) {
    this.module = module
    this.layout = layout
    this.known = knownTypes(module)
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

  /** While a collection runs: was it found unreachable? */
  isBeingCollected(object: number): boolean {
    return (this.word(object - 4) & COLLECTING) !== 0
  }

  /** Has it a header of the collector? */
  isGc(object: number): boolean {
    return (this.word(this.typeOf(object) + TYPE.flags) & FLAG.gc) !== 0
  }

  isTracked(object: number): boolean {
    return this.word(object - GC_HEADER_BYTES) !== 0
  }

  finalizerOf(type: number): number {
    return this.word(type + TYPE.finalize)
  }

  typeFacts(type: number): TypeFacts {
    const flags = this.word(type + TYPE.flags)
    const isGc = (flags & FLAG.gc) !== 0
    const layout = this.layoutOf(type, flags)
    const isManaged = (flags & (FLAG.managedDict | FLAG.managedWeakref)) !== 0
    return {
      name: textAt(this.module, this.word(type + TYPE.name)),
      layout: LAYOUT[layout],
      isGc,
      isTuple: layout === 'tuple',
      headerBytes: (isGc ? GC_HEADER_BYTES : 0) + (isManaged ? MANAGED_HEADER_BYTES : 0),
      hasDel: this.delFinalizer !== 0 && this.finalizerOf(type) === this.delFinalizer,
    }
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

  private layoutOf(type: number, flags: number): Layout {
    const known = this.known.get(type)
    if (known !== undefined) return known
    // Bit 31: the instances of this type are types.
    if (flags < 0) return 'type'
    if ((flags & FLAG.gc) === 0) return 'plain'
    if ((flags & FLAG.heapType) === 0) return 'gcOther'
    for (let base = type; base !== 0; base = this.word(base + TYPE.base)) if (base === this.module.__PyWeakref_RefType) return 'weakref'
    if ((flags & FLAG.managedDict) !== 0) return 'instance'
    return this.word(type + TYPE.dictOffset) !== 0 ? 'gcOther' : 'slots'
  }
}

const knownTypes = (module: WasmModule): Map<number, Layout> =>
  new Map<number, Layout>([
    [module._PyFloat_Type, 'float'],
    [module._PyList_Type, 'list'],
    [module._PyTuple_Type, 'tuple'],
    [module._PyDict_Type, 'dict'],
    [module._PySet_Type, 'set'],
    [module._PyFrozenSet_Type, 'set'],
    [module.__PyWeakref_RefType, 'weakref'],
    [module._PyFunction_Type, 'function'],
    [module._PyMethod_Type, 'method'],
    [module._PyCFunction_Type, 'builtinMethod'],
    [module._PyFrame_Type, 'frame'],
    [module._PyCell_Type, 'cell'],
    [module._PyGen_Type, 'generator'],
    [module._PyModule_Type, 'module'],
  ])
