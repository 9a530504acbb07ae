import { grown, NO_ID } from '@reheap/kernel'
import { Containers, EMPTY, ENTRIES, ENTRY, FRAME, FRAMES, GENERIC, STACK } from './containers.ts'
import { fillEntry } from './entry-filling.ts'
import { KeyTable } from './key-table.ts'
import { RowTable } from './row-table.ts'
import { misshapen } from './snapshot-fault.ts'
import { ENTRY_KEY, FRAME_KEYS, KEY } from './snapshot-keys.ts'
import { TextTable } from './text-table.ts'
import { TraceEntries } from './trace-entries.ts'
import { BIG, DICT, INT, kindName, NONE, TEXT, ValueColumns } from './value-columns.ts'

/** Longest dict, keys and values, that is looked at for whether it is a frame or an entry after it was filled key by key. */
const RECORD_VALUES_MAX = 64

/** Makes frames, entries of traces and stacks of the dicts and lists of a pickle as they are filled; others stay generic. */
export class RecordBuilder {
  readonly containers = new Containers()
  readonly texts = new TextTable()
  readonly entries = new TraceEntries()
  /** Rows of (file, line, function): numbers of texts, and the line; {@link NO_ID} for a line that is none. */
  readonly frames = new RowTable()
  /** Rows of frames, innermost first. */
  readonly stacks = new RowTable()
  /** Begin and end of every list of entries. */
  readonly ranges: { from: number; to: number }[] = []
  readonly #keys = new KeyTable(this.texts)
  /** A row in the making. */
  #row = new Uint32Array(64)

  /** Puts pairs of keys and values into a dict. */
  fill(dict: number, values: ValueColumns, from: number, to: number, at: number): void {
    const { containers } = this
    const form = containers.form[dict]
    if (form === EMPTY || form === ENTRY) {
      const keys = this.#keysOf(values, from, to, at)
      if (form === ENTRY || (keys & ENTRY_KEY) !== 0) {
        this.#fillEntry(dict, values, from, to, at)
        return
      }
      if ((keys & FRAME_KEYS) === FRAME_KEYS) {
        this.#fillFrame(dict, values, from, to, at)
        return
      }
    } else if (form !== GENERIC) throw misshapen(`byte ${at}`, 'a frame that is filled once', 'one that is changed later')
    containers.append(dict, values, from, to, at)
  }

  /** Puts values behind those of a list. */
  extend(list: number, values: ValueColumns, from: number, to: number, at: number): void {
    if (from === to) return
    const { containers } = this
    const form = containers.form[list]
    const first = form === EMPTY ? this.#recordForm(values, from) : EMPTY
    if (form === STACK || form === FRAMES || (form === EMPTY && first === FRAME)) this.#extendStack(list, values, from, to, at)
    else if (form === ENTRIES || (form === EMPTY && first === ENTRY)) this.#extendEntries(list, values, from, to, at)
    else containers.append(list, values, from, to, at)
  }

