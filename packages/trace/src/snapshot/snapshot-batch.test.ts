import { ANY_LAYER_OPCODES } from '@reheap/kernel'
import { expect, test } from 'vitest'
import { pickled } from '../../test/pickle.ts'
import { AT, entry, MIB, told } from '../../test/snapshots.ts'

const frames = (line: number): { filename: string; line: number; name: string }[] => [{ filename: 'a.py', line, name: 'f' }]

test('[T41] a stack tells its id before its frames are put into words, and then the same as its row', async () => {
  const trace = [1, 2, 1].map((line) => entry('oom', AT, MIB, { frames: frames(line) }))
  const { batches, events } = await told(pickled({ segments: [], device_traces: [trace] }))
  const [batch] = batches
  const rows = events.flatMap(({ kind }, row) => (kind === 'Stack' ? [row] : []))
  expect(rows.map((row) => batch?.code[row])).toEqual([ANY_LAYER_OPCODES.Stack, ANY_LAYER_OPCODES.Stack])
  const waiting = rows.map((row) => batch?.stackAt?.(row))
  expect(waiting.map((one) => one?.stack)).toEqual([0, 1])
  expect(waiting.map((one) => one?.detail())).toEqual(rows.map((row) => batch?.detail(row)))
  expect(waiting.map((one) => JSON.parse(one?.detail() ?? '').frames[0].line)).toEqual([1, 2])
})
