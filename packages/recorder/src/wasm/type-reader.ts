import { LAYOUTS, type Layout } from '@reheap/refcount'
import { textAt, type WasmModule } from './wasm-module.ts'

/** Offsets in a type of a 32-bit build. */
export const TYPE = { name: 12, basicSize: 16, itemSize: 20, flags: 84, traverse: 92, base: 128, dictOffset: 144, finalize: 196 } as const
export const FLAG = {
  inlineValues: 1 << 2,
  managedWeakref: 1 << 3,
  managedDict: 1 << 4,
  heapType: 1 << 9,
  gc: 1 << 14,
  string: 1 << 28,
} as const
const GC_HEADER_BYTES = 8
const MANAGED_HEADER_BYTES = 8

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

/** Reads what the recorder must know of types. */
export class TypeReader {
  /** `slot_tp_finalize`, which calls a `__del__`; 0: not known yet. */
  delFinalizer = 0
  private readonly module: WasmModule
  private readonly known: ReadonlyMap<number, Layout>

  constructor(module: WasmModule) {
    this.module = module
    this.known = knownTypes(module)
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

  private word(address: number): number {
    return this.module.HEAP32[address >> 2] ?? 0
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
    [module._PyListIter_Type, 'listIterator'],
    [module._PyTupleIter_Type, 'tupleIterator'],
    [module._PySlice_Type, 'slice'],
    [module._PyCMethod_Type, 'cMethod'],
  ])