  /** The form of a value that is a dict; one that was filled key by key becomes what it is by now. */
  #recordForm(values: ValueColumns, place: number): number {
    if (values.kind[place] !== DICT) return EMPTY
    const dict = values.num[place]
    const { form } = this.containers
    if (form[dict] !== GENERIC) return form[dict]
    const pairs = new ValueColumns(16)
    this.containers.forEach(dict, (kind, num) => pairs.push(kind, num), RECORD_VALUES_MAX + 1)
    if (pairs.length > RECORD_VALUES_MAX) return GENERIC
    const keys = this.#keysOf(pairs, 0, pairs.length, 0)
    if ((keys & ENTRY_KEY) !== 0) this.#fillEntry(dict, pairs, 0, pairs.length, 0)
    else if ((keys & FRAME_KEYS) === FRAME_KEYS) this.#fillFrame(dict, pairs, 0, pairs.length, 0)
    return form[dict]
  }

  /** The known ones among some keys, as a set. */
  #keysOf(values: ValueColumns, from: number, to: number, at: number): number {
    this.#keys.learn()
    let keys = 0
    for (let i = from; i < to; i += 2) {
      if (values.kind[i] !== TEXT) throw misshapen(`byte ${at}`, 'a text as the key of a dict', kindName(values.kind[i]))
      keys |= 1 << this.#keys.key[values.num[i]]
    }
    return keys
  }

  #fillFrame(dict: number, values: ValueColumns, from: number, to: number, at: number): void {
    const row = this.#row
    for (let i = from; i < to; i += 2) {
      const key = this.#keys.key[values.num[i]]
      const kind = values.kind[i + 1]
      const num = values.num[i + 1]
      if (key === KEY.line) row[1] = lineOf(kind, num, at)
      else if (key === KEY.filename || key === KEY.name) {
        if (kind !== TEXT)
          throw misshapen(`byte ${at}`, `a text as the ${key === KEY.name ? 'name' : 'filename'} of a frame`, kindName(kind))
        row[key === KEY.filename ? 0 : 2] = num
      }
    }
    this.containers.set(dict, FRAME, this.frames.intern(row, 3))
  }

  #fillEntry(dict: number, values: ValueColumns, from: number, to: number, at: number): void {
    const { containers, entries } = this
    if (containers.form[dict] !== ENTRY) containers.set(dict, ENTRY, entries.add())
    fillEntry(entries, containers.ref[dict], this.#keys, values, from, to, at)
  }

  /** A list that is filled once is a stack at once; one that is filled again is made one when it is asked for. */
  #extendStack(list: number, values: ValueColumns, from: number, to: number, at: number): void {
    const { containers, stacks } = this
    const { form, ref } = containers
    const { kind, num } = values
    this.#row = grown(this.#row, to - from)
    const row = this.#row
    for (let i = from; i < to; i++) {
      const dict = num[i]
      if (kind[i] !== DICT || (form[dict] !== FRAME && this.#recordForm(values, i) !== FRAME))
        throw misshapen(`byte ${at}`, 'a list of frames', `one with ${kindName(kind[i])} that is none`)
      row[i - from] = ref[dict]
    }
    if (containers.form[list] === EMPTY) {
      containers.set(list, STACK, stacks.intern(row, to - from))
      return
    }
    const frames = new ValueColumns(16)
    if (containers.form[list] === STACK)
      for (let place = 0; place < stacks.size(containers.ref[list]); place++) frames.push(INT, stacks.item(containers.ref[list], place))
    for (let i = 0; i < to - from; i++) frames.push(INT, row[i])
    containers.append(list, frames, 0, frames.length, at)
    containers.set(list, FRAMES, containers.ref[list])
  }

  /** The stack that a list is; {@link NO_ID}: it is none. To be asked when all is decoded. */
  stackOf(list: number): number {
    const { containers, stacks } = this
    if (list === NO_ID) return NO_ID
    if (containers.form[list] === STACK) return containers.ref[list]
    if (containers.form[list] !== FRAMES) return NO_ID
    const row: number[] = []
    containers.forEach(list, (_kind, frame) => row.push(frame))
    containers.set(list, STACK, stacks.intern(Uint32Array.from(row), row.length))
    return containers.ref[list]
  }

  #extendEntries(list: number, values: ValueColumns, from: number, to: number, at: number): void {
    const { containers, ranges } = this
    if (containers.form[list] === EMPTY) {
      const first = containers.ref[values.num[from]]
      containers.set(list, ENTRIES, ranges.length)
      ranges.push({ from: first, to: first })
    }
    const range = ranges[containers.ref[list]]
    for (let i = from; i < to; i++) {
      if (this.#recordForm(values, i) !== ENTRY)
        throw misshapen(`byte ${at}`, 'a list of trace entries', `one with ${kindName(values.kind[i])} that is none`)
      if (containers.ref[values.num[i]] !== range.to++)
        throw misshapen(`byte ${at}`, 'each trace entry once and in order', 'one that stands elsewhere too')
    }
  }
}

/** A line of a file; one that no file has (PyTorch writes 2^64 - 1 where it knows none) is 0. */
function lineOf(kind: number, num: number, at: number): number {
  if (kind !== INT && kind !== BIG && kind !== NONE) throw misshapen(`byte ${at}`, 'a whole number as the line of a frame', kindName(kind))
  return kind === INT && num >= 0 && num < NO_ID ? num : 0
}
