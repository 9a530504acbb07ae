import type { ObjectLayout } from './object-event.ts'
import { textAt, type WasmModule } from './wasm-module.ts'

/** Offsets in a type of a 32-bit build. */
const TYPE = { name: 12, basicSize: 16, itemSize: 20, flags: 84, traverse: 92, dictOffset: 144 } as const
const FLAG = { managedDict: 1 << 4, heapType: 1 << 9, gc: 1 << 14 } as const
/** Counts from here on are those of immortal objects. */
const IMMORTAL_COUNT_MIN = 1 << 28
const GC_HEADER_BYTES = 8

/** Reads objects out of the interpreter's memory, without taking a reference and without running any Python code. */
export class ObjectReader {
  private readonly module: WasmModule
  private readonly layouts: ReadonlyMap<number, ObjectLayout>
  private readonly visitFunction: number
  private visited: number[] = []
  private readonly scratch: number

  constructor(module: WasmModule) {
    this.module = module
    this.layouts = new Map<number, ObjectLayout>([
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
    this.visitFunction = module.addFunction((object = 0) => {
      this.visited.push(object)
      return 0
    }, 'iii')
    this.scratch = module._PyMem_RawMalloc(12)
  }

  word(address: number): number {
    return this.module.HEAP32[address >> 2] ?? 0
  }

  typeOf(object: number): number {
    return this.word(object + 4)
  }

  /** Exact count; null: immortal. */
  countOf(object: number): number | null {
    const count = this.word(object) >>> 0
    return count >= IMMORTAL_COUNT_MIN ? null : count
  }

  typeName(type: number): string {
    return textAt(this.module, this.word(type + TYPE.name))
  }

  layoutOf(type: number): ObjectLayout {
    const known = this.layouts.get(type)
    if (known !== undefined) return known
    const flags = this.word(type + TYPE.flags)
    // Bit 31: the instances of this type are types.
    if (flags < 0) return 'type'
    if ((flags & FLAG.gc) === 0) return 'plain'
    if ((flags & FLAG.heapType) === 0) return 'gcOther'
    return (flags & FLAG.managedDict) !== 0 || this.word(type + TYPE.dictOffset) !== 0 ? 'instance' : 'slots'
  }

  /** Size with the collector's header: what the type asks for, if the block itself is not known. */
  bytesOf(object: number, type: number): number {
    const items = this.word(type + TYPE.itemSize)
    const header = (this.word(type + TYPE.flags) & FLAG.gc) !== 0 ? GC_HEADER_BYTES : 0
    const own = this.word(type + TYPE.basicSize) + (items === 0 ? 0 : items * Math.abs(this.word(object + 8)))
    return header + own
  }

  /** What an object refers to, in the order of its slots; null: the collector does not track it now, so it cannot be asked. */
  referencesOf(object: number, layout: ObjectLayout): readonly number[] | null {
    this.visited = []
    const type = this.typeOf(object)
    const traverse = this.word(type + TYPE.traverse)
    // An object that is not tracked may still be under construction; a dictionary is whole from the start.
    if (traverse === 0 || (layout !== 'dict' && this.module._PyObject_GC_IsTracked(object) === 0)) return null
    this.module.wasmTable.get(traverse)(object, this.visitFunction, 0)
    // Lists and tuples are visited from the last item to the first.
    return layout === 'list' || layout === 'tuple' ? this.visited.reverse() : this.visited
  }

  /** Hands over each key and value of a dictionary, without taking a reference. */
  forEachItem(dict: number, visit: (key: number, value: number) => void): void {
    const { scratch } = this
    this.module.HEAP32[scratch >> 2] = 0
    while (this.module._PyDict_Next(dict, scratch, scratch + 4, scratch + 8) !== 0) {
      visit(this.word(scratch + 4), this.word(scratch + 8))
    }
  }

  numberOf(integer: number): number {
    return this.module._PyLong_AsLong(integer)
  }

  text(object: number): string {
    return textAt(this.module, this.module._PyUnicode_AsUTF8(object))
  }
}
