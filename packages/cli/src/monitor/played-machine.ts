/** What a monitor sees of a log of CPython: its layers from objects down. */
import { type EventBatch, formatCount } from '@reheap/kernel'
import { Replay } from '@reheap/machine'
import { RunningObjects, RunningUsage, USAGE_MEASURES } from '@reheap/projections'
import { left, right } from 'fp-ts/lib/Either.js'
import type { Result } from '../outcome.ts'
import { type Profiles, rejection } from '../profiles.ts'
import { USAGE_LABELS } from '../show/figures.ts'
import type { LayerReading, Reading } from './reading.ts'
import type { Played } from './replay-readings.ts'

export class PlayedMachine implements Played {
  readonly #name: string
  readonly #replay: Replay
  readonly #usage: RunningUsage
  readonly #objects = new RunningObjects()

  /** @param name of the log */
  constructor(name: string, { recorded, profile }: Profiles) {
    this.#name = name
    this.#replay = new Replay({ recorded, profile })
    this.#usage = new RunningUsage(profile.allocator.alignmentBytes)
  }

  feed(batch: EventBatch): Result<void> {
    const fed = this.#replay.feed(batch)
    if (fed._tag === 'Left') return left(rejection(this.#name, fed.left))
    this.#usage.feed(fed.right)
    this.#objects.feed(fed.right)
    return right(undefined)
  }

  reading(): Omit<Reading, 'event' | 'seconds'> {
    return { system: null, processes: [], layers: this.#layers(), devices: [] }
  }

  #layers(): readonly LayerReading[] {
    const { objects, born, bytes } = this.#objects
    return [
      ...(born === 0 ? [] : [{ name: `objects: ${formatCount(objects)}`, bytes }]),
      ...USAGE_MEASURES.map((measure) => ({ name: USAGE_LABELS[measure], bytes: this.#usage[measure] })),
    ]
  }
}
