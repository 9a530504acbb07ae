import { BLOCK_STATES, DIRECTIONS, SEGMENT_TYPES } from '@reheap/device-memory'
import { BACKINGS, TOUCHES } from '@reheap/host-memory'
import { LAYOUTS } from '@reheap/refcount'
import fc from 'fast-check'
import type { Json } from 'fp-ts/lib/Json.js'
import type { LogEvent } from '../src/vocabulary.ts'

/** Events of every kind, with the edges of every range likely. */

const edged = (max: number): fc.Arbitrary<number> =>
  fc.oneof(
    fc.constantFrom(0, 1, max - 1, max, Math.min(max, 2 ** 31), Math.min(max, 999_999_999), Math.min(max, 1e9)),
    fc.nat({ max: 1e6 }),
    fc.maxSafeNat().map((n) => n % (max + 1)),
  )

export const anyId: fc.Arbitrary<number> = edged(2 ** 32 - 2)
export const anyWhole: fc.Arbitrary<number> = edged(Number.MAX_SAFE_INTEGER)

const domain = fc.constantFrom('raw' as const, 'mem' as const, 'obj' as const)
const idOrNull = fc.option(anyId, { nil: null })
const text = fc.string({ unit: 'binary' })

/** JSON that a line can hold: no -0, no number above 2^53 - 1. */
const json: fc.Arbitrary<Json> = fc
  .jsonValue({ maxDepth: 4 })
  .map((value) =>
    JSON.parse(JSON.stringify(value, (_key, part) => (typeof part === 'number' && Math.abs(part) > Number.MAX_SAFE_INTEGER ? 7 : part))),
  )

const context = fc.record(
  { time: anyWhole, thread: fc.integer({ min: 1, max: 0xffff }), heap: fc.integer({ min: 1, max: 0xffff }), stack: anyId },
  { requiredKeys: [] },
)
const observed = fc.record({ address: anyWhole }, { requiredKeys: [] })
const frame = fc.record({ file: text, line: anyWhole, function: text })

/** The fields of the event first, then its context: the order of the reference. */
const withContext = <A extends object>(event: fc.Arbitrary<A>) => fc.tuple(event, context).map(([own, more]) => ({ ...own, ...more }))
const kind = <K extends string>(name: K) => fc.constant(name)

const optional = <A extends object>(values: { [K in keyof A]: fc.Arbitrary<A[K]> }) => fc.record(values, { requiredKeys: [] })
const merged = <A extends object, B extends object>(required: fc.Arbitrary<A>, more: fc.Arbitrary<B>) =>
  withContext(fc.tuple(required, more).map(([a, b]) => ({ ...a, ...b })))
const slot = optional({ slot: anyId })
const code = optional({ code: anyId })

const anyAllocatorEvent: fc.Arbitrary<LogEvent> = fc.oneof(
  merged(fc.record({ kind: kind('Malloc'), domain, block: anyId, bytes: anyWhole }), observed),
  merged(fc.record({ kind: kind('Calloc'), domain, block: anyId, count: anyId, elementBytes: anyWhole }), observed),
  merged(fc.record({ kind: kind('Realloc'), domain, block: idOrNull, newBlock: anyId, bytes: anyWhole }), observed),
  withContext(fc.record({ kind: kind('Free'), domain, block: idOrNull })),
  withContext(fc.record({ kind: kind('ArenaMapped'), address: anyWhole, bytes: anyWhole })),
  withContext(fc.record({ kind: kind('ArenaUnmapped'), address: anyWhole })),
  withContext(fc.record({ kind: kind('ReleaseHeap') })),
)

