import { REQUEST_OPCODES as CODES } from '@reheap/device-memory'
import { NO_ID, NOT_GIVEN } from '@reheap/kernel'
import type { Plan } from './plan.ts'
import type { Group } from './request-groups.ts'
import type { RowWriter } from './row-writer.ts'
import { FREE_COMPLETED, SEGMENT_FREE, SEGMENT_UNMAP } from './snapshot-keys.ts'
import { StandInStreams } from './stream-numbers.ts'

/** The ids of blocks in the log, and the streams that they wait for. */
export class BlockNumbers {
  readonly #plan: Plan
  readonly #writer: RowWriter
  readonly #standIns: StandInStreams
  /** Id of every known block. */
  readonly #idOf: Uint32Array
  /** Stream that each known block waits for; {@link NO_ID}: none. */
  readonly #waitsFor: Uint32Array
  /** How many blocks of each device wait. */
  readonly #waiting: number[]
  #next = 1

  constructor(plan: Plan, writer: RowWriter) {
    this.#plan = plan
    this.#writer = writer
    this.#standIns = new StandInStreams(writer.streams.size)
    this.#idOf = new Uint32Array(plan.blocks.length).fill(NO_ID)
    this.#waitsFor = new Uint32Array(plan.blocks.length).fill(NO_ID)
    this.#waiting = plan.beginnings.map(() => 0)
  }

  /** A new id. @param known the block that gets it; {@link NO_ID}: one that there never was */
  give(known: number): number {
    if (known !== NO_ID) this.#idOf[known] = this.#next
    return this.#next++
  }

  id(known: number): number {
    return this.#idOf[known]
  }

  /** Says before a block is freed that another stream uses it: the trace does not name it, so one stands for it. */
  wait(device: number, known: number): void {
    this.#waitsFor[known] = this.#standIns.take()
    this.#waiting[device] += 1
    this.#writer.push(CODES.RecordStream, 0, this.#idOf[known], this.#waitsFor[known], NOT_GIVEN, NOT_GIVEN)
  }

  /**
   * Says before a request which streams had done their work by then. Nothing is said where the allocator waited for them
   * itself: when it empties its cache, for the program or because the device has no memory left, no block waits after it.
   */
  complete(device: number, { kind, facts }: Group): void {
    if (kind === 'free' || this.#waiting[device] === 0) return
    const { action } = this.#plan.snapshot.records.entries
    const { blockOfEntry } = this.#plan
    const done = facts.filter((entry) => action[entry] === FREE_COMPLETED && this.#waitsFor[blockOfEntry[entry]] !== NO_ID)
    this.#waiting[device] -= done.length
    const givesBack = kind === 'oom' || facts.some((entry) => action[entry] === SEGMENT_FREE || action[entry] === SEGMENT_UNMAP)
    const isAwaited = kind === 'emptyCache' || (givesBack && this.#waiting[device] === 0)
    for (const entry of done) {
      const known = blockOfEntry[entry]
      if (!isAwaited) this.#writer.push(CODES.CompleteStreamEvents, device, NO_ID, this.#waitsFor[known], NOT_GIVEN, NOT_GIVEN)
      this.#standIns.giveBack(this.#waitsFor[known])
      this.#waitsFor[known] = NO_ID
    }
  }
}
