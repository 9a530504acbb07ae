import { ALLOCATOR_PROFILES, type Fact, REJECTIONS } from '@reheap/allocator'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type AllocatorProgram,
  allocatorPrograms,
  impossibleRequests,
  NaivePymalloc,
  realProfiles,
  recordedPrograms,
  tinyProfiles,
} from '../src/index.ts'

const SEED = 20
const tiny = fc.sample(allocatorPrograms(tinyProfiles), { numRuns: 300, seed: SEED })

/** Runs a program on the model; `see` is called after each request. */
function run({ setting, requests }: AllocatorProgram, see: (model: NaivePymalloc, facts: readonly Fact[], place: number) => void): void {
  const model = new NaivePymalloc(setting.profile, setting.system)
  requests.forEach((request, place) => {
    const stepped = model.step(request)
    if (stepped._tag === 'Left') throw new Error(`${stepped.left}: ${JSON.stringify(request)}`)
    see(model, stepped.right, place)
  })
}

test('[P3] every request of a generated program can happen', () => {
  for (const program of tiny) run(program, () => {})
  for (const program of fc.sample(allocatorPrograms(realProfiles, 6), { numRuns: 30, seed: SEED })) run(program, () => {})
})

test('[P3] every profile of a real interpreter is drawn', () => {
  const drawn = fc.sample(realProfiles, { numRuns: 500, seed: SEED }).map(({ name }) => name)
  expect(new Set(drawn)).toEqual(new Set(ALLOCATOR_PROFILES.keys()))
})

describe('[P4] tiny profiles meet the edges', () => {
  const met = new Map<string, number>()
  const meet = (edge: string, isMet: boolean): unknown => isMet && met.set(edge, (met.get(edge) ?? 0) + 1)
  for (const program of tiny) {
    let order: readonly number[] = []
    run(program, (model, facts, place) => {
      for (const { kind } of facts) meet(kind, true)
      const now = model.arenas.usable.map(({ address }) => address)
      const request = program.requests[place]
      meet('an arena moves up', request?.kind === 'Free' && now.length === order.length && now.some((address, at) => address !== order[at]))
      meet('three usable arenas', now.length > 2)
      meet('arenas with as many free pools', new Set(model.arenas.usable.map((arena) => arena.freed.length)).size < now.length)
      meet(
        'two used pools of a class',
        model.used.some((pools) => pools.length > 1),
      )
      meet('realloc moves a block', request?.kind === 'Realloc' && facts.some(({ kind }) => kind === 'BlockReturned'))
      meet(
        'an arena off its alignment',
        model.arenas.mapped.some(({ address }) => address % model.profile.poolBytes !== 0),
      )
      meet(
        'a wholly free arena that is kept',
        model.arenas.mapped.some(({ pools }) => pools.every(({ live }) => live.size === 0)),
      )
      order = now
    })
  }
  const EDGES = [
    'ArenaOpened',
    'ArenaReleased',
    'ArenaRefused',
    'PoolOpened',
    'PoolClosed',
    'BlockPlaced',
    'BlockResized',
    'BlockReturned',
    'BlockPassedOn',
    'BlockHandedBack',
    'an arena moves up',
    'three usable arenas',
    'arenas with as many free pools',
    'two used pools of a class',
    'realloc moves a block',
    'an arena off its alignment',
    'a wholly free arena that is kept',
  ]
  test.each(EDGES)('%s', (edge) => {
    expect(met.get(edge) ?? 0).toBeGreaterThan(20)
  })
})

test('[P5] a generated recording is complete: addresses on requests, the answers of the system just before them', () => {
  let mapped = 0
  for (const { setting, requests } of fc.sample(recordedPrograms(tinyProfiles), { numRuns: 100, seed: SEED })) {
    const { profile } = setting
    run({ setting, requests }, (_, facts, place) => {
      const request = requests[place]
      for (const fact of facts) {
        if (fact.kind === 'BlockPlaced' || fact.kind === 'BlockResized' || fact.kind === 'BlockPassedOn')
          expect(request).toMatchObject({ address: fact.address })
        if (fact.kind === 'ArenaOpened')
          expect(requests.slice(Math.max(0, place - 2), place)).toContainEqual({
            kind: 'ArenaMapped',
            address: fact.address,
            bytes: profile.arenaBytes,
          })
        if (fact.kind === 'ArenaReleased') expect(requests[place - 1]).toEqual({ kind: 'ArenaUnmapped', address: fact.address })
        if (fact.kind === 'ArenaOpened') mapped++
      }
    })
  }
  expect(mapped).toBeGreaterThan(100)
})

test('[P6] impossible requests are rejected for every reason that a state can give', () => {
  const met = new Map<string, number>()
  for (const [place, program] of tiny.entries()) {
    const model = new NaivePymalloc(program.setting.profile, program.setting.system)
    for (const request of program.requests) model.step(request)
    for (const request of fc.sample(impossibleRequests(program), { numRuns: 10, seed: SEED + place })) {
      const stepped = model.step(request)
      const kind = stepped._tag === 'Left' ? stepped.left : 'accepted'
      met.set(kind, (met.get(kind) ?? 0) + 1)
    }
  }
  const reachable = REJECTIONS.filter((kind) => kind !== 'TooManyArenas')
  for (const kind of reachable) expect(met.get(kind) ?? 0, kind).toBeGreaterThan(5)
  expect(met.get('accepted')).toBeLessThan(tiny.length * 5)
})
