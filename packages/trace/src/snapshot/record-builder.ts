import { grown, NO_ID } from '@reheap/kernel'
import { Containers, EMPTY, ENTRIES, ENTRY, FRAME, GENERIC, STACK } from './containers.ts'
import { RowTable } from './row-table.ts'
import { misshapen } from './snapshot-fault.ts'
import { ACTIONS, ENTRY_KEY, FRAME_KEYS, KEY, KEY_CODES, UNKNOWN } from './snapshot-keys.ts'
import { TextTable } from './text-table.ts'
import { TraceEntries } from './trace-entries.ts'
import { BIG, DICT, INT, kindName, LIST, NONE, TEXT, TUPLE, ValueColumns } from './value-columns.ts'

const ACTION_CODES: ReadonlyMap<string, number> = new Map(ACTIONS.map((action, code) => [action, code]))

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
  /** The code of every text that is a key; 0: it is none. */
  #keyOfText = new Uint8Array(256)
  #actionOfText = new Uint8Array(256)
  #textsKnown = 0
  readonly #scratch: number[] = []

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
    const first = this.#recordForm(values, from)
    if (form === STACK || (form === EMPTY && first === FRAME)) this.#extendStack(list, values, from, to, at)
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
    this.containers.forEach(dict, (kind, num) => pairs.push(kind, num))
    const keys = this.#keysOf(pairs, 0, pairs.length, 0)
    if ((keys & ENTRY_KEY) !== 0) this.#fillEntry(dict, pairs, 0, pairs.length, 0)
    else if ((keys & FRAME_KEYS) === FRAME_KEYS) this.#fillFrame(dict, pairs, 0, pairs.length, 0)
    return form[dict]
  }

  /** The known ones among some keys, as a set. */
  #keysOf(values: ValueColumns, from: number, to: number, at: number): number {
    if (this.#textsKnown < this.texts.length) this.#learnTexts()
    let keys = 0
    for (let i = from; i < to; i += 2) {
      if (values.kind[i] !== TEXT) throw misshapen(`byte ${at}`, 'a text as the key of a dict', kindName(values.kind[i]))
      keys |= 1 << this.#keyOfText[values.num[i]]
    }
    return keys
  }

  #learnTexts(): void {
    const { texts } = this
    this.#keyOfText = grown(this.#keyOfText, texts.length)
    this.#actionOfText = grown(this.#actionOfText, texts.length)
    for (; this.#textsKnown < texts.length; this.#textsKnown++) {
      const isShort = texts.size(this.#textsKnown) < 32
      const text = isShort ? texts.text(this.#textsKnown) : ''
      this.#keyOfText[this.#textsKnown] = KEY_CODES.get(text) ?? 0
      this.#actionOfText[this.#textsKnown] = ACTION_CODES.get(text) ?? UNKNOWN
    }
  }

  #fillFrame(dict: number, values: ValueColumns, from: number, to: number, at: number): void {
    const row = this.#scratch
    for (let i = from; i < to; i += 2) {
      const key = this.#keyOfText[values.num[i]]
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
    const row = containers.ref[dict]
    for (let i = from; i < to; i += 2) {
      const key = this.#keyOfText[values.num[i]]
      const kind = values.kind[i + 1]
      const num = values.num[i + 1]
      switch (key) {
        case KEY.action:
          if (kind !== TEXT) throw misshapen(`byte ${at}`, "a text as a trace entry's action", kindName(kind))
          if (this.#textsKnown < this.texts.length) this.#learnTexts()
          entries.action[row] = this.#actionOfText[num]
          break
        case KEY.addr:
        case KEY.device_free:
          entries.address[row] = wholeOf(kind, num, key === KEY.addr ? 'addr' : 'device_free', at)
          break
        case KEY.size:
          entries.bytes[row] = wholeOf(kind, num, 'size', at)
          break
        case KEY.stream:
          entries.stream[row] = wholeOf(kind, num, 'stream', at)
          break
        case KEY.time_us:
          entries.time[row] = wholeOf(kind, num, 'time_us', at)
          break
        case KEY.frames:
          if (kind !== LIST && kind !== NONE) throw misshapen(`byte ${at}`, 'a list as the frames of a trace entry', kindName(kind))
          entries.frames[row] = kind === LIST ? num : NO_ID
          break
        case KEY.pool_id:
          entries.pool[row] = kind === TUPLE || kind === LIST ? num : NO_ID
          break
        case KEY.compile_context:
          entries.compileContext[row] = kind === TEXT ? num : NO_ID
          break
        case KEY.user_metadata:
          entries.metadata[row] = kind === TEXT ? num : NO_ID
          break
      }
    }
  }

  #extendStack(list: number, values: ValueColumns, from: number, to: number, at: number): void {
    const { containers, stacks } = this
    const row = this.#scratch
    let count = 0
    if (containers.form[list] === STACK)
      for (const size = stacks.size(containers.ref[list]); count < size; count++) row[count] = stacks.item(containers.ref[list], count)
    for (let i = from; i < to; i++) {
      const dict = values.num[i]
      if (values.kind[i] !== DICT || (containers.form[dict] !== FRAME && this.#recordForm(values, i) !== FRAME))
        throw misshapen(`byte ${at}`, 'a list of frames', `one with ${kindName(values.kind[i])} that is none`)
      row[count++] = containers.ref[dict]
    }
    containers.set(list, STACK, stacks.intern(row, count))
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

/** A whole number that is not negative. */
function wholeOf(kind: number, num: number, name: string, at: number): number {
  if (kind === INT && num >= 0) return num
  throw misshapen(
    `byte ${at}`,
    `a whole number from 0 to 2^53 as the ${name} of a trace entry`,
    kind === INT ? String(num) : kindName(kind),
  )
}

/** A line of a file; one that no file has (PyTorch writes 2^64 - 1 where it knows none) is 0. */
function lineOf(kind: number, num: number, at: number): number {
  if (kind !== INT && kind !== BIG && kind !== NONE) throw misshapen(`byte ${at}`, 'a whole number as the line of a frame', kindName(kind))
  return kind === INT && num >= 0 && num < NO_ID ? num : 0
}
