import { readFileSync } from 'node:fs'
import { type Batch, Emit } from '@reheap/kernel'
import { describe, expect, test } from 'vitest'
import * as allocator from '../src/index.ts'
import { FIXTURES, fixtureUrl, readFixture } from './recording.ts'
import { firstMismatch } from './replay.ts'

const { allocatorMechanism, emptyAllocator, mallocStatsText, recordedSystem } = allocator

describe.each(FIXTURES)('%s', (name) => {
  const recording = readFixture(name)
  const { profile, rows, observations } = recording
  const ofStats = observations.filter(({ of }) => of === 'allocatorStats')

  test('[A47] every address and every observed figure is right', () => {
    expect(firstMismatch(allocator, recording)).toBeNull()
  })

  test('[A47] it holds what it is there for: arenas that come and go, and observations', () => {
    const { ArenaMapped, ArenaUnmapped } = allocator.REQUEST_OPCODES
    const count = (code: number): number => rows.code.subarray(0, rows.length).filter((one) => one === code).length
    expect(count(ArenaMapped)).toBeGreaterThan(4)
    expect(count(ArenaUnmapped)).toBeGreaterThan(2)
    expect(ofStats.length).toBeGreaterThan(1)
  })

  test('[A47] one spoilt address is found where it stands', () => {
    const row = rows.address.findIndex((address, place) => place > 10_000 && rows.size[place] === 64 && address > 0)
    const address = rows.address.slice()
    address[row] += 16
    expect(firstMismatch(allocator, { ...recording, rows: Object.assign(Object.create(rows), { address }) })).toMatch(`row ${row}: address`)
  })

  test('[A33] at each observation its text is, letter for letter, what the interpreter printed', () => {
    const printed = readFileSync(fixtureUrl(`${name}.txt`), 'utf8').split(/(?=^Small block)/m)
    const draft = allocatorMechanism.thaw(emptyAllocator(profile, recordedSystem()))
    let state = allocatorMechanism.seal(draft)
    const texts = ofStats.map(({ row }) => {
      const next = allocatorMechanism.thaw(state)
      allocatorMechanism.applyBatch(next, rows as Batch<allocator.RequestOpcode>, state.at, row, new Emit({ muted: true }))
      state = allocatorMechanism.seal(next)
      return mallocStatsText(state)
    })
    expect(texts).toEqual(printed)
  })
})
