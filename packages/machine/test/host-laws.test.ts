import { owners, processMemory, type SwapTotals, swapTotals } from '@reheap/host-memory'
import { Emit } from '@reheap/kernel'
import { Conservation, hostPrograms } from '@reheap/properties'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { tries } from '../../../scripts/tests/effort.ts'
import { cpythonProfile, emptyMachine, machineMechanism, Replay } from '../src/index.ts'
import { HOSTED_TOP, systemOf } from '../src/placement.ts'
import { batchesOf, hosted, must } from './recordings.ts'

const PROFILES = ['3.8', '3.11', '3.13'] as const
const profiles = fc.constantFrom(...PROFILES).map((version) => cpythonProfile(version))
const runs = { numRuns: tries(150) }

test('[M57] each layer has what the one below gave it, after every event of any program', () => {
  let checked = 0
  fc.assert(
    fc.property(hostPrograms, profiles, ({ events, ending }, recorded) => {
      const replay = new Replay({ recorded, isHosted: true })
      const conservation = new Conservation()
      for (const batch of batchesOf([...events, ...ending], 7)) {
        conservation.feed(must(replay.feed(batch)), batch)
        expect(conservation.faults(hosted(replay.state()))).toEqual([])
      }
      checked += conservation.checked
    }),
    runs,
  )
  expect(checked).toBeGreaterThan(tries(1000))
})

test('[M58] when everything is freed only the heap, and arenas that the version keeps, are mapped; when the process ends, nothing is', () => {
  fc.assert(
    fc.property(hostPrograms, profiles, ({ events, ending }, recorded) => {
      const start = hosted(emptyMachine(recorded, systemOf('simulated'), { isHosted: true }))
      const replay = new Replay({ recorded, isHosted: true })
      for (const batch of batchesOf([...events, ...ending])) must(replay.feed(batch))
      const freed = processMemory(hosted(replay.state()), 0)
      // One arena is kept from 3.9 on.
      expect(freed.vmsBytes - freed.heapBytes).toBeLessThanOrEqual(recorded.allocator.arenaBytes)
      for (const batch of batchesOf([{ kind: 'EndProcess', process: 0 }])) must(replay.feed(batch))
      const ended = hosted(replay.end())
      expect(owners(ended)).toEqual(owners(start))
      expect(processMemory(ended, 0)).toMatchObject({ rssBytes: 0, vmsBytes: 0, heapBytes: 0, swapBytes: 0 })
    }),
    runs,
  )
})

/** Machines that are large enough, that have to swap, and that have nothing to swap to. */
const hosts = fc.constantFrom(
  {},
  { ramBytes: 2 ** 21, systemBytes: 2 ** 18, cacheBytes: 2 ** 16, swapBytes: 2 ** 23 },
  { ramBytes: 2 ** 21, systemBytes: 2 ** 18, cacheBytes: 2 ** 16, swapBytes: 0 },
)

test('[M56] the cut into batches, sealing in between, and who wants the facts change neither facts nor sizes', () => {
  let swapped = 0
  fc.assert(
    fc.property(hostPrograms, profiles, hosts, fc.integer({ min: 1, max: 9 }), ({ events }, recorded, host, rows) => {
      const ran = (size: number, seals: boolean, muted: boolean): readonly unknown[] => {
        const emit = new Emit({ muted })
        let draft = machineMechanism.thaw(emptyMachine(recorded, systemOf('simulated', HOSTED_TOP), { isHosted: true, host }))
        for (const batch of batchesOf(events, size)) {
          expect(machineMechanism.applyBatch(draft, batch, 0, batch.length, emit)).toBe(-1)
          if (seals) draft = machineMechanism.thaw(machineMechanism.seal(draft))
        }
        const { code, cause, id, length } = emit.facts
        const end = hosted(machineMechanism.seal(draft))
        const sizes = [processMemory(end, 0), owners(end), swapTotals(end)]
        return muted ? sizes : [...sizes, [...code.slice(0, length)], [...cause.slice(0, length)], [...id.slice(0, length)]]
      }
      const whole = ran(1000, false, false)
      expect(ran(rows, true, false)).toEqual(whole)
      expect(ran(rows, false, true)).toEqual(whole.slice(0, 3))
      swapped += (whole[2] as SwapTotals).swappedOutBytes > 0 ? 1 : 0
    }),
    runs,
  )
  expect(swapped).toBeGreaterThan(0)
})

test('[M56] a sealed machine does not change when the host goes on', () => {
  fc.assert(
    fc.property(hostPrograms, ({ events }) => {
      const replay = new Replay({ recorded: cpythonProfile('3.11'), isHosted: true })
      const half = Math.ceil(events.length / 2)
      for (const batch of batchesOf(events.slice(0, half))) must(replay.feed(batch))
      const sealed = hosted(replay.state())
      const before = JSON.stringify([processMemory(sealed, 0), owners(sealed)])
      for (const batch of batchesOf(events.slice(half))) must(replay.feed(batch))
      expect(JSON.stringify([processMemory(sealed, 0), owners(sealed)])).toBe(before)
    }),
    runs,
  )
})
