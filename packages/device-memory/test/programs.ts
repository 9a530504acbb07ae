import fc from 'fast-check'
import type { Request } from '../src/index.ts'

const MIB = 1024 * 1024
const STREAMS = 4
const POOLS = 3

/** A choice that becomes a request when it is known what is live. */
export type Choice = {
  readonly kind: string
  readonly size: number
  readonly stream: number
  readonly pick: number
  readonly settings: string
}

const sizes = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 1, max: MIB }) },
  { weight: 3, arbitrary: fc.integer({ min: MIB, max: 10 * MIB }) },
  { weight: 3, arbitrary: fc.integer({ min: 10 * MIB, max: 90 * MIB }) },
  { weight: 1, arbitrary: fc.constantFrom(1, 511, 512, 513, MIB - 1, MIB, MIB + 1, 10 * MIB - 512, 10 * MIB, 20 * MIB, 40 * MIB) },
)

const option = fc.oneof(
  fc.constantFrom(21, 32, 40, 64).map((mib) => `max_split_size_mb:${mib}`),
  fc.constantFrom('garbage_collection_threshold:0.3', 'garbage_collection_threshold:0.7'),
  fc.constantFrom('expandable_segments:True', 'expandable_segments:False'),
  fc.constantFrom('roundup_power2_divisions:4', 'roundup_power2_divisions:[1:8,4:2,16:4,>:2]', 'roundup_power2_divisions:16'),
  fc.constantFrom('max_non_split_rounding_mb:20', 'max_non_split_rounding_mb:50'),
  fc.constantFrom('large_segment_size_mb:11', 'large_segment_size_mb:30', 'unknown:1'),
)
const settings = fc.array(option, { maxLength: 3 }).map((options) => options.join(','))

const kinds = fc.oneof(
  { weight: 48, arbitrary: fc.constant('malloc') },
  { weight: 36, arbitrary: fc.constant('free') },
  { weight: 6, arbitrary: fc.constant('record') },
  { weight: 4, arbitrary: fc.constant('complete') },
  { weight: 1, arbitrary: fc.constant('empty') },
  { weight: 1, arbitrary: fc.constantFrom('configure', 'fraction') },
  { weight: 2, arbitrary: fc.constantFrom('begin', 'end', 'release') },
)

const choice: fc.Arbitrary<Choice> = fc.record({
  kind: kinds,
  size: sizes,
  stream: fc.integer({ min: 0, max: STREAMS - 1 }),
  pick: fc.nat({ max: 1 << 20 }),
  settings,
})

export interface Program {
  readonly capacityMib: number
  readonly settings: string
  readonly choices: readonly Choice[]
}

/** Programs of so many choices on a small device, so that memory runs out often. */
export const programs = (length: number): fc.Arbitrary<Program> =>
  fc.record({
    capacityMib: fc.constantFrom(64, 128, 256, 512, 1024),
    settings,
    choices: fc.array(choice, { minLength: length, maxLength: length }),
  })

/** Makes requests of choices: what a choice names must be there. */
export class Planner {
  #next = 1
  readonly #live: number[] = []
  #begun: number[] = []
  readonly #uses = new Map<number, number>()

  /** null: the choice comes to nothing. */
  plan({ kind, size, stream, pick, settings: text }: Choice): Request | null {
    const pool = (pick % POOLS) + 1
    switch (kind) {
      case 'malloc':
        this.#live.push(this.#next)
        return { kind: 'DeviceMalloc', block: this.#next++, device: 0, stream, bytes: size }
      case 'free': {
        const block = this.#live.splice(pick % Math.max(1, this.#live.length), 1)[0]
        return block === undefined ? null : { kind: 'DeviceFree', block }
      }
      case 'record': {
        const block = this.#live[pick % Math.max(1, this.#live.length)]
        return block === undefined ? null : { kind: 'RecordStream', block, stream }
      }
      case 'complete':
        return { kind: 'CompleteStreamEvents', stream: pick % 3 === 0 ? null : stream }
      case 'empty':
        return { kind: 'EmptyCache' }
      case 'configure':
        return { kind: 'Configure', settings: text }
      case 'fraction':
        return { kind: 'SetMemoryFraction', fraction: [0.5, 0.8, 1][pick % 3] as number }
      case 'begin':
        // A released pool serves nobody; it may live on until its memory is given back.
        if (this.#begun.includes(pool) || this.#uses.get(pool) === 0) return null
        this.#begun.push(pool)
        this.#uses.set(pool, (this.#uses.get(pool) ?? 0) + 1)
        return { kind: 'BeginPool', pool, stream: pick % 2 === 0 ? null : stream }
      case 'end':
        if (!this.#begun.includes(pool)) return null
        this.#begun = this.#begun.filter((each) => each !== pool)
        return { kind: 'EndPool', pool }
      case 'release': {
        const uses = this.#uses.get(pool) ?? 0
        if (uses === 0 || (uses === 1 && this.#begun.includes(pool))) return null
        this.#uses.set(pool, uses - 1)
        return { kind: 'ReleasePool', pool }
      }
    }
    return null
  }

  get isBegun(): boolean {
    return this.#begun.length > 0
  }

  /** Requests that end everything: pools, blocks, the cache. */
  ending(): readonly Request[] {
    return [
      ...this.#begun.map((pool): Request => ({ kind: 'EndPool', pool })),
      ...[...this.#uses].flatMap(([pool, uses]) => Array.from({ length: uses }, (): Request => ({ kind: 'ReleasePool', pool }))),
      ...this.#live.map((block): Request => ({ kind: 'DeviceFree', block })),
      { kind: 'EmptyCache' },
    ]
  }
}
