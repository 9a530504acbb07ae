import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { heapLog, heapPrograms, heapSubject, lawsOf, registerLaws, tinySettings } from '@reheap/properties'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { tries } from '../../../scripts/tests/effort.ts'
import { machineHeap } from '../../cli/src/check/machine-suite.ts'
import { replayedLog } from './json-log.ts'

const SEED = fc.sample(fc.nat(2 ** 31 - 1), 1)[0] as number
const folder = mkdtempSync(join(tmpdir(), 'reheap-machine-laws-'))
console.log(`laws of the machine: seed ${SEED}, counterexamples in ${folder}`)

const subject = heapSubject(machineHeap, heapPrograms(tinySettings, true, 20))
registerLaws((name, run) => test(`[M40] ${name}`, run), lawsOf(subject), { runs: tries(20), seed: SEED, folder })

test('[M41] no leaks, over many programs: objects, blocks, pools and arenas', () => {
  const law = lawsOf(subject).find(({ name }) => name.endsWith('no leaks'))
  law?.run({ runs: tries(300), seed: SEED, folder })
})

test('[M42] the log of a program is read and replayed, with the facts that its requests have', async () => {
  const programs = fc.sample(heapPrograms(fc.constant({ version: '3.13', tiny: null })), { numRuns: tries(20), seed: 42 })
  for (const { setting, requests } of programs) {
    let state = subject.initial(setting)
    const facts: number[] = []
    for (const request of requests) {
      const stepped = subject.reducer.step(state, request)
      if (stepped._tag === 'Left') throw new Error(JSON.stringify(stepped.left))
      state = stepped.right.state
      facts.push(stepped.right.emitted.length)
    }
    const replayed = await replayedLog(heapLog({ setting, requests }))
    // The mark with the setting stands before the requests.
    expect(replayed.factsOfRow.slice(1)).toEqual(facts)
    expect(subject.figures(replayed.state)).toEqual(subject.figures(state))
  }
})
