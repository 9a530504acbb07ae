/**
 * Details of a log as text that compresses well: a number that only repeats the address or the bytes of what the event is about is
 * written as a mark. What an event is about is the last id that a row named.
 */
import { type EventBatch, NO_ID } from '@reheap/kernel'
import { Malformed } from '../error.ts'

/** Characters that no JSON text holds. */
const END = '\u0001'
const ADDRESS = '\u0002'
const BYTES = '\u0003'
const NUMBER = /\d+/g

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Writes or reads the details of every batch of a log, in order. */
export class PackedDetails {
  readonly #addresses = new Map<number, number>()
  readonly #sizes = new Map<number, number>()
  #subject = NO_ID

  /** @returns a byte for each row that says whether it has one, and their text; nothing where no row has one */
  write(batch: EventBatch): readonly [has: Uint8Array, text: Uint8Array] {
    const has = new Uint8Array(batch.length)
    const texts: string[] = []
    for (let row = 0; row < batch.length; row++) {
      this.#follow(batch, row)
      const detail = batch.detail(row)
      if (detail === null) continue
      has[row] = 1
      const [address, bytes] = this.#known()
      texts.push(
        detail.replace(NUMBER, (number) => (number === address ? ADDRESS : number === bytes ? BYTES : number)),
        END,
      )
    }
    return texts.length === 0 ? [new Uint8Array(0), new Uint8Array(0)] : [has, encoder.encode(texts.join(''))]
  }

  /** Takes a row whose columns have been read. */
  follow(batch: EventBatch, row: number): void {
    this.#follow(batch, row)
  }

  /** The detail of the row that was followed last. */
  unmarked(text: string): string {
    const [address, bytes] = this.#known()
    return text.replaceAll(ADDRESS, address).replaceAll(BYTES, bytes)
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

/** The texts of a batch's details, still with their marks. @throws Malformed */
export function detailTexts(bytes: Uint8Array): readonly string[] {
  try {
    return decoder.decode(bytes).split(END)
  } catch {
    throw new Malformed('a detail is no text')
  }
}