const anyObjectEvent: fc.Arbitrary<LogEvent> = fc.oneof(
  merged(
    fc.record({ kind: kind('CreateObject'), object: anyId, type: anyId, bytes: anyWhole }),
    optional({ items: fc.integer({ min: 1, max: 255 }), block: anyId }),
  ),
  withContext(fc.record({ kind: kind('ResizeObject'), object: anyId, bytes: anyWhole })),
  merged(fc.record({ kind: kind('AddReference'), from: idOrNull, to: anyId }), optional({ slot: anyId, name: anyId })),
  merged(fc.record({ kind: kind('DropReference'), from: idOrNull, to: anyId }), slot),
  withContext(fc.record({ kind: kind('BindName'), scope: anyId, name: anyId, object: anyId })),
  withContext(fc.record({ kind: kind('UnbindName'), scope: anyId, name: anyId })),
  merged(fc.record({ kind: kind('EnterScope'), scope: anyId }), code),
  withContext(fc.record({ kind: kind('LeaveScope'), scope: anyId })),
  merged(fc.record({ kind: kind('CreateWeakReference'), weak: anyId, object: anyId, callback: fc.boolean() }), code),
  merged(fc.record({ kind: kind('SetFinalizer'), object: anyId, resurrectsInto: idOrNull }), code),
  withContext(fc.record({ kind: kind('SetCallback'), weak: anyId, dropsFrom: idOrNull })),
  ...(['TrackObject', 'UntrackObject', 'MakeImmortal', 'ClearWeakReferences'] as const).map((name) =>
    withContext(fc.record({ kind: kind(name), object: anyId })),
  ),
)

const anyCollectorEvent: fc.Arbitrary<LogEvent> = fc.oneof(
  withContext(fc.record({ kind: kind('Collect'), generation: fc.nat(2) })),
  withContext(fc.record({ kind: kind('SetThresholds'), thresholds: fc.tuple(anyId, anyId, anyId) })),
  ...(['EnableCollector', 'DisableCollector', 'FreezeObjects', 'UnfreezeObjects', 'ClearGarbage', 'CheckEvalBreaker'] as const).map(
    (name) => withContext(fc.record({ kind: kind(name) })),
  ),
  withContext(fc.record({ kind: kind('SetSaveAll'), saveAll: fc.boolean() })),
  withContext(fc.record({ kind: kind('SetCallbacks'), callbacks: anyId })),
  withContext(fc.record({ kind: kind('ReleaseEarlierObject'), tracked: fc.boolean() })),
)

const anyDevice = fc.nat(254)
const onDevice = optional({ device: fc.integer({ min: 1, max: 254 }) })
const fraction = fc.double({ min: 0, max: 1, noNaN: true }).map((value) => value + 0)
const anyDeviceEvent: fc.Arbitrary<LogEvent> = fc.oneof(
  withContext(fc.record({ kind: kind('DeviceOpened'), device: anyDevice, capacityBytes: anyWhole, contextBytes: anyWhole })),
  merged(
    fc.record({ kind: kind('DeviceMalloc'), block: anyId, device: anyDevice, stream: anyId, bytes: anyWhole }),
    optional({ address: fc.option(anyWhole, { nil: null }) }),
  ),
  withContext(fc.record({ kind: kind('DeviceFree'), block: anyId })),
  withContext(fc.record({ kind: kind('RecordStream'), block: anyId, stream: anyId })),
  merged(fc.record({ kind: kind('CompleteStreamEvents'), stream: idOrNull }), optional({ device: anyDevice })),
  withContext(fc.record({ kind: kind('EmptyCache') })),
  merged(fc.record({ kind: kind('ResetPeakStats') }), onDevice),
  merged(fc.record({ kind: kind('SetMemoryFraction'), fraction }), onDevice),
  merged(fc.record({ kind: kind('BeginPool'), pool: anyId, stream: idOrNull }), onDevice),
  ...(['EndPool', 'ReleasePool'] as const).map((name) => merged(fc.record({ kind: kind(name), pool: anyId }), onDevice)),
  merged(
    fc.record({ kind: kind('CopyMemory'), direction: fc.constantFrom(...DIRECTIONS), bytes: anyWhole, pinned: fc.boolean() }),
    onDevice,
  ),
  withContext(
    fc.record({
      kind: kind('RestoreBlock'),
      block: idOrNull,
      bytes: anyWhole,
      requestedBytes: anyWhole,
      state: fc.constantFrom(...BLOCK_STATES),
    }),
  ),
)

