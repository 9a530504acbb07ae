/** Places on the time axis that keys jump to, from the facts of a replay. */
import { FACT_OPCODES as BLOCK_FACTS } from '@reheap/allocator'
import { FACT_OPCODES as COLLECTOR_FACTS } from '@reheap/cycle-gc'
import { FACT_OPCODES as DEVICE_FACTS } from '@reheap/device-memory'
import { FACT_OPCODES as HOST_FACTS } from '@reheap/host-memory'
import type { FactBatch } from '@reheap/kernel'
import type { Mark } from '@reheap/projections'
import type { MomentKind, Moments, MomentTrack } from './messages.ts'

type Told = readonly [kind: MomentKind, label: string]

const TOLD: readonly (readonly [code: number, kind: MomentKind, label: string])[] = [
  [BLOCK_FACTS.ArenaOpened, 'region', 'arena mapped'],
  [BLOCK_FACTS.ArenaReleased, 'region', 'arena released'],
  [DEVICE_FACTS.SegmentAllocated, 'region', 'segment allocated'],
  [DEVICE_FACTS.SegmentFreed, 'region', 'segment freed'],
  [DEVICE_FACTS.SegmentMapped, 'region', 'mapped into a segment'],
  [DEVICE_FACTS.SegmentUnmapped, 'region', 'unmapped from a segment'],
  [COLLECTOR_FACTS.CollectionFinished, 'collection', 'collection of generation '],
  [DEVICE_FACTS.OutOfMemoryRaised, 'outOfMemory', 'out of memory'],
  [HOST_FACTS.ProcessKilled, 'outOfMemory', 'process killed'],
]

/** What a fact of a code tells; undefined: it is no moment. @shape [256] */
const TOLD_BY: (Told | undefined)[] = new Array(256)
for (const [code, kind, label] of TOLD) TOLD_BY[code] = [kind, label]

/** One track while it is gathered. */
class GrowingTrack {
  readonly #index: number[] = []
  readonly #label: number[] = []
  readonly #labels = new Map<string, number>()

  add(index: number, label: string): void {
    const place = this.#labels.get(label) ?? this.#labels.size
    if (place === this.#labels.size) this.#labels.set(label, place)
    this.#index.push(index)
    this.#label.push(place)
  }

  track(): MomentTrack {
    return { index: Float64Array.from(this.#index), label: Uint32Array.from(this.#label), labels: [...this.#labels.keys()] }
  }
}

/** Gathers every moment of a log; feed it every fact batch in order. */
export class MomentGathering {
  readonly #tracks: Readonly<Record<MomentKind, GrowingTrack>> = {
    region: new GrowingTrack(),
    mark: new GrowingTrack(),
    collection: new GrowingTrack(),
    outOfMemory: new GrowingTrack(),
  }

  feed({ code, cause, tag, length }: FactBatch): void {
    for (let row = 0; row < length; row++) {
      const told = TOLD_BY[code[row]]
      if (told === undefined) continue
      const [kind, label] = told
      this.#tracks[kind].add(cause[row], kind === 'collection' ? `${label}${tag[row]}` : label)
    }
  }

  /** @param marks of the whole log, in its order */
  moments(marks: readonly Mark[]): Moments {
    for (const { index, label } of marks) this.#tracks.mark.add(index, label)
    const { region, mark, collection, outOfMemory } = this.#tracks
    return { region: region.track(), mark: mark.track(), collection: collection.track(), outOfMemory: outOfMemory.track() }
  }
}
