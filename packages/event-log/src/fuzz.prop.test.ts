import { fc, test } from '@fast-check/vitest'
import { beforeAll, describe, expect } from 'vitest'
import { type LogBytes, logOf, open, someRows } from '../test/logs.ts'
import { decodeBatchHead } from './batch-head.ts'
import { checksumAround, type Hash, loadHash, putChecksum } from './checksum.ts'
import { storedColumns } from './columns.ts'
import { decodeEntry, ENTRY_BYTES } from './log-index.ts'
import { headBytes } from './message.ts'
import { prefixChecksumAt } from './prefix.ts'

/** Where the checksums of a log stand, so that a mutation can make them fit again. */
interface Seals {
  readonly prefixBytes: number
  readonly prefixAt: number
  readonly batches: readonly {
    readonly offset: number
    readonly head: number
    readonly end: number
    readonly first: number
    readonly at: number
  }[]
}

let hash: Hash
let whole: LogBytes
let seals: Seals

beforeAll(async () => {
  hash = await loadHash()
  whole = await logOf([someRows(3), someRows(40, 3)], { columns: ['thread'] })
  const entries = Array.from({ length: whole.index.length / ENTRY_BYTES }, (_, number) => {
    return decodeEntry(whole.index.subarray(number * ENTRY_BYTES), number, hash)
  })
  const batches = entries.flatMap((entry) => {
    if (entry?.kind !== 2) return []
    const message = whole.log.subarray(entry.offset, entry.offset + entry.bytes)
    const head = headBytes(message)
    const at = decodeBatchHead(message.subarray(0, head), storedColumns(['thread'])).bodyChecksumAt
    return [{ offset: entry.offset, head, end: entry.offset + entry.bytes, first: entry.first, at }]
  })
  seals = { prefixBytes: entries[0]?.bytes ?? 0, prefixAt: prefixChecksumAt(whole.log), batches }
})

/** Makes every checksum fit the bytes again. */
function resealed(log: Uint8Array): Uint8Array {
  const prefix = log.subarray(0, seals.prefixBytes)
  if (prefix.length === seals.prefixBytes) putChecksum(prefix, seals.prefixAt, checksumAround(hash, prefix, seals.prefixAt, 0n))
  for (const { offset, head, end, first, at } of seals.batches) {
    if (end > log.length) continue
    const bytes = log.subarray(offset, offset + head)
    putChecksum(bytes, at, hash(log.subarray(offset + head, end), 0n))
    putChecksum(bytes, at + 16, checksumAround(hash, bytes, at + 16, BigInt(first)))
  }
  return log
}

/** Opens and reads everything: must end, and may fail only with a value. */
async function readsOrFails(log: Uint8Array, index: Uint8Array | null): Promise<void> {
  const opened = await open(log, index)
  if (opened._tag === 'Left') {
    expect(opened.left.message).toMatch(/^test\.arrows[^\n]*$/)
    return
  }
  for await (const batch of opened.right.batches()) {
    if (batch._tag === 'Left') expect(batch.left.kind).toBe('DamagedBatch')
    else for (let row = 0; row < batch.right.length; row++) batch.right.detail(row)
  }
}

interface Mutation {
  readonly at: number
  readonly bytes: Uint8Array
}

/** Bytes to write over others: random ones, and the extremes of 32- and 64-bit numbers. */
const mutation: fc.Arbitrary<Mutation> = fc.record({
  at: fc.nat(1 << 13),
  bytes: fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 9 }),
    fc.constantFrom(
      Uint8Array.of(0xff, 0xff, 0xff, 0x7f),
      Uint8Array.of(0xff, 0xff, 0xff, 0xff),
      Uint8Array.of(0, 0, 0, 0x80),
      Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f),
      new Uint8Array(8),
    ),
  ),
})

function mutated(bytes: Uint8Array, mutations: readonly Mutation[]): Uint8Array {
  const copy = bytes.slice()
  for (const { at, bytes: over } of mutations) {
    const start = at % copy.length
    copy.set(over.subarray(0, copy.length - start), start)
  }
  return copy
}

const mutations = fc.array(mutation, { minLength: 1, maxLength: 4 })

describe('whatever the bytes are', () => {
  test.prop([mutations, fc.boolean(), fc.boolean()], { numRuns: 1500 })(
    '[E27] a mutated log, with checksums made to fit or not, gives a value or a LogError',
    async (changes, isSealed, isIndexed) => {
      const log = mutated(whole.log, changes)
      await readsOrFails(isSealed ? resealed(log) : log, isIndexed ? whole.index : null)
    },
  )

  test.prop([fc.nat(1 << 13), fc.integer({ min: 0, max: 255 }), fc.boolean()], { numRuns: 1500 })(
    '[E27] one changed byte behind fitting checksums gives a value or a LogError',
    async (at, value, isIndexed) => {
      const log = whole.log.slice()
      log[at % log.length] = value
      await readsOrFails(resealed(log), isIndexed ? whole.index : null)
    },
  )

  test.prop([mutations, fc.nat(1 << 13)], { numRuns: 300 })(
    '[E27] a mutated and cut index gives a value or a LogError',
    async (changes, end) => {
      await readsOrFails(whole.log, mutated(whole.index, changes).slice(0, end % (whole.index.length + 1)))
    },
  )

  test.prop([fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ maxLength: 100 })], { numRuns: 300 })(
    '[E27] random bytes give a LogError',
    async (log, index) => {
      expect((await open(log, index))._tag).toBe('Left')
      const framed = new Uint8Array(log.length + 8)
      framed.set([255, 255, 255, 255, log.length & 0xf8, 0, 0, 0])
      framed.set(log, 8)
      expect((await open(framed, index))._tag).toBe('Left')
    },
  )
})
