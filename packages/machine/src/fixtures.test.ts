import { createReadStream, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { allocatorStats } from '@reheap/allocator'
import { readJsonl } from '@reheap/trace'
import { describe, expect, test } from 'vitest'
import { heapOf, profileOfRuntime, Replay, type Runtime, Verification } from './index.ts'

const FOLDER = fileURLToPath(new URL('../test/fixtures', import.meta.url))

const must = <A>(result: { readonly _tag: 'Left'; readonly left: unknown } | { readonly _tag: 'Right'; readonly right: A }): A => {
  if (result._tag === 'Left') throw new Error(JSON.stringify(result.left))
  return result.right
}

describe.each(readdirSync(FOLDER))('recording %s', (name) => {
  test('[M2] [M17] it verifies with no mismatch, and it needs as many arenas from a simulated system', async () => {
    const log = must(await readJsonl(createReadStream(`${FOLDER}/${name}`), { name }))
    const profile = must(profileOfRuntime(log.header.runtime as Runtime))
    const verification = new Verification(profile)
    const simulation = new Replay({ recorded: profile, placement: 'simulated', muted: true })
    for await (const read of log.batches) {
      const batch = must(read)
      must(verification.feed(batch))
      must(simulation.feed(batch))
    }
    const report = verification.report()
    expect(report).toMatchObject({ unanswered: 0, mismatches: 0 })
    expect(report.observations).toBeGreaterThan(report.events / 3)
    const { arenasAllocatedTotal, arenasReclaimed, arenasHighwater, arenas, bytesInAllocatedBlocks } = allocatorStats(
      heapOf(verification.state()),
    )
    const needed = { arenasAllocatedTotal, arenasReclaimed, arenasHighwater, arenas, bytesInAllocatedBlocks }
    expect(allocatorStats(heapOf(simulation.end()))).toMatchObject(needed)
  })
})
