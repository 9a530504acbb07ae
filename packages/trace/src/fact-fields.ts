/** The fields of every fact, in the order of each package's `Fact`, and the columns that they lie in. */
import { type Fact as AllocatorFact, DOMAINS } from '@reheap/allocator'
import { COLLECTION_REASONS, type Fact as CollectorFact } from '@reheap/cycle-gc'
import { type Fact as DeviceFact, DIRECTIONS } from '@reheap/device-memory'
import type { Fact as HostFact } from '@reheap/host-memory'
import { NO_ID } from '@reheap/kernel'
import type { Fact as ObjectFact } from '@reheap/refcount'
import { utf8 } from './field.ts'

export type Column = 'tag' | 'id' | 'other' | 'size' | 'address'

/** One field of a fact. */
export interface FactField {
  /** The bytes of `,"name":`, with the bracket behind it where the field is a list. */
  readonly key: Uint8Array
  readonly column: Column
  /** Columns of the further numbers where the field is a list. */
  readonly rest: readonly Column[]
  /** What the column holds for null; NaN in a column of doubles. */
  readonly none: number
  /** The bytes of every word or truth value, where the column holds its place. */
  readonly words: readonly Uint8Array[]
}

const field = (name: string, column: Column, words: readonly (string | boolean)[] = []): FactField => ({
  key: utf8(`,"${name}":`),
  column,
  rest: [],
  none: column === 'id' ? NO_ID : Number.NaN,
  words: words.map((word) => utf8(JSON.stringify(word))),
})
const truth = (name: string, column: Column = 'tag'): FactField => field(name, column, [false, true])
const list = (name: string, [column, ...rest]: readonly [Column, ...Column[]]): FactField => ({
  ...field(name, column),
  key: utf8(`,"${name}":[`),
  rest,
})

const block = field('block', 'id')
const bytes = field('bytes', 'size')
const address = field('address', 'address')
const sizeClass = field('sizeClass', 'tag')
const domain = field('domain', 'tag', DOMAINS)

export type FieldsOf<F extends { readonly kind: string }> = Readonly<Record<F['kind'], readonly FactField[]>>

/** Fields of every kind, in the order of each package's `Fact`. */
export const ALLOCATOR_FIELDS: FieldsOf<AllocatorFact> = {
  BlockPlaced: [block, bytes, address, sizeClass],
  BlockResized: [block, field('previousBytes', 'other'), bytes, address, sizeClass],
  BlockReturned: [block, bytes, address, sizeClass],
  BlockPassedOn: [block, bytes, address, domain],
  BlockHandedBack: [block, bytes, address, domain],
  PoolOpened: [address, sizeClass],
  PoolClosed: [address, sizeClass],
  ArenaOpened: [address, bytes],
  ArenaReleased: [address, bytes],
  ArenaRefused: [bytes],
}

const object = field('object', 'id')
const weak = field('weak', 'id')
const target = field('object', 'other')
export const OBJECT_FIELDS: FieldsOf<ObjectFact> = {
  ObjectCreated: [object, bytes, truth('isReused')],
  BlockRequested: [object, bytes, truth('beside'), field('block', 'address')],
  BlockReleased: [object, bytes, truth('beside'), field('block', 'address')],
  ObjectDied: [object, bytes],
  FinalizerRan: [object, truth('isResurrected')],
  WeakReferenceCleared: [weak, target],
  WeakReferenceCalled: [weak, target],
  ObjectTracked: [object],
  ObjectUntracked: [object],
}

const generation = field('generation', 'tag')
export const COLLECTOR_FIELDS: FieldsOf<CollectorFact> = {
  CollectionDue: [{ ...generation, none: 0xff }, list('counts', ['id', 'other', 'size'])],
  FullCollectionDeferred: [field('longLivedPending', 'id'), field('longLivedTotal', 'other')],
  CollectionStarted: [generation, field('reason', 'id', COLLECTION_REASONS), field('young', 'size'), field('count0', 'other')],
  CollectionFinished: [
    generation,
    field('collected', 'id'),
    field('uncollectable', 'other'),
    field('visited', 'size'),
    truth('isCounted', 'address'),
  ],
  GarbageFound: [object],
  GarbageKept: [object],
}

const device = field('device', 'tag')
const stream = field('stream', 'other')
const memory = [device, stream, bytes, address]
const deviceBlock = [block, ...memory]
export const DEVICE_FIELDS: FieldsOf<DeviceFact> = {
  SegmentAllocated: memory,
  SegmentFreed: memory,
  SegmentMapped: memory,
  SegmentUnmapped: memory,
  BlockAllocated: deviceBlock,
  FreeRequested: deviceBlock,
  FreeCompleted: deviceBlock,
  OutOfMemoryRaised: [block, device, stream, bytes, field('deviceFreeBytes', 'address')],
  AssertionRaised: [block, device, stream, bytes],
  SettingsRefused: [],
  MemoryCopied: [
    field('device', 'id'),
    field('direction', 'tag', DIRECTIONS),
    truth('pinned', 'other'),
    bytes,
    field('nanoseconds', 'address'),
  ],
}

const process = field('process', 'tag')
const range = [process, bytes, address]
const chunk = [block, ...range]
const swapped = [process, bytes, field('nanoseconds', 'address')]
const ended = [process, field('rssBytes', 'size'), field('swapBytes', 'address')]
export const HOST_FIELDS: FieldsOf<HostFact> = {
  ChunkGiven: chunk,
  ChunkFreed: chunk,
  AreaMapped: range,
  AreaUnmapped: range,
  AreaMoved: range,
  BreakMoved: range,
  PagesTouched: range,
  PagesReleased: range,
  PagesSwappedOut: swapped,
  PagesSwappedIn: swapped,
  CacheReclaimed: [bytes],
  ProcessKilled: ended,
  ProcessEnded: ended,
  PowerLost: [bytes],
}
