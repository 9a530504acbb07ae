import { describe, expect, test } from 'vitest'
import { someOf } from '../../../../scripts/tests/effort.ts'
import { inTurn, RECORDABLE, recorded, textOf, verified } from './recorded.ts'

const outputs: Record<string, Record<string, string>> = JSON.parse(textOf('programs/outputs.json'))

describe.each(RECORDABLE)('programs, CPython %s', (version) => {
  test('[R36] [R40] recorded, each prints what it prints unrecorded, and its log replays without a difference', async () => {
    await inTurn(someOf(Object.keys(outputs), RECORDABLE.indexOf(version), 7), async (name) => {
      const run = await recorded(textOf(`programs/${name}`), { file: name, interpreter: version })
      expect(run.end, name).toEqual({ kind: 'finished' })
      expect(run.output, name).toBe(outputs[name]?.[version])
      const { mismatches, first, observations } = verified(run)
      expect(mismatches, `${name}: ${JSON.stringify(first.slice(0, 3))}`).toBe(0)
      expect(observations, name).toBeGreaterThan(40)
    })
  }, 400_000)
})
