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

  test('[E66] details and frames that repeat cost next to nothing, and come back', async () => {
    const row: Row = { code: 1, tag: 0, id: 7, other: 0, size: 96, address: 4096, context: {}, detail: null }
    const frame = (line: number): string => `{"file":"${'long/'.repeat(20)}a.py","line":${line},"function":"<lambda> {x}"}`
    const plain = (line: number): string => `{"file":"${'long/'.repeat(20)}b.py","line":${line},"function":"f"}`
    const stack = (number: number): Row => ({
      ...row,
      code: 9,
      detail: `{"stack":${number},"frames":[${frame(number % 7)},${plain(number % 5)},${plain(number % 3)}]}`,
    })
    const told = (place: number): Row => ({
      ...row,
      code: place % 3,
      detail: place % 3 === 0 ? null : `{"of":"${place % 3}","a":[96,4096,01]}`,
    })
    const rows = [0, 1, 2, 7, 8, 3, 3, 0].map(stack)
    const many = Array.from({ length: 3000 }, (_, place) => told(place))
    expect(await unpacked(await packed([rows, many, rows]))).toEqual([...rows, ...many, ...rows])
    const without = (await packed([rows, many.map((each) => ({ ...each, detail: null }))])).length
    expect((await packed([rows, many])).length).toBeLessThan(without + 200)
  })

  test('[E67] values, differences and what is lacking to the largest come back, each where it packs best', async () => {
    let seed = 7
    const random = (max: number): number => {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
      return Math.floor((seed / 2 ** 32) * max)
    }
    const row: Row = { code: 1, tag: 0, id: 0, other: 0, size: 0, address: 0, context: {}, detail: null }
    const made = Array.from({ length: 4000 }, (_, place): Row => ({ ...row, id: place, size: random(4096), address: 2 ** 40 + 16 * place }))
    // What is freed is one of the youngest.
    const freed = Array.from({ length: 4000 }, (_, place): Row => ({ ...row, code: 2, id: Math.max(0, place - random(200)), size: -place }))
    const rows = made.flatMap((each, place) => [each, freed[place] as Row])
    const bytes = await packed([rows.slice(0, 5000), rows.slice(5000)])
    expect(await unpacked(bytes)).toEqual(rows)
    // Twelve bits of a size and less than eight of a block that is freed, and little more.
    expect(bytes.length).toBeLessThan(((12 + 8) / 8) * 4000 * 1.3)
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
