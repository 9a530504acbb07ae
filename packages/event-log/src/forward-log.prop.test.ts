import { fc, test } from '@fast-check/vitest'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Anatomy, anatomyOf, resealed } from '../test/forgery.ts'
import { type LogBytes, logOf, must, open, type Row, rowsOf, someRows, VOCABULARY } from '../test/logs.ts'
import { openForward } from './forward-log.ts'
import { bytesSource } from './source.ts'

const BATCHES = [someRows(3), someRows(40, 3), someRows(7, 43)]
let whole: LogBytes
let anatomy: Anatomy

beforeAll(async () => {
  whole = await logOf(BATCHES, { columns: ['thread'] })
  anatomy = await anatomyOf(whole, ['thread'])
})

/** All that a reader is told of a log. */
interface Told {
  readonly rows: readonly Row[][]
  readonly fault: string | null
  /** Of a log with a fault it does not matter. */
  readonly damage: readonly string[]
}

async function gathered(
  batches: AsyncIterable<{ _tag: 'Left'; left: { message: string } } | { _tag: 'Right'; right: Parameters<typeof rowsOf>[0] }>,
  damage: readonly { readonly message: string }[],
): Promise<Told> {
  const rows: Row[][] = []
  for await (const batch of batches) {
    if (batch._tag === 'Left') return { rows, fault: batch.left.message, damage: [] }
    rows.push(rowsOf(batch.right))
  }
  return { rows, fault: null, damage: damage.map(({ message }) => message) }
}

const refused = (message: string): Told => ({ rows: [], fault: message, damage: [] })

async function scanned(log: Uint8Array): Promise<Told> {
  const opened = await open(log)
  return opened._tag === 'Left' ? refused(opened.left.message) : gathered(opened.right.batches(), opened.right.damage)
}

async function forward(log: Uint8Array): Promise<Told> {
  const opened = await openForward(bytesSource(log, 'test.arrows'), { vocabulary: VOCABULARY })
  return opened._tag === 'Left' ? refused(opened.left.message) : gathered(opened.right.batches, opened.right.damage)
}

describe('a log that is read once', () => {
  it('[E69] has the batches, and no byte of it is read twice but for heads', async () => {
    let bytes = 0
    const source = bytesSource(whole.log, 'test.arrows')
    const counted = {
      ...source,
      read: (at: number, length: number) => {
        bytes += Math.min(length, whole.log.length - at)
        return source.read(at, length)
      },
    }
    const opened = must(await openForward(counted, { vocabulary: VOCABULARY }))
    expect((await gathered(opened.batches, opened.damage)).rows).toEqual(BATCHES)
    const heads = 2048 * (BATCHES.length + 4)
    expect(bytes).toBeLessThan(whole.log.length + heads)
  })

  it('[E69] is told as a scanned one is, wherever it is cut', async () => {
    for (let end = 0; end <= whole.log.length; end += end < whole.log.length - 64 ? 37 : 1) {
      const cut = whole.log.slice(0, end)
      expect({ end, ...(await forward(cut)) }).toEqual({ end, ...(await scanned(cut)) })
    }
  })

  test.prop([fc.nat(1 << 13), fc.integer({ min: 0, max: 255 }), fc.boolean(), fc.nat(200)], { numRuns: 1500 })(
    '[E69] is told as a scanned one is, whatever byte of it is another, also behind fitting checksums and before a cut',
    async (at, value, isSealed, lost) => {
      const log = whole.log.slice()
      log[at % log.length] = value
      const damaged = (isSealed ? resealed(log, anatomy) : log).slice(0, log.length - (lost > 100 ? 0 : lost))
      expect(await forward(damaged)).toEqual(await scanned(damaged))
    },
  )
})
