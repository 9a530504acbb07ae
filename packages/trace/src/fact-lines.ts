/** Facts as JSON Lines: what `reheap replay --facts` writes. Only out: facts are derived, so none are read. */
import { FACT_OPCODES as ALLOCATOR, type Fact as AllocatorFact, DOMAINS } from '@reheap/allocator'
import { COLLECTION_REASONS, FACT_OPCODES as COLLECTOR, type Fact as CollectorFact } from '@reheap/cycle-gc'
import { FACT_OPCODES as DEVICE, type Fact as DeviceFact, DIRECTIONS } from '@reheap/device-memory'
import { type EventBatch, type FactBatch, NO_ID } from '@reheap/kernel'
import { FACT_OPCODES as OBJECTS, type Fact as ObjectFact } from '@reheap/refcount'
import { utf8 } from './field.ts'
import { TextBuffer } from './text-buffer.ts'

type Column = 'tag' | 'id' | 'other' | 'size' | 'address'

/** One field of a fact. */
interface FactField {
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

interface FactForm {
  /** The bytes of `,"kind":"Kind"`. */
  readonly head: Uint8Array
  readonly fields: readonly FactField[]
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

type FieldsOf<F extends { readonly kind: string }> = Readonly<Record<F['kind'], readonly FactField[]>>

/** Fields of every kind, in the order of each package's `Fact`. */
const ALLOCATOR_FIELDS: FieldsOf<AllocatorFact> = {
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
const OBJECT_FIELDS: FieldsOf<ObjectFact> = {
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
const COLLECTOR_FIELDS: FieldsOf<CollectorFact> = {
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
const DEVICE_FIELDS: FieldsOf<DeviceFact> = {
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

/** The form of each opcode. */
const FORMS: FactForm[] = []
function addForms<F extends { readonly kind: string }>(fields: FieldsOf<F>, opcodes: Readonly<Record<F['kind'], number>>): void {
  for (const kind of Object.keys(fields) as F['kind'][]) FORMS[opcodes[kind]] = { head: utf8(`,"kind":"${kind}"`), fields: fields[kind] }
}
addForms(ALLOCATOR_FIELDS, ALLOCATOR)
addForms(OBJECT_FIELDS, OBJECTS)
addForms(COLLECTOR_FIELDS, COLLECTOR)
addForms(DEVICE_FIELDS, DEVICE)

const INDEX = utf8('{"index":')
const HEAP = utf8(',"heap":')
const NULL = utf8('null')
const COMMA = utf8(',')
const CLOSE_LIST = utf8(']')
const LINE_END = utf8('}\n')
/** More than the bytes of any line. */
const LINE_BYTES = 256

/**
 * Facts as lines: the index of the request that caused it, the fact, and the heap where it is not 0.
 *
 * @param requests the batch that the facts follow from
 */
export function encodeFacts(facts: FactBatch, requests: EventBatch): Uint8Array {
  const text = new TextBuffer(facts.length * 112)
  const { heap, firstIndex } = requests
  for (let row = 0; row < facts.length; row++) {
    const cause = facts.cause[row]
    text.reserve(LINE_BYTES)
    text.put(INDEX)
    text.putWhole(cause)
    putFact(facts, row, text)
    const heapNumber = heap === null ? 0 : heap[cause - firstIndex]
    if (heapNumber !== 0) {
      text.put(HEAP)
      text.putWhole(heapNumber)
    }
    text.put(LINE_END)
  }
  return text.take()
}

function putFact(facts: FactBatch, row: number, text: TextBuffer): void {
  const { head, fields } = FORMS[facts.code[row]]
  text.put(head)
  for (let i = 0; i < fields.length; i++) {
    const { key, column, rest, none, words } = fields[i]
    const value = facts[column][row]
    text.put(key)
    if (words.length > 0) text.put(words[value])
    else if (Object.is(value, none)) text.put(NULL)
    else text.putWhole(value)
    if (rest.length > 0) putRest(facts, row, rest, text)
  }
}

/** Puts the numbers of a list behind its first one. */
function putRest(facts: FactBatch, row: number, rest: readonly Column[], text: TextBuffer): void {
  for (const column of rest) {
    text.put(COMMA)
    text.putWhole(facts[column][row])
  }
  text.put(CLOSE_LIST)
}
