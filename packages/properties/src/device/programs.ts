/** Programs of a GPU's memory: several streams, private pools and changing settings on a device so small that memory runs out often. */
import type { Request } from '@reheap/device-memory'
import fc, { type Arbitrary } from 'fast-check'
import type { Program } from '../subject.ts'

const MIB = 1024 * 1024
const STREAMS = 4
const POOLS = 3

/** Versions of PyTorch whose rules differ. */
export const DEVICE_VERSIONS = ['2.11', '2.4', '1.13', '2.1', '2.7', '2.12', '2.13'] as const

/** Under what a device begins. */
export interface DeviceSetting {
  /** Of PyTorch: `2.4`. */
  readonly version: string
}

/** One case that the laws of a device's memory are tried on. */
export type DeviceProgram = Program<DeviceSetting, Request>

interface Choice {
  readonly what: 'malloc' | 'free' | 'record' | 'complete' | 'empty' | 'configure' | 'fraction' | 'begin' | 'end' | 'release'
  readonly bytes: number
  readonly stream: number
  readonly pick: number
  readonly settings: string
}

/** Sizes of both pools, and those at the borders of every rule. */
const sizes = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 1, max: MIB }) },
  { weight: 3, arbitrary: fc.integer({ min: MIB, max: 10 * MIB }) },
  { weight: 3, arbitrary: fc.integer({ min: 10 * MIB, max: 90 * MIB }) },
  { weight: 1, arbitrary: fc.constantFrom(1, 511, 512, 513, MIB - 1, MIB, MIB + 1, 10 * MIB - 512, 10 * MIB, 20 * MIB, 40 * MIB) },
)
const option = fc.constantFrom(
  'max_split_size_mb:21',
  'max_split_size_mb:32',
  'max_split_size_mb:64',
  'garbage_collection_threshold:0.3',
  'garbage_collection_threshold:0.7',
  'expandable_segments:True',
  'expandable_segments:False',
  'roundup_power2_divisions:4',
  'roundup_power2_divisions:[1:8,4:2,16:4,>:2]',
  'max_non_split_rounding_mb:20',
  'large_segment_size_mb:11',
  'unknown:1',
)
/** Strings as in `PYTORCH_CUDA_ALLOC_CONF`, also such as are refused. */
export const deviceSettings: Arbitrary<string> = fc.array(option, { maxLength: 2 }).map((options) => options.join(','))

const choice: Arbitrary<Choice> = fc.record({
  what: fc.oneof(
    { weight: 12, arbitrary: fc.constant('malloc' as const) },
    { weight: 9, arbitrary: fc.constant('free' as const) },
    { weight: 6, arbitrary: fc.constantFrom('record' as const, 'complete' as const, 'empty' as const, 'configure' as const) },
    { weight: 2, arbitrary: fc.constantFrom('fraction' as const, 'begin' as const, 'end' as const, 'release' as const) },
  ),
  bytes: sizes,
  stream: fc.nat(STREAMS - 1),
  pick: fc.nat(9999),
  settings: deviceSettings,
})

/** Valid programs of several versions. */
export const devicePrograms = (choicesMax = 60): Arbitrary<DeviceProgram> =>
  fc
    .record({
      version: fc.constantFrom(...DEVICE_VERSIONS),
      capacityMib: fc.constantFrom(64, 128, 512),
      choices: fc.array(choice, { maxLength: choicesMax, size: 'max' }),
    })
    .map(({ version, capacityMib, choices }) => ({ setting: { version }, requests: requestsOf(capacityMib, choices) }))

function requestsOf(capacityMib: number, choices: readonly Choice[]): readonly Request[] {
  const ledger = new DeviceLedger()
  const requests: Request[] = [{ kind: 'DeviceOpened', device: 0, capacityBytes: capacityMib * MIB, contextBytes: 0 }]
  for (const [at, each] of choices.entries()) {
    const request = requestOf(each, at + 1, ledger)
    if (request === null) continue
    ledger.note(request)
    requests.push(request)
  }
  return requests
}

/** Null: what the choice names is not there. */
function requestOf({ what, bytes, stream, pick, settings }: Choice, id: number, { live, begun, uses }: DeviceLedger): Request | null {
  const block = [...live][pick % Math.max(1, live.size)]
  const pool = (pick % POOLS) + 1
  switch (what) {
    case 'malloc':
      return { kind: 'DeviceMalloc', block: id, device: 0, stream, bytes }
    case 'free':
      return block === undefined ? null : { kind: 'DeviceFree', block }
    case 'record':
      return block === undefined ? null : { kind: 'RecordStream', block, stream }
    case 'complete':
      return { kind: 'CompleteStreamEvents', stream: pick % 3 === 0 ? null : stream }
    case 'empty':
      // Versions differ in whether a begun pool forbids it.
      return begun.size > 0 ? null : { kind: 'EmptyCache' }
    case 'configure':
      return { kind: 'Configure', settings }
    case 'fraction':
      return { kind: 'SetMemoryFraction', fraction: [0.5, 0.8, 1][pick % 3] as number }
    case 'begin':
      // A released pool serves nobody; it may live on until its memory is given back.
      return begun.has(pool) || uses.get(pool) === 0 ? null : { kind: 'BeginPool', pool, stream: pick % 2 === 0 ? null : stream }
    case 'end':
      return begun.has(pool) ? { kind: 'EndPool', pool } : null
    case 'release':
      return (uses.get(pool) ?? 0) > (begun.has(pool) ? 1 : 0) ? { kind: 'ReleasePool', pool } : null
  }
}

/** What a program has that it may name. */
export class DeviceLedger {
  readonly live = new Set<number>()
  readonly begun = new Set<number>()
  /** How often each pool was begun and not released. */
  readonly uses = new Map<number, number>()

  note(request: Request): void {
    if (request.kind === 'DeviceMalloc') this.live.add(request.block)
    else if (request.kind === 'DeviceFree') this.live.delete(request.block)
    else if (request.kind === 'BeginPool') {
      this.begun.add(request.pool)
      this.uses.set(request.pool, (this.uses.get(request.pool) ?? 0) + 1)
    } else if (request.kind === 'EndPool') this.begun.delete(request.pool)
    else if (request.kind === 'ReleasePool') this.uses.set(request.pool, (this.uses.get(request.pool) ?? 0) - 1)
  }

  /** Requests that end everything: pools, blocks, work of streams, the cache. */
  ending(): readonly Request[] {
    return [
      ...[...this.begun].map((pool): Request => ({ kind: 'EndPool', pool })),
      ...[...this.uses].flatMap(([pool, uses]) => Array.from({ length: uses }, (): Request => ({ kind: 'ReleasePool', pool }))),
      ...[...this.live].map((block): Request => ({ kind: 'DeviceFree', block })),
      { kind: 'CompleteStreamEvents', stream: null },
      { kind: 'EmptyCache' },
    ]
  }
}
