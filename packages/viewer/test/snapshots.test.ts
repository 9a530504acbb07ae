import { createKeeper, type Sealed } from '@reheap/kernel'
import { describe, expect, test } from 'vitest'
import { type Kept, KeptStates } from '../src/session/snapshots.ts'

const keeper = createKeeper<Uint8Array>((bytes) => bytes.slice())

/** Keeps states of a size as a session does. @returns what was kept, and where */
function kept(events: number, bytes: number): { readonly states: KeptStates<Kept<Sealed<Uint8Array>>>; readonly at: readonly number[] } {
  const states = new KeptStates<Kept<Sealed<Uint8Array>>>(events)
  const state = keeper.sealed(new Uint8Array(bytes), 0)
  const at: number[] = []
  for (let index = 0; index < events; index += 1024) {
    if (index < states.next) continue
    states.add({ at: index, state }, state)
    at.push(index)
  }
  return { states, at }
}

describe('kept states', () => {
  test('[V40] small states are kept every 16,384 events, and at most about 256 of them', () => {
    expect(kept(100_000, 10).at).toEqual([0, 16_384, 32_768, 49_152, 65_536, 81_920, 98_304])
    const { at } = kept(10_000_000, 10)
    expect(at.length).toBeGreaterThan(200)
    expect(at.length).toBeLessThanOrEqual(256)
  })

  test('[V40] large states are kept so seldom that all of them stay within 256 MiB', () => {
    for (const mebibytes of [1, 20, 100]) {
      const { at } = kept(20_000_000, mebibytes * 2 ** 20)
      expect(at.length).toBeGreaterThanOrEqual(Math.min(200, Math.floor(256 / mebibytes)))
      expect(at.length * mebibytes).toBeLessThanOrEqual(256 + mebibytes)
    }
  })

  test('[V40] a replay begins at the last state that is not behind the cursor', () => {
    const { states } = kept(50_000, 10)
    expect([0, 16_383, 16_384, 49_999].map((at) => states.before(at)?.at)).toEqual([0, 0, 16_384, 49_152])
  })
})
