import { createReadStream } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { simulatedSystem } from '@reheap/allocator'
import type { Trial } from '@reheap/cycle-gc'
import { ANY_LAYER_OPCODES, Emit } from '@reheap/kernel'
import { readJsonl } from '@reheap/trace'
import { expect, test } from 'vitest'
import { must } from '../test/recordings.ts'
import {
  emptyMachine,
  type LoggedStart,
  listenToSearches,
  machineMechanism,
  profileOfRuntime,
  type Runtime,
  startingFrom,
} from './index.ts'

/** Recorded by `reheap run` on CPython 3.13.2: five collections, no finalizer. */
const SESSIONS = fileURLToPath(new URL('../../cli/test/fixtures/sessions.jsonl.gz', import.meta.url))

test('[M90] each search finds unreachable what the real interpreter said it collected', async () => {
  const log = must(await readJsonl(createReadStream(SESSIONS), { name: 'sessions' }))
  const header = log.header as typeof log.header & { readonly collector: LoggedStart }
  const profile = startingFrom(must(profileOfRuntime(header.runtime as Runtime)), header.collector)
  const draft = machineMechanism.thaw(emptyMachine(profile, simulatedSystem()))
  const trials: Trial[] = []
  listenToSearches(draft, (trial) => trials.push(trial))
  const collected: number[] = []
  for await (const read of log.batches) {
    const batch = must(read)
    expect(machineMechanism.applyBatch(draft, batch, 0, batch.length, new Emit({ muted: true }))).toBe(-1)
    for (let row = 0; row < batch.length; row++) {
      const { of, values } = batch.code[row] === ANY_LAYER_OPCODES.Observe ? JSON.parse(batch.detail(row) ?? '{}') : { of: '', values: {} }
      if (of === 'collection') collected.push(values.collected)
    }
  }
  expect(collected.length).toBe(5)
  expect(trials.map(({ isReachable }) => isReachable.filter((reachable) => reachable === 0).length)).toEqual(collected)
  expect(trials.every(({ held, counts }) => held.every((left, place) => left <= (counts[place] ?? 0)))).toBe(true)
})
