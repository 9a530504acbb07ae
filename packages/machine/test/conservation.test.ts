import { createReadStream, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { sliceEvents } from '@reheap/kernel'
import { Conservation } from '@reheap/properties'
import { readJsonl } from '@reheap/trace'
import { describe, expect, test } from 'vitest'
import { profileOfRuntime, Replay, type Runtime } from '../src/index.ts'
import { hosted, must } from './recordings.ts'

const folders = ['../../allocator/test/fixtures', '../../trace/test/fixtures', './fixtures'].map((path) =>
  fileURLToPath(new URL(path, import.meta.url)),
)
const RECORDINGS = folders.flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => /^cpython-.*\.jsonl\.gz$/.test(name))
    .map((name) => [name, `${folder}/${name}`] as const),
)

/** The layers are compared after so many events. */
const ROWS = 4096

describe.each(RECORDINGS)('%s', (name, path) => {
  test.each(['recorded', 'simulated'] as const)('[M57] each layer has what the one below gave it, arenas %s', async (placement) => {
    const log = must(await readJsonl(createReadStream(path), { name }))
    const recorded = must(profileOfRuntime(log.header.runtime as Runtime))
    const replay = new Replay({ recorded, placement, isHosted: true })
    const conservation = new Conservation()
    for await (const read of log.batches) {
      const batch = must(read)
      for (let from = 0; from < batch.length; from += ROWS) {
        const rows = sliceEvents(batch, from, Math.min(from + ROWS, batch.length))
        conservation.feed(must(replay.feed(rows)), rows)
        expect(conservation.faults(hosted(replay.state()))).toEqual([])
      }
    }
    expect(conservation.checked).toBeGreaterThan(0)
  })
})