const anyProcess = fc.integer({ min: 0, max: 254 })
const ofProcess = optional({ process: fc.integer({ min: 1, max: 254 }) })
const given = optional({ address: anyWhole, process: fc.integer({ min: 1, max: 254 }) })
const inMapping = { mapping: anyId, from: anyWhole, bytes: anyWhole }
const inBlock = { block: anyId, from: anyWhole, bytes: anyWhole }
const anyHostEvent: fc.Arbitrary<LogEvent> = fc.oneof(
  ...(['StartProcess', 'EndProcess'] as const).map((name) => withContext(fc.record({ kind: kind(name), process: anyProcess }))),
  merged(fc.record({ kind: kind('LibraryMalloc'), block: anyId, bytes: anyWhole }), given),
  merged(fc.record({ kind: kind('LibraryCalloc'), block: anyId, count: anyId, elementBytes: anyWhole }), given),
  merged(fc.record({ kind: kind('LibraryAlign'), block: anyId, alignment: anyId, bytes: anyWhole }), given),
  merged(fc.record({ kind: kind('LibraryRealloc'), block: idOrNull, newBlock: anyId, bytes: anyWhole }), given),
  merged(fc.record({ kind: kind('LibraryFree'), block: idOrNull }), ofProcess),
  merged(fc.record({ kind: kind('MapMemory'), mapping: anyId, bytes: anyWhole, backing: fc.constantFrom(...BACKINGS) }), given),
  ...(['UnmapMemory', 'TouchPages', 'CopyPages', 'ReadPages', 'ReleasePages'] as const).map((name) =>
    merged(fc.record({ kind: kind(name), ...inMapping }), ofProcess),
  ),
  merged(fc.record({ kind: kind('RemapMemory'), mapping: anyId, bytes: anyWhole }), given),
  merged(fc.record({ kind: kind('TouchBlock'), ...inBlock }), ofProcess),
  merged(fc.record({ kind: kind('AdviseHugePages'), ...inMapping, huge: fc.boolean() }), ofProcess),
  merged(fc.record({ kind: kind('AdviseHugeBlock'), ...inBlock, huge: fc.boolean() }), ofProcess),
  withContext(fc.record({ kind: kind('ReadFile'), bytes: anyWhole })),
  ...(['PowerOff', 'PowerOn'] as const).map((name) => withContext(fc.record({ kind: kind(name) }))),
)

/** Events whose every field lies in a column. */
export const anyColumnEvent: fc.Arbitrary<LogEvent> = fc.oneof(
  anyAllocatorEvent,
  anyObjectEvent,
  anyCollectorEvent,
  anyDeviceEvent,
  anyHostEvent,
)

export const anyPayloadEvent: fc.Arbitrary<LogEvent> = fc.oneof(
  withContext(fc.record({ kind: kind('Mark'), label: text })),
  withContext(fc.record({ kind: kind('DefineType'), type: anyId, layout: fc.constantFrom(...LAYOUTS), name: text })),
  withContext(fc.record({ kind: kind('DefineName'), name: anyId, text })),
  withContext(fc.record({ kind: kind('Configure'), settings: text })),
  withContext(
    fc.record({
      kind: kind('HostOpened'),
      ramBytes: anyWhole,
      swapBytes: anyWhole,
      romBytes: anyWhole,
      systemBytes: anyWhole,
      cacheBytes: anyWhole,
      touches: fc.constantFrom(...TOUCHES),
    }),
  ),
  fc
    .tuple(
      fc.record({ kind: kind('RestoreSegment'), stream: anyId, address: anyWhole, bytes: anyWhole }),
      optional({ device: fc.integer({ min: 1, max: 254 }), pool: anyId }),
      fc.record({ type: fc.constantFrom(...SEGMENT_TYPES), isExpandable: fc.boolean() }),
      context,
    )
    .map(([own, place, rest, more]) => ({ ...own, ...place, ...rest, ...more })),
  fc
    .tuple(fc.record({ kind: kind('Stack'), stack: anyId, frames: fc.array(frame, { maxLength: 3 }) }), context)
    .map(([own, { stack: _, ...more }]) => ({ ...own, ...more })),
  withContext(fc.record({ kind: kind('Observe'), of: text, values: fc.dictionary(text, json, { maxKeys: 4 }) })),
)

export const anyEvent: fc.Arbitrary<LogEvent> = fc.oneof(
  { weight: 3, arbitrary: anyColumnEvent },
  { weight: 1, arbitrary: anyPayloadEvent },
)
