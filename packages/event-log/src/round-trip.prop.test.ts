import { fc, test } from '@fast-check/vitest'
import { tableFromIPC } from 'apache-arrow'
import { describe, expect } from 'vitest'
import { anyColumns, anyRow } from '../test/arbitraries.ts'
import { logOf, must, open, readBatches, rowsOf } from '../test/logs.ts'

describe('round trip', () => {
  test.prop([fc.array(fc.array(anyRow, { maxLength: 12 }), { maxLength: 4 }), anyColumns])(
    '[E6] what is appended comes back, whichever columns the file has',
    async (batches, columns) => {
      const { log, index } = await logOf(batches, { columns })
      const opened = must(await open(log, index))
      expect(opened.damage).toEqual([])
      expect((await readBatches(opened)).flat()).toEqual(batches.flat())
    },
  )

  test.prop([fc.array(anyRow, { minLength: 1, maxLength: 12 }), anyColumns])(
    '[E5] context without a column stands in the detail under the empty key only',
    async (rows, columns) => {
      const { log } = await logOf([rows], { columns })
      const stored = tableFromIPC(log).getChild('detail')?.toArray() as (string | null)[]
      const batch = must(await must(await open(log)).batch(0))
      for (const [row, { context, detail }] of rows.entries()) {
        const homeless = Object.entries(context).filter(([field]) => !columns.some((column) => column === field))
        expect(batch.detail(row)).toBe(detail)
        if (homeless.length === 0) continue
        expect(stored[row]?.startsWith('{"":{')).toBe(true)
        for (const [field, value] of homeless) expect(stored[row]).toContain(`"${field}":${value}`)
      }
      expect(rowsOf(batch).map(({ context }) => context)).toEqual(rows.map(({ context }) => context))
    },
  )
})
