/**
 * What a program asks of the allocator (requests), what the system answered when the program was
 * recorded (ArenaMapped, ArenaUnmapped), and what the allocator answers (facts).
 */
import { Id, Whole } from '@reheap/kernel'
import * as t from 'io-ts/lib/index.js'

/** Allocator domains of CPython, by their number in a batch's `tag` column. */
export const DOMAINS = ['raw', 'mem', 'obj'] as const
/** Which of the three families of functions was called: `PyMem_Raw*`, `PyMem_*` or `PyObject_*`. */
export const Domain = t.keyof({ raw: null, mem: null, obj: null }, 'domain (raw, mem or obj)')
export type Domain = (typeof DOMAINS)[number]

const observedAddress = t.partial({ address: Whole })
const nullableId = t.union([Id, t.null], 'id or null (whole number from 0 to 4294967294)')

/** `malloc(bytes)`: `address` is what the real runtime returned. */
export const Malloc = t.intersection([t.type({ kind: t.literal('Malloc'), domain: Domain, block: Id, bytes: Whole }), observedAddress])
/** `calloc`: a block of `count` times `elementBytes`, zeroed. @unit bytes */
export const Calloc = t.intersection([
  t.type({ kind: t.literal('Calloc'), domain: Domain, block: Id, count: Id, elementBytes: Whole }),
  observedAddress,
])
/** `realloc(block, bytes)`: `block` dies, `newBlock` is born; `block` null is `realloc(NULL, bytes)`. */
export const Realloc = t.intersection([
  t.type({ kind: t.literal('Realloc'), domain: Domain, block: nullableId, newBlock: Id, bytes: Whole }),
  observedAddress,
])
/** `free(block)`; null is `free(NULL)`. */
export const Free = t.type({ kind: t.literal('Free'), domain: Domain, block: nullableId })
/** The system gave an arena, or refused one (address null): stands just before the request that wanted it. */
export const ArenaMapped = t.type({
  kind: t.literal('ArenaMapped'),
  address: t.union([Whole, t.null], 'address or null (whole number from 0 to 9007199254740991)'),
  bytes: Whole,
})
/** The allocator gave an arena back: stands just before the request that emptied it. */
export const ArenaUnmapped = t.type({ kind: t.literal('ArenaUnmapped'), address: Whole })
/** An interpreter with a heap of its own ended and gave every arena back; no block was live in it. */
export const ReleaseHeap = t.type({ kind: t.literal('ReleaseHeap') })

/** What a program asks of the allocator, as a tagged value. */
export const Request = t.union([Malloc, Calloc, Realloc, Free, ArenaMapped, ArenaUnmapped, ReleaseHeap])
export type Request = t.TypeOf<typeof Request>

/**
 * Opcodes of requests, and their operand columns:
 *
 * | kind          | tag    | id              | other    | size         | address  |
 * |---------------|--------|-----------------|----------|--------------|----------|
 * | Malloc        | domain | block           |          | bytes        | observed |
 * | Calloc        | domain | block           | count    | elementBytes | observed |
 * | Realloc       | domain | block or none   | newBlock | bytes        | observed |
 * | Free          | domain | block or none   |          |              |          |
 * | ArenaMapped   |        |                 |          | bytes        | address, NaN: refused |
 * | ArenaUnmapped |        |                 |          |              | address  |
 * | ReleaseHeap   |        |                 |          |              |          |
 */
export const REQUEST_OPCODES = {
  Malloc: 1,
  Calloc: 2,
  Realloc: 3,
  Free: 4,
  ArenaMapped: 5,
  ArenaUnmapped: 6,
  ReleaseHeap: 7,
} as const satisfies Record<Request['kind'], number>
/** Number of a request in the `code` column. */
export type RequestOpcode = (typeof REQUEST_OPCODES)[Request['kind']]

/** What the allocator answers. Addresses and sizes in bytes. */
export type Fact =
  /** A block of a pool was handed out. `bytes` is what was asked for, the block holds the size of its class. */
  | { readonly kind: 'BlockPlaced'; readonly block: number; readonly bytes: number; readonly address: number; readonly sizeClass: number }
  /** `realloc` left a block of a pool where it is; it goes by a new id. */
  | {
      readonly kind: 'BlockResized'
      readonly block: number
      readonly previousBytes: number
      readonly bytes: number
      readonly address: number
      readonly sizeClass: number
    }
  | { readonly kind: 'BlockReturned'; readonly block: number; readonly bytes: number; readonly address: number; readonly sizeClass: number }
  /** The C library was asked instead of a pool; it chose the address (null if the log does not say). */
  | {
      readonly kind: 'BlockPassedOn'
      readonly block: number
      readonly bytes: number
      readonly address: number | null
      readonly domain: Domain
    }
  /** A block of the C library was freed. */
  | {
      readonly kind: 'BlockHandedBack'
      readonly block: number
      readonly bytes: number
      readonly address: number | null
      readonly domain: Domain
    }
  /** A pool was taken from an arena for a size class. */
  | { readonly kind: 'PoolOpened'; readonly address: number; readonly sizeClass: number }
  /** The last block of a pool was freed; the arena may give the pool to any class. */
  | { readonly kind: 'PoolClosed'; readonly address: number; readonly sizeClass: number }
  | { readonly kind: 'ArenaOpened'; readonly address: number; readonly bytes: number }
  | { readonly kind: 'ArenaReleased'; readonly address: number; readonly bytes: number }
  /** An arena was wanted and the system gave none: the request went to the C library. */
  | { readonly kind: 'ArenaRefused'; readonly bytes: number }

/**
 * Opcodes of facts, and their operand columns:
 *
 * | kind            | tag       | id       | other         | size  | address |
 * |-----------------|-----------|----------|---------------|-------|---------|
 * | BlockPlaced     | sizeClass | block    |               | bytes | address |
 * | BlockResized    | sizeClass | newBlock | previousBytes | bytes | address |
 * | BlockReturned   | sizeClass | block    |               | bytes | address |
 * | BlockPassedOn   | domain    | block    |               | bytes | address |
 * | BlockHandedBack | domain    | block    |               | bytes | address |
 * | PoolOpened      | sizeClass |          |               |       | address |
 * | PoolClosed      | sizeClass |          |               |       | address |
 * | ArenaOpened     |           |          |               | bytes | address |
 * | ArenaReleased   |           |          |               | bytes | address |
 * | ArenaRefused    |           |          |               | bytes |         |
 */
export const FACT_OPCODES = {
  BlockPlaced: 1,
  BlockResized: 2,
  BlockReturned: 3,
  BlockPassedOn: 4,
  BlockHandedBack: 5,
  PoolOpened: 6,
  PoolClosed: 7,
  ArenaOpened: 8,
  ArenaReleased: 9,
  ArenaRefused: 10,
} as const satisfies Record<Fact['kind'], number>
/** Number of a fact in the `code` column. */
export type FactOpcode = (typeof FACT_OPCODES)[Fact['kind']]
