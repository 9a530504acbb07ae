import { fc, test } from '@fast-check/vitest'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Anatomy, anatomyOf, resealed } from '../test/forgery.ts'
import { type LogBytes, logOf, must, mustFail, open, type Row, someRows } from '../test/logs.ts'

let whole: LogBytes
let anatomy: Anatomy

beforeAll(async () => {
  whole = await logOf([someRows(3), someRows(40, 3)], { columns: ['thread'] })
  anatomy = await anatomyOf(whole, ['thread'])
})

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

describe('behind fitting checksums', () => {
  it('[E27] a detail that lies outside its batch is damage', async () => {
    const { layout, body } = anatomy.batches[1] as Anatomy['batches'][number]
    for (const offsets of [
      [-1, 4],
      [4, 3],
      [0, 1 << 30],
    ]) {
      const log = whole.log.slice()
      new Int32Array(log.buffer, body + layout.detailOffsets, 3).set([0, ...offsets])
      log[body + layout.detailValidity] = 0b10
      const opened = must(await open(resealed(log, anatomy)))
      must(await opened.batch(0))
      expect(mustFail(await opened.batch(1)).message).toContain('a detail lies outside its batch')
    }
  })

  it('[E27] a kind that the log does not name is damage', async () => {
    const { layout, body } = anatomy.batches[1] as Anatomy['batches'][number]
    const log = whole.log.slice()
    log[body + (layout.columns[0] ?? 0) + 7] = 3
    expect(mustFail(await must(await open(resealed(log, anatomy))).batch(1)).message).toContain(
      'a row is of kind 3, which the log does not name',
    )
  })

  it('[E27] a field that has both a column and a place in a detail is damage', async () => {
    const forged = await logOf([[{ ...(someRows(1)[0] as Row), detail: '{"a":{"thread":1},"b":2}' }]], { columns: ['thread'] })
    const parts = await anatomyOf(forged, ['thread'])
    const { layout, body } = parts.batches[0] as Anatomy['batches'][number]
    forged.log.set(new TextEncoder().encode('{"":{"thread":1},"bb":2}'), body + layout.detailText)
    expect(mustFail(await must(await open(resealed(forged.log, parts))).batch(0)).message).toContain(
      'a detail holds a thread beside the column thread',
    )
  })
})

describe('whatever the bytes are', () => {
  test.prop([mutations, fc.boolean(), fc.boolean()], { numRuns: 1500 })(
    '[E27] a mutated log, with checksums made to fit or not, gives a value or a LogError',
    async (changes, isSealed, isIndexed) => {
      const log = mutated(whole.log, changes)
      await readsOrFails(isSealed ? resealed(log, anatomy) : log, isIndexed ? whole.index : null)
    },
  )

  test.prop([fc.nat(1 << 13), fc.integer({ min: 0, max: 255 }), fc.boolean()], { numRuns: 1500 })(
    '[E27] one changed byte behind fitting checksums gives a value or a LogError',
    async (at, value, isIndexed) => {
      const log = whole.log.slice()
      log[at % log.length] = value
      await readsOrFails(resealed(log, anatomy), isIndexed ? whole.index : null)
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
