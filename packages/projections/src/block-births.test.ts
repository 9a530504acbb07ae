import { fc, test } from '@fast-check/vitest'
import { REQUEST_OPCODES } from '@reheap/allocator'
import { EventColumns, NOT_GIVEN } from '@reheap/kernel'
import { REQUEST_OPCODES as OBJECTS } from '@reheap/refcount'
import { expect } from 'vitest'
import { BlockBirths } from './block-births.ts'
import { ObjectBirths } from './object-births.ts'
import type { PastEvents } from './past-events.ts'

interface Event {
  readonly kind: 'Malloc' | 'Realloc' | 'CreateObject' | 'ResizeObject' | 'Free'
  /** Block, or object. */
  readonly id: number
  /** New block, or block of the object. */
  readonly other: number
}

/** Few numbers, which are used again and again. */
const events: fc.Arbitrary<readonly Event[]> = fc.array(
  fc.record({
    kind: fc.constantFrom('Malloc', 'Realloc', 'CreateObject', 'ResizeObject', 'Free'),
    id: fc.nat(4),
    other: fc.nat(4),
  }),
  { maxLength: 40 },
)

const TYPE = 9

function logOf(all: readonly Event[]): { readonly past: PastEvents; readonly rows: EventColumns } {
  const rows = new EventColumns(all.length)
  for (const { kind, id, other } of all)
    if (kind === 'CreateObject') rows.push(OBJECTS[kind], 0, id, TYPE, 8, other)
    else if (kind === 'ResizeObject') rows.push(OBJECTS[kind], 0, id, 0, 8, NOT_GIVEN)
    else rows.push(REQUEST_OPCODES[kind], 0, id, other, 8, NOT_GIVEN)
  const batches: PastEvents['batches'] = {
    value: (column, index) => rows[column]?.[index] ?? null,
    having: () => [rows],
  }
  return { past: { length: all.length, batches }, rows }
}

/** The last event before `at` that fits; -1: none. */
const lastOf = (all: readonly Event[], at: number, fits: (event: Event) => boolean): number => all.slice(0, at).findLastIndex(fits)

const bornIn = (all: readonly Event[], block: number, at: number): number =>
  lastOf(all, at, ({ kind, id, other }) => (kind === 'Malloc' && id === block) || (kind === 'Realloc' && other === block))

/** The object that a block, or one that it was resized from, was made for; null: none. */
function ownerIn(all: readonly Event[], block: number, at: number): number | null {
  const born = bornIn(all, block, at)
  if (born < 0) return null
  const made = lastOf(all, at, ({ kind, other }) => kind === 'CreateObject' && other === block)
  if (made > born) return all[made]?.id ?? null
  return all[born]?.kind === 'Realloc' ? ownerIn(all, all[born]?.id ?? -1, born) : null
}

test.prop([events])('[P31] what made a block, and the object that it was made for, are found at any event', (all) => {
  const { past, rows } = logOf(all)
  const births = new BlockBirths(past)
  births.feed(rows)
  for (let at = 0; at <= all.length; at++)
    for (let block = 0; block <= 4; block++) {
      const born = births.born(block, at)
      expect([at, block, born]).toEqual([at, block, bornIn(all, block, at)])
      const owner = ownerIn(all, block, at)
      expect([at, block, births.owner(block, born, at)]).toEqual([at, block, owner === null ? null : { object: owner, type: TYPE }])
    }
})

test.prop([events])('[P31] what made an object, and what resized it, are found at any event', (all) => {
  const births = new ObjectBirths(logOf(all).past)
  for (let at = 0; at <= all.length; at++)
    for (let object = 0; object <= 4; object++) {
      const last = (wanted: Event['kind']): number => lastOf(all, at, ({ kind, id }) => kind === wanted && id === object)
      expect([births.created(object, at), births.resized(object, at)]).toEqual([last('CreateObject'), last('ResizeObject')])
    }
})
