import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { anyRow } from '../../test/arbitraries.ts'
import { columnsOf, HEADER, must, type Row, rowsOf } from '../../test/logs.ts'
import { isPacked, packLog, unpackLog } from './packed-log.ts'

async function packed(batches: readonly (readonly Row[])[]): Promise<Uint8Array<ArrayBuffer>> {
  async function* columns() {
    for (const rows of batches) yield columnsOf(rows)
  }
  const parts: Uint8Array[] = []
  for await (const part of packLog(HEADER, columns())) parts.push(part)
  return new Uint8Array(Buffer.concat(parts))
}

async function unpacked(bytes: Uint8Array<ArrayBuffer>): Promise<readonly Row[]> {
  const rows: Row[] = []
  for await (const batch of must(await unpackLog(new Blob([bytes]), 'log')).batches) rows.push(...rowsOf(must(batch)))
  return rows
}

describe('packed log', () => {
  test.prop([fc.array(fc.array(anyRow, { maxLength: 12 }), { maxLength: 4 })])(
    '[E60] what is packed comes back: every operand, context and detail of every row, in order',
    async (batches) => {
      const bytes = await packed(batches)
      expect(isPacked(bytes)).toBe(true)
      expect(await unpacked(bytes)).toEqual(batches.flat())
    },
  )

  test('[E61] numbers that are not whole, or too large for a difference, come back too', async () => {
    const odd = [0.5, -0, -3, 2 ** 53 - 1, Number.MIN_VALUE, Number.POSITIVE_INFINITY, 7, Number.NaN]
    const rows = odd.map((value): Row => ({ code: 1, tag: 0, id: 1, other: 2, size: value, address: value, context: {}, detail: null }))
    expect(await unpacked(await packed([rows, rows.slice(6)]))).toEqual([...rows, ...rows.slice(6)])
  })

  test('[E62] a number that repeats what the event is about costs no text, and comes back', async () => {
    const row: Row = { code: 1, tag: 0, id: 7, other: 0, size: 96, address: 140_000_000_000, context: {}, detail: null }
    const told = (id: number): Row => ({ ...row, id, detail: `{"address":140000000000,"bytes":96,"stream":0,"of":"140000000000"}` })
    const rows = [row, told(0xffff_ffff), told(8)]
    expect(await unpacked(await packed([rows]))).toEqual(rows)
  })

  test.prop([fc.nat(), fc.integer({ min: 1, max: 255 })])(
    '[E63] a damaged byte, wherever it is, is told in one line',
    async (place, change) => {
      const row: Row = { code: 1, tag: 0, id: 7, other: 0, size: 96, address: 4096, context: {}, detail: '{"a":1}' }
      const bytes = await packed([Array.from({ length: 50 }, () => row)])
      const at = place % bytes.length
      bytes[at] = (bytes[at] ?? 0) ^ change
      const opened = await unpackLog(new Blob([bytes]), 'log')
      const faults: string[] = opened._tag === 'Left' ? [opened.left.message] : []
      const rows: Row[] = []
      if (opened._tag === 'Right')
        for await (const batch of opened.right.batches) {
          if (batch._tag === 'Left') faults.push(batch.left.message)
          else rows.push(...rowsOf(batch.right))
        }
      // Bytes of gzip's own header, such as its time, mean nothing.
      if (faults.length === 0) expect(rows).toEqual(Array.from({ length: 50 }, () => row))
      for (const fault of faults) expect(fault).toMatch(/^log: [^\n]*; make the report again$/)
    },
  )

  test('[E64] a cut at any byte is told', async () => {
    const row: Row = { code: 1, tag: 0, id: 7, other: 0, size: 96, address: 4096, context: {}, detail: null }
    const bytes = await packed([Array.from({ length: 50 }, () => row)])
    for (let length = 0; length < bytes.length; length++) {
      const opened = await unpackLog(new Blob([bytes.slice(0, length)]), 'log')
      if (opened._tag === 'Left') continue
      let last = ''
      for await (const batch of opened.right.batches) last = batch._tag
      expect([length, last]).toEqual([length, 'Left'])
    }
  })
})
