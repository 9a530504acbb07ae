import { Duplex } from 'node:stream'
import { createGzip } from 'node:zlib'
import { base85, fromBase85, packLog } from '@reheap/event-log'
import { ANY_LAYER_OPCODES, EventColumns, NO_ID } from '@reheap/kernel'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readLog } from '../src/session/log-store.ts'

/** A log as a report holds it. */
async function packed(): Promise<Uint8Array<ArrayBuffer>> {
  async function* batches() {
    const log = new EventColumns()
    for (let row = 0; row < 2000; row++) {
      log.push(ANY_LAYER_OPCODES.Mark, 0, NO_ID, NO_ID, Number.NaN, Number.NaN)
      log.setDetail(row, `{"label":"mark ${row * row}"}`)
    }
    yield log
  }
  const header = { reheap: 1, runtime: { name: 'cpython', version: '3.11.7', pointerBits: 64 } } as const
  let text = ''
  for await (const part of base85(packLog(header, batches(), Duplex.toWeb(createGzip()) as never))) text += part
  return fromBase85(text)
}

test('[V3] a report whose log is cut or changed anywhere is refused with one line, or read', async () => {
  const whole = await packed()
  const read = await readLog(new Blob([whole]), 'log', () => {})
  expect(read._tag === 'Right' && read.right.length).toBe(2000)
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: whole.length - 1 }),
      fc.integer({ min: 1, max: 255 }),
      fc.boolean(),
      async (at, flip, isCut) => {
        const bytes = isCut ? whole.slice(0, at) : whole.map((byte, place) => (place === at ? byte ^ flip : byte))
        const told = await readLog(new Blob([bytes]), 'log', () => {})
        if (told._tag === 'Left') expect(told.left).toMatch(/^log: [^\n]+$/)
      },
    ),
    { numRuns: 150 },
  )
})
