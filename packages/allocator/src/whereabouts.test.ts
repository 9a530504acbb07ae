import type { Batch } from '@reheap/kernel'
import { Emit } from '@reheap/kernel'
import { expect, test } from 'vitest'
import { FIXTURES, readFixture } from '../test/recording.ts'
import { allocatorMechanism, emptyAllocator, pinnedArenas, type RequestOpcode, recordedSystem, whereaboutsOf } from './index.ts'

test.each(FIXTURES)('[A52] each live block lies where the real one lay, in the pool and arena that hold its address: %s', (name) => {
  const { profile, rows } = readFixture(name)
  const half = Math.floor(rows.length / 2)
  const draft = allocatorMechanism.thaw(emptyAllocator(profile, recordedSystem()))
  expect(allocatorMechanism.applyBatch(draft, rows as Batch<RequestOpcode>, 0, half, new Emit({ muted: true }))).toBe(-1)
  const recorded = new Map<number, number>()
  for (let row = 0; row < half; row++) recorded.set(rows.id[row], rows.address[row])
  const state = allocatorMechanism.seal(draft)
  let compared = 0
  for (const arena of pinnedArenas(state)) {
    for (const { block } of arena.blocks) {
      const where = whereaboutsOf(state, block)
      if (where === null || where.pool === null) throw new Error(`block ${block} lies in a pool`)
      const { pool, address, bytes } = where
      const real = recorded.get(block)
      if (real !== undefined && !Number.isNaN(real)) {
        compared++
        expect(address).toBe(real)
      }
      expect(pool.address).toBe(Math.floor((address ?? 0) / profile.poolBytes) * profile.poolBytes)
      expect([pool.arenaAddress, pool.arenaFreePools, pool.arenaPools]).toEqual([arena.address, arena.freePools, arena.pools])
      expect(pool.usedBlocks).toBeLessThanOrEqual(pool.blocks)
      expect(pool.blockBytes).toBeGreaterThanOrEqual(bytes)
    }
  }
  expect(compared).toBeGreaterThan(100)
  expect(whereaboutsOf(state, 2 ** 30)).toBeNull()
})
