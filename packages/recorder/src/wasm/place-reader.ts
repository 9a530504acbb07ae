import type { ObjectReader } from './object-reader.ts'
import type { RuntimeLayout } from './runtime-layout.ts'
import { FLAG, LAYOUT, TYPE } from './type-reader.ts'
import type { WasmModule } from './wasm-module.ts'

/** Stand for keys that are no objects: addresses of objects are far above. */
export const KEY = { none: 0, dict: 1, class: 2 } as const
/** Where the managed dictionary stands before an object of a 32-bit build. */
const MANAGED_DICT = -12
/** In the values of attributes, which stand behind the object itself: are they the attributes still, and the first. @source `PyDictValues` */
const VALUES = { isValid: 3, first: 4 } as const
/** In the description of a member of a type. @source `PyMemberDef`, `_Py_T_OBJECT_EX` */
const MEMBER = { bytes: 20, kind: 4, offset: 8, isObject: 16 } as const
/** In the table of a dictionary whose keys are strings. @source `PyDictKeysObject`, `PyDictUnicodeEntry` */
const TABLE = { indexBytesLog2: 5, entries: 16, index: 20, entryBytes: 8 } as const
const OWNERS: readonly number[] = [LAYOUT.instance, LAYOUT.slots, LAYOUT.gcOther, LAYOUT.type, LAYOUT.module, LAYOUT.function]

/** Finds out as what an object holds each of those that it refers to: which attribute it is, which key of a dictionary. */
export class PlaceReader {
  /** Beside what was found: the address of the key, or one of {@link KEY}. Empty: nothing of it is called anything. */
  readonly keys: number[] = []
  private readonly module: WasmModule
  private readonly layout: RuntimeLayout
  private readonly reader: ObjectReader

  constructor(module: WasmModule, layout: RuntimeLayout, reader: ObjectReader) {
    this.module = module
    this.layout = layout
    this.reader = reader
  }

  /** Asks for what the reader has just found in an object. @param isNamed are the keys of this dictionary to be told? */
  look(object: number, layout: number, isNamed: boolean): void {
    this.keys.length = 0
    if (layout === LAYOUT.dict) this.lookIntoDict(object, isNamed)
    else if (OWNERS.includes(layout)) this.lookIntoOwner(object)
  }

  /** The dictionary of an object's attributes; 0: there is none, or none yet. */
  dictOf(object: number, layout: number): number {
    if (!OWNERS.includes(layout)) return 0
    const type = this.reader.typeOf(object)
    if ((this.word(type + TYPE.flags) & FLAG.managedDict) !== 0) return this.word(object + MANAGED_DICT)
    const offset = this.word(type + TYPE.dictOffset)
    return offset > 0 ? this.word(object + offset) : 0
  }

  private word(address: number): number {
    return this.reader.word(address)
  }

  private lookIntoDict(dict: number, isNamed: boolean): void {
    const { found } = this.reader
    const values = this.word(dict + this.layout.dictValues)
    // It shares its keys with other instances' dictionaries.
    if (values !== 0) this.takeValues(this.word(dict + this.layout.dictKeys), values, 0)
    else if (isNamed) for (let at = 0; at < found.length; at += 2) this.keys.push(KEY.none, found[at] ?? 0)
  }

  /** In the order in which an object's own are gone through. @source `subtype_traverse` */
  private lookIntoOwner(object: number): void {
    const { reader, module } = this
    for (let at = 0; at < reader.found.length; at++) this.keys.push(KEY.none)
    const type = reader.typeOf(object)
    const traverse = this.word(type + TYPE.traverse)
    let at = 0
    for (let base = type; base !== 0 && this.word(base + TYPE.traverse) === traverse; base = this.word(base + TYPE.base))
      at = this.takeMembers(object, base, at)
    const values = object + this.word(type + TYPE.basicSize)
    if ((this.word(type + TYPE.flags) & FLAG.inlineValues) !== 0 && module.HEAPU8[values + VALUES.isValid] === 1)
      at = this.takeValues(this.word(type + this.layout.typeKeys), values, at)
    this.take(this.dictOf(object, LAYOUT.instance), KEY.dict, at)
    this.take(type, KEY.class, at)
  }

  /** What `__slots__` of a class names. @source `traverse_slots` */
  private takeMembers(object: number, type: number, from: number): number {
    const count = this.reader.itemsOf(type)
    const names = this.word(type + this.layout.typeSlots)
    if (count === 0 || (this.word(type + TYPE.flags) & FLAG.heapType) === 0 || names === 0) return from
    let member = type + this.word(this.reader.typeOf(type) + TYPE.basicSize)
    let at = from
    for (let place = 0; place < count; place++, member += MEMBER.bytes) {
      if (this.word(member + MEMBER.kind) !== MEMBER.isObject) continue
      at = this.takeNext(this.word(object + this.word(member + MEMBER.offset)), names + this.layout.tupleItems + 4 * place, at)
    }
    return at
  }

  /** Attributes whose keys stand in a table that others share. */
  private takeValues(table: number, values: number, from: number): number {
    const entries = this.word(table + TABLE.entries)
    let key = table + TABLE.index + (1 << (this.module.HEAPU8[table + TABLE.indexBytesLog2] ?? 0))
    let at = from
    for (let entry = 0; entry < entries; entry++, key += TABLE.entryBytes)
      at = this.takeNext(this.word(values + VALUES.first + 4 * entry), key, at)
    return at
  }

  /** An empty place is passed over. @param key where its key stands */
  private takeNext(value: number, key: number, at: number): number {
    if (value === 0 || this.reader.found[at] !== value) return at
    this.keys[at] = this.word(key)
    return at + 1
  }

  private take(value: number, key: number, from: number): void {
    const at = value === 0 ? -1 : this.reader.found.indexOf(value, from)
    if (at >= 0) this.keys[at] = key
  }
}
