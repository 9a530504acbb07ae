import { readFileSync } from 'node:fs'
import { allocatorStats, sizeClassStats } from '@reheap/allocator'
import type { Sealed } from '@reheap/kernel'
import { heapOf, type MachineState, Replay } from '@reheap/machine'
import { beforeAll, expect, test } from 'vitest'
import { profileOfLog } from '../src/session/log-profile.ts'
import { type LogStore, readLog } from '../src/session/log-store.ts'
import { PythonSession } from '../src/session/python-session.ts'
import { HELLO } from './recordings.ts'

const figuresOf = (state: Sealed<MachineState>) => [allocatorStats(heapOf(state)), sizeClassStats(heapOf(state))]

let log: LogStore
beforeAll(async () => {
  const read = await readLog(new Blob([readFileSync(HELLO)]), 'hello', () => {})
  if (read._tag === 'Left') throw new Error(read.left)
  log = read.right
})

/** The figures after the first `at` events, of a replay from the beginning. */
function replayed(at: number): unknown {
  const profile = profileOfLog(log)
  if (profile._tag === 'Left') throw new Error(profile.left)
  const replay = new Replay({ recorded: profile.right })
  for (const batch of log.batches.within(0, at)) replay.feed(batch, Math.min(batch.length, at - batch.firstIndex))
  return figuresOf(replay.end())
}

test('[V40] a state is that of a replay from the beginning, in any order, and one that is kept stays when others are asked for', () => {
  const session = new PythonSession(log)
  session.open(() => {})
  const last = log.length
  const kept = [last, 40_000].map((at) => [at, session.stateAt(at)] as const)
  for (const at of [30_000, 100, last, 29_000, 28_999, 50_000, 50_001, 45_000]) expect(session.read(at, figuresOf)).toEqual(replayed(at))
  for (const [at, state] of kept) expect(figuresOf(state)).toEqual(replayed(at))
})
