import { NOT_GIVEN } from '@reheap/kernel'
import { quoted, stringAt } from './key-text.ts'
import type { NameBook } from './name-book.ts'
import type { ObjectReader } from './object-reader.ts'
import type { ObjectTable } from './object-table.ts'
import { KEY } from './place-reader.ts'
import { FLAG, TYPE } from './type-reader.ts'
import type { WasmModule } from './wasm-module.ts'

/** Keys whose names are kept at hand. */
const KNOWN_MAX = 1 << 16

interface KnownKey {
  readonly name: number
  /** The object that the key is; -1: one from before the script. */
  readonly object: number
}

/** Numbers of the names of attributes and keys. */
export class PlaceNames {
  private readonly module: WasmModule
  private readonly names: NameBook
  private readonly reader: ObjectReader
  private readonly table: ObjectTable
  /** By the key's address. */
  private readonly attributes = new Map<number, KnownKey>()
  private readonly keys = new Map<number, KnownKey>()

  constructor(module: WasmModule, names: NameBook, reader: ObjectReader, table: ObjectTable) {
    this.module = module
    this.names = names
    this.reader = reader
    this.table = table
  }

  /** The name of an attribute, or of a dictionary's key as Python writes it; {@link NOT_GIVEN}: it is called nothing. */
  nameOf(key: number, isOfDict: boolean): number {
    if (key === KEY.none) return NOT_GIVEN
    if (key === KEY.dict) return this.names.numberOf('__dict__')
    if (key === KEY.class) return this.names.numberOf('__class__')
    const known = isOfDict ? this.keys : this.attributes
    const row = this.table.rowAt.get(key)
    const object = row === 0 ? -1 : (this.table.id[row] ?? 0)
    const before = known.get(key)
    if (before?.object === object) return before.name
    const text = isOfDict ? this.writtenKey(key) : this.stringOf(key)
    if (text === null) return NOT_GIVEN
    const name = this.names.numberOf(text)
    if (known.size >= KNOWN_MAX) known.clear()
    known.set(key, { name, object })
    return name
  }

  /** As Python writes it; null: it is neither a string nor a small whole number. */
  private writtenKey(key: number): string | null {
    const text = this.stringOf(key)
    if (text !== null) return quoted(text)
    return this.reader.isSmallNumber(key) ? String(this.reader.smallNumber(key)) : null
  }

  /** Null: it is no string. */
  private stringOf(key: number): string | null {
    const isString = (this.reader.word(this.reader.typeOf(key) + TYPE.flags) & FLAG.string) !== 0
    return isString ? stringAt(this.module, key) : null
  }
}
