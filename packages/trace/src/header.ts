import { Whole } from '@reheap/kernel'
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import * as t from 'io-ts/lib/index.js'
import { closed } from './closed-codec.ts'
import { codecFault, type Fault, fault, shown } from './trace-error.ts'

/** Version of the JSON Lines format that this build reads and writes. */
export const FORMAT_VERSION = 1

const PointerBits = t.union([t.literal(32), t.literal(64)], '32 or 64')
/** Where the version does not tell the alignment of blocks: see AllocatorProfile. */
const Alignment = t.union([t.literal(8), t.literal(16)], '8 or 16')
const Runtime = closed(
  'runtime',
  ['name', 'version', 'pointerBits', 'alignmentBytes'],
  t.intersection([t.type({ name: t.string, version: t.string }), t.partial({ pointerBits: PointerBits, alignmentBytes: Alignment })]),
)
/** The simulated driver that gave a device log its addresses. */
const Driver = closed(
  'driver',
  ['kind', 'granularityBytes', 'mallocBase', 'reserveBase'],
  t.type({ kind: t.literal('firstFit'), granularityBytes: Whole, mallocBase: Whole, reserveBase: Whole }),
)
/** So many whole numbers; a tuple of io-ts would let more of them pass. */
const wholes = (count: number): t.Type<number[], number[], unknown> =>
  t.refinement(t.array(Whole), (numbers) => numbers.length === count, `list of ${count} whole numbers`)
const COLLECTOR_FIELDS = ['counts', 'objects', 'immortals', 'longLivedTotal', 'longLivedPending', 'heapSize', 'rootMarked'] as const
/** How the collector stood when the log begins: see CollectorStart of `@reheap/cycle-gc`. */
const Collector = closed(
  'collector',
  COLLECTOR_FIELDS,
  t.intersection([
    t.type({ counts: wholes(3), objects: wholes(4) }),
    t.partial({ immortals: Whole, longLivedTotal: Whole, longLivedPending: Whole, heapSize: Whole, rootMarked: Whole }),
  ]),
)
const CAPACITY_FIELDS = [
  'alignmentBytes',
  'smallRequestBytes',
  'poolHeaderBytes',
  'poolBytes',
  'arenaBytes',
  'mapTop',
  'thresholds',
  'freeListMax',
  'nestingMax',
] as const
const Capacities = closed(
  'capacities',
  CAPACITY_FIELDS,
  t.partial({
    alignmentBytes: Alignment,
    smallRequestBytes: Whole,
    poolHeaderBytes: Whole,
    poolBytes: Whole,
    arenaBytes: Whole,
    mapTop: Whole,
    thresholds: wholes(3),
    freeListMax: Whole,
    nestingMax: Whole,
  }),
)
/** Capacities of a made program, other than those of its runtime: all of the pools' or none, and such as pools can have. */
const FittingCapacities = t.refinement(
  Capacities,
  ({ alignmentBytes, smallRequestBytes, poolHeaderBytes, poolBytes, arenaBytes }) => {
    if (poolBytes === undefined)
      return [alignmentBytes, smallRequestBytes, poolHeaderBytes, arenaBytes].every((field) => field === undefined)
    if (alignmentBytes === undefined || smallRequestBytes === undefined || poolHeaderBytes === undefined || arenaBytes === undefined)
      return false
    const isPower = Number.isInteger(Math.log2(poolBytes)) && poolBytes <= 2 ** 20 && arenaBytes <= 2 ** 30
    const areWhole = smallRequestBytes % alignmentBytes === 0 && poolHeaderBytes % alignmentBytes === 0 && arenaBytes % poolBytes === 0
    return (
      isPower && areWhole && smallRequestBytes > 0 && poolHeaderBytes + 2 * smallRequestBytes <= poolBytes && arenaBytes >= 2 * poolBytes
    )
  },
  'set of capacities in which a pool holds two blocks and an arena two pools',
)
const HEADER_FIELDS = ['reheap', 'runtime', 'command', 'recordedAt', 'driver', 'collector', 'capacities'] as const

/** The first line of a log: which runtime was recorded, how and when. */
export const LogHeader = closed(
  'header',
  HEADER_FIELDS,
  t.intersection([
    t.type({ reheap: t.literal(FORMAT_VERSION), runtime: Runtime }),
    t.partial({ command: t.string, recordedAt: t.string, driver: Driver, collector: Collector, capacities: FittingCapacities }),
  ]),
)
export type LogHeader = t.TypeOf<typeof LogHeader>

const EXAMPLE = '{"reheap":1,"runtime":{"name":"cpython","version":"3.11.7","pointerBits":64}}'

/** A parsed first line as a header. The version is looked at first: another one may mean anything by the rest. */
export function decodeHeader(value: unknown): Either<Fault, LogHeader> {
  if (!t.UnknownRecord.is(value) || value.reheap === undefined)
    return left(fault(null, `the header of a log, such as ${EXAMPLE}`, shown(value), 'put a header before the events'))
  if (Number.isInteger(value.reheap) && value.reheap !== FORMAT_VERSION)
    return left(
      fault(
        'header.reheap',
        `format version ${FORMAT_VERSION}, the one that this build reads`,
        shown(value.reheap),
        'use a build that reads it',
      ),
    )
  const decoded = LogHeader.decode(value)
  return isLeft(decoded) ? left(codecFault('header', decoded.left)) : right(decoded.right)
}

/** A header as its line, fields in the order of the reference, with the line feed. */
export function headerLine(header: LogHeader): string {
  const { name, version, pointerBits, alignmentBytes } = header.runtime
  const { command, recordedAt, driver, collector, capacities } = header
  return `${JSON.stringify({
    reheap: header.reheap,
    runtime: { name, version, pointerBits, alignmentBytes },
    command,
    recordedAt,
    driver: driver && {
      kind: driver.kind,
      granularityBytes: driver.granularityBytes,
      mallocBase: driver.mallocBase,
      reserveBase: driver.reserveBase,
    },
    collector: collector && Object.fromEntries(COLLECTOR_FIELDS.map((name) => [name, collector[name]])),
    capacities: capacities && Object.fromEntries(CAPACITY_FIELDS.map((name) => [name, capacities[name]])),
  })}\n`
}
