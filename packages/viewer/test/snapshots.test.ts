import { createKeeper } from '@reheap/kernel'
import { describe, expect, test } from 'vitest'
import { KeptStates } from '../src/session/snapshots.ts'

interface Bytes {
  readonly bytes: Uint8Array
}
const keeper = createKeeper<Bytes>(({ bytes }) => ({ bytes: bytes.slice() }))

/** Keeps states of a size as a session does. @param change writes what differs from the state before @returns what was kept, and where */
function kept(events: number, bytes: number, change: (bytes: Uint8Array, index: number) => void = () => {}) {
  const states = new KeptStates<Bytes>(events)
  const at: number[] = []
  const now = new Uint8Array(bytes)
  for (let index = 0; index < events; index += 1024) {
    if (index < states.next) continue
    change(now, index)
    states.add(keeper.sealed({ bytes: now.slice() }, index), index)
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

  test('[V40] large states are kept less often', () => {
    const spacing = (mebibytes: number): number => kept(2_000_000, mebibytes * 2 ** 20).at[1] ?? 0
    expect([4, 16, 64].map(spacing)).toEqual([32_768, 131_072, 524_288])
  })

  test('[V40] states that differ in every word are kept so seldom that all of them stay within 256 MiB', () => {
    const mebibytes = 2
    const { at } = kept(20_000_000, mebibytes * 2 ** 20, (bytes, index) => bytes.fill(1 + ((index / 1024) % 255)))
    expect(at.length).toBeGreaterThan(10)
    expect(at.length * mebibytes).toBeLessThanOrEqual(256)
  })

  test('[V40] a replay begins at the last state that is not behind the cursor, as it was', () => {
    const { states } = kept(50_000, 4000, (bytes, index) => bytes.fill(index % 251, 100, 200))
    expect([0, 16_383, 16_384, 49_999].map((at) => states.before(at)?.at)).toEqual([0, 0, 16_384, 49_152])
    expect(states.before(40_000)?.use((state) => keeper.read(state).bytes[150])).toBe(32_768 % 251)
  })
})
