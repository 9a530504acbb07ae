import { REQUEST_OPCODES } from '@reheap/cycle-gc'
import { NO_ID, NOT_GIVEN } from '@reheap/kernel'
import type { BlockRecorder } from './block-recorder.ts'
import type { EventWriter } from './event-writer.ts'
import type { ObjectReader } from './object-reader.ts'

/** Headers before an object of the collector inside its block. */
const HEADER_BYTES = [8, 16]

/** Follows the ends of objects that were there before the script: the collector counts them when their memory goes, or when it forgets them. */
export class EarlierObjects {
  private readonly reader: ObjectReader
  private readonly writer: EventWriter
  private readonly blocks: BlockRecorder
  private readonly countsTracked: boolean
  /** Those whose end was announced and whose memory is still there, in a free list perhaps; and whether the collector knew them. */
  private readonly ended = new Map<number, boolean>()
  /** Objects of the script in memory that was there before. */
  private readonly moved = new Set<number>()

  /** @param countsTracked does this version count what it tracks, not memory? */
  constructor(reader: ObjectReader, writer: EventWriter, blocks: BlockRecorder, countsTracked: boolean) {
    this.reader = reader
    this.writer = writer
    this.blocks = blocks
    this.countsTracked = countsTracked
  }

  died(address: number): void {
    const { reader } = this
    if (!reader.isGc(address) || reader.word(address) !== 0 || !this.isEarlier(address)) return
    const isTracked = reader.isTracked(address)
    if (!this.countsTracked) this.ended.set(address, isTracked)
    else if (isTracked) this.tell(true)
  }

  freed(block: number): void {
    if (this.ended.size + this.moved.size === 0) return
    for (const header of HEADER_BYTES) {
      this.moved.delete(block + header)
      const isTracked = this.ended.get(block + header)
      if (isTracked === undefined) continue
      this.ended.delete(block + header)
      this.tell(isTracked)
      return
    }
  }

  /** An object of the script. */
  born(address: number): void {
    this.ended.delete(address)
    if (this.isEarlier(address)) this.moved.add(address)
  }

  private isEarlier(address: number): boolean {
    return !this.moved.has(address) && HEADER_BYTES.every((header) => this.blocks.bytesAt(address - header) === 0)
  }

  private tell(isTracked: boolean): void {
    this.writer.push(REQUEST_OPCODES.ReleaseEarlierObject, isTracked ? 1 : 0, 0, NO_ID, NOT_GIVEN, NOT_GIVEN)
  }
}
