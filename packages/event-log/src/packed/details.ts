/**
 * Details of a log as numbers of texts: a number that only repeats the address or the bytes of what the event is about is written as a mark, so
 * are the frames of stacks, and a stack's number where it is the next one. What an event is about is the last id that a row named.
 */
import { type EventBatch, NO_ID } from '@reheap/kernel'
import { Malformed } from '../error.ts'
import { readPlanes, writePlanes } from './planes.ts'
import { LITERAL, NONE, Templates } from './templates.ts'

/** Characters that no JSON text holds. */
const END = '\u0001'
const ADDRESS = '\u0002'
const BYTES = '\u0003'
const FRAME = '\u0004'
const NEXT = '\u0005'
const NUMBER = /\d+/g
const STACK = /^\{"stack":(\d+),/
const FRAMES = /\{"file":[^{}]*\}/g
const COUNT_BYTES = 4

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** What a batch's details are written as. */
export interface WrittenDetails {
  /** Number of each row's text. @shape [rows] */
  readonly numbers: Uint32Array
  /** Stands before the columns. */
  readonly templates: readonly Uint8Array[]
  /** Stands behind the columns. */
  readonly texts: readonly Uint8Array[]
}

/** Writes or reads the details of every batch of a log, in order. */
export class PackedDetails {
  readonly #addresses = new Map<number, number>()
  readonly #sizes = new Map<number, number>()
  readonly #templates = new Templates()
  readonly #frames = new Map<string, number>()
  readonly #frameTexts: string[] = []
  #subject = NO_ID
  /** Number of the stack that comes next, if they are numbered in order. */
  #stack = 0

  write(batch: EventBatch): WrittenDetails {
    const numbers = new Uint32Array(batch.length).fill(NONE)
    const texts: string[] = []
    const frames: number[] = []
    const known = this.#frameTexts.length
    for (let row = 0; row < batch.length; row++) {
      this.#follow(batch, row)
      const detail = batch.detail(row)
      if (detail === null) continue
      const text = this.#marked(detail, frames)
      const { number, isNew } = this.#templates.number(text)
      numbers[row] = number
      if (isNew) texts.push(text)
    }
    return {
      numbers,
      templates: this.#templates.write(batch.code.subarray(0, batch.length), numbers),
      texts: [
        ...listed(texts),
        ...listed(this.#frameTexts.slice(known)),
        counted(frames.length),
        ...writePlanes(Float64Array.from(frames)),
      ],
    }
  }

  /** Numbers of the texts of a batch's rows. @returns them, and the place behind @throws Malformed */
  readNumbers(bytes: Uint8Array, at: number, code: Uint8Array): { readonly numbers: Uint32Array; readonly end: number } {
    return this.#templates.read(bytes, at, code)
  }

  /** Tells the details of a batch whose columns have been read. @throws Malformed */
  read(bytes: Uint8Array, at: number, batch: EventBatch, numbers: Uint32Array, take: (row: number, detail: string) => void): void {
    const texts = readList(bytes, at)
    const frameTexts = readList(bytes, texts.end)
    this.#frameTexts.push(...frameTexts.list)
    const frames = readPlanes(bytes, frameTexts.end + COUNT_BYTES, countAt(bytes, frameTexts.end)).values
    let nextText = 0
    let nextFrame = 0
    const frameText = (): string => {
      const text = this.#frameTexts[frames[nextFrame++] ?? -1]
      if (text === undefined) throw new Malformed('a frame is missing')
      return text
    }
    for (let row = 0; row < batch.length; row++) {
      this.#follow(batch, row)
      const number = numbers[row]
      if (number === NONE) continue
      const isTold = number === LITERAL || this.#templates.isNew(number)
      const text = isTold ? texts.list[nextText++] : this.#templates.text(number)
      if (text === undefined) throw new Malformed('a detail is missing')
      if (isTold && number !== LITERAL) this.#templates.add(text)
      take(row, this.#unmarked(text, frameText))
    }
  }

  /** @param frames takes the numbers of its frames */
  #marked(detail: string, frames: number[]): string {
    const [address, bytes] = this.#known()
    const own = detail.replace(FRAMES, (frame) => {
      frames.push(this.#frameNumber(frame))
      return FRAME
    })
    const [, stack] = STACK.exec(own) ?? []
    const isNext = stack !== undefined && Number(stack) === this.#stack && String(this.#stack) === stack
    if (stack !== undefined) this.#stack = Number(stack) + 1
    const rest = isNext ? own.replace(STACK, `{"stack":${NEXT},`) : own
    return rest.replace(NUMBER, (number) => (number === address ? ADDRESS : number === bytes ? BYTES : number))
  }

  #unmarked(text: string, frameText: () => string): string {
    const [address, bytes] = this.#known()
    const known = text.replaceAll(ADDRESS, address).replaceAll(BYTES, bytes).replaceAll(NEXT, String(this.#stack))
    const [, stack] = STACK.exec(known) ?? []
    if (stack !== undefined) this.#stack = Number(stack) + 1
    return known.includes(FRAME) ? known.replaceAll(FRAME, frameText) : known
  }

  #frameNumber(frame: string): number {
    const known = this.#frames.get(frame)
    if (known !== undefined) return known
    this.#frames.set(frame, this.#frameTexts.length)
    this.#frameTexts.push(frame)
    return this.#frameTexts.length - 1
  }

  #follow({ id, address, size }: EventBatch, row: number): void {
    const subject = id[row]
    if (subject === NO_ID) return
    this.#subject = subject
    if (!Number.isNaN(address[row])) this.#addresses.set(subject, address[row])
    if (!Number.isNaN(size[row])) this.#sizes.set(subject, size[row])
  }

  #known(): readonly [address: string, bytes: string] {
    return [String(this.#addresses.get(this.#subject) ?? ''), String(this.#sizes.get(this.#subject) ?? '')]
  }
}

export function counted(count: number): Uint8Array {
  const bytes = new Uint8Array(COUNT_BYTES)
  new DataView(bytes.buffer).setUint32(0, count, true)
  return bytes
}

/** @throws Malformed */
export function countAt(bytes: Uint8Array, at: number): number {
  if (at + COUNT_BYTES > bytes.length) throw new Malformed('it ends inside a batch')
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(at, true)
}

/** Texts behind the length of all. */
function listed(texts: readonly string[]): readonly Uint8Array[] {
  const bytes = encoder.encode(texts.map((text) => text + END).join(''))
  return [counted(bytes.length), bytes]
}

/** @returns the texts, and the place behind @throws Malformed */
function readList(bytes: Uint8Array, at: number): { readonly list: readonly string[]; readonly end: number } {
  const end = at + COUNT_BYTES + countAt(bytes, at)
  if (end > bytes.length) throw new Malformed('a text is cut off')
  try {
    return {
      list: decoder
        .decode(bytes.subarray(at + COUNT_BYTES, end))
        .split(END)
        .slice(0, -1),
      end,
    }
  } catch {
    throw new Malformed('a detail is no text')
  }
}
