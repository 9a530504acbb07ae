import { createReadStream, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { readJsonl } from '@reheap/trace'
import { describe, expect, test } from 'vitest'
import { profileOfRuntime, type Runtime, startingFrom, variationsOf, WhatIf } from '../src/index.ts'
import { must } from './recordings.ts'

const SCENARIOS = fileURLToPath(new URL('../../cli/scenarios/', import.meta.url))
const GENERATED = fileURLToPath(new URL('objects/', import.meta.url))

/** Programs that `reheap run` recorded, and generated ones: with the calls of the allocator and without. */
const LOGS = [SCENARIOS, GENERATED].flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.jsonl.gz') && !['array.jsonl.gz', 'pools.jsonl.gz'].includes(name))
    .map((name) => [name, `${folder}${name}`] as const),
)

/** Collections come at once, late and never; versions have other free lists, other triggers, other collectors. */
const VARIED = [
  'gc.threshold0=1,50,200,700,2000',
  'gc.enabled=false',
  'allocator.arenaSize=256KiB,1MiB,4MiB',
  'profile=cpython-3.6,cpython-3.8,cpython-3.11,cpython-3.12,cpython-3.13,cpython-3.14.0,cpython-3.14.2,cpython-3.14,cpython-3.15',
]

describe('what-ifs of every recording of objects that is kept here', () => {
  test.each(LOGS)(
    '[M28] [M33] %s is replayed to its end under every setting and version',
    async (name, path) => {
      const log = must(await readJsonl(createReadStream(path), { name }))
      const { collector } = log.header
      const recorded = startingFrom(must(profileOfRuntime(log.header.runtime as Runtime)), collector)
      const variations = VARIED.flatMap((given) => must(variationsOf([given], recorded)))
      const whatIf = new WhatIf({ recorded, start: collector, variations })
      for await (const batch of log.batches) must(whatIf.feed(must(batch)))
      const rows = must(whatIf.rows())
      expect(rows.length).toBe(variations.length + 1)
      for (const { liveBytes } of rows) expect(liveBytes).toBeGreaterThanOrEqual(0)
    },
    60_000,
  )
})
