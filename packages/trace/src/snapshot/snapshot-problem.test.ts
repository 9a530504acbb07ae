import { expect, test } from 'vitest'
import { pickled } from '../../test/pickle.ts'
import { AT, block, segment } from '../../test/snapshots.ts'
import { snapshotProblem } from './read-snapshot.ts'

const good = pickled({ segments: [segment(AT, [block(AT, 4096)])], device_traces: [[]] })

/** What is told of a file, and how many of its pieces of 16 bytes were asked for. */
async function look(bytes: Uint8Array, bytesMax: number): Promise<readonly [problem: string | null, asked: number]> {
  let asked = 0
  async function* pieces(): AsyncGenerator<Uint8Array> {
    for (let from = 0; from < bytes.length; from += 16) {
      asked++
      yield bytes.subarray(from, from + 16)
    }
  }
  const problem = await snapshotProblem(pieces(), { name: 'a.pickle', bytesMax })
  return [problem?.message ?? null, asked]
}

test('[T57] a good snapshot has no problem, and no more of it is read than was wanted', async () => {
  expect(await look(good, 1 << 20)).toEqual([null, Math.ceil(good.length / 16)])
  expect(await look(good, 60)).toEqual([null, 4])
})

test('[T57] what is wrong at the beginning is told, and what is wrong with the whole of a short one', async () => {
  const [opcode] = await look(Uint8Array.of(0x80, 4, 0x63, ...new Uint8Array(90)), 60)
  expect(opcode).toContain('which no snapshot has')
  const [none] = await look(Uint8Array.of(0x80, 4, 0x7d, 0x2e), 60)
  expect(none).toContain('expected a dict with segments')
  const [cut] = await look(good.subarray(0, good.length - 1), 1 << 20)
  expect(cut).toContain('a.pickle')
})
