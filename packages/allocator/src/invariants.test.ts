import { describe, expect, test } from 'vitest'
import { Heap } from '../test/heap.ts'
import { type AllocatorState, checkCheap, checkFull } from './index.ts'
import { keeper } from './state.ts'

/** Three arenas: the first full, the second with a free pool and one partly used, the third with one live block. */
function heap(): Heap {
  const made = new Heap()
  const arenas = made.arenas(3)
  made.freeAll(arenas[1][1])
  made.free(arenas[1][2][0])
  made.freeAll(arenas.slice(2).flat(2).slice(1))
  made.take(100)
  return made
}

test('[A45] a state that came about by requests keeps every invariant', () => {
  expect(checkCheap(heap().state)._tag).toBe('Right')
  expect(checkFull(heap().state)._tag).toBe('Right')
})

/** A column or counter spoilt behind the allocator's back, and the invariant that must name it. */
const SPOILT: readonly (readonly [string, (s: AllocatorState) => void])[] = [
  [
    'arenaCounters',
    (s) => {
      s.arenasLive = 9
    },
  ],
  [
    'arenaCounters',
    (s) => {
      s.arenasLiveMax = 0
    },
  ],
  [
    'arenaCounters',
    (s) => {
      s.arenasTotal = 1
    },
  ],
  [
    'usableList',
    (s) => {
      s.arenaNext[2] = 1
    },
  ],
  [
    'usableList',
    (s) => {
      s.arenaPrev[2] = -1
    },
  ],
  [
    'usableList',
    (s) => {
      s.usableHead = 2
    },
  ],
  [
    'usableList',
    (s) => {
      s.arenaFree[1] += 3
    },
  ],
  [
    'usableList',
    (s) => {
      s.arenaFree[0] = 1
    },
  ],
  [
    'usableList',
    (s) => {
      s.lastWithFree[1] = 2
    },
  ],
  [
    'usableList',
    (s) => {
      s.arenasLive = 2
    },
  ],
  [
    'pools',
    (s) => {
      s.poolUsed[0] += 1
    },
  ],
  [
    'pools',
    (s) => {
      s.poolFree[0] = s.geometry.firstUnit
    },
  ],
  [
    'pools',
    (s) => {
      s.poolClass[6] -= 1
    },
  ],
  [
    'pools',
    (s) => {
      s.blockWord[(6 << s.poolShift) + s.poolFree[6]] = s.poolFree[6]
    },
  ],
  [
    'usedLists',
    (s) => {
      s.usedHead[3] = -1
    },
  ],
  [
    'usedLists',
    (s) => {
      s.poolPrev[s.poolNext[s.usedHead[3]]] = -1
    },
  ],
  [
    'usedLists',
    (s) => {
      s.poolNext[s.poolNext[s.usedHead[3]]] = s.usedHead[3]
    },
  ],
]

describe.each(SPOILT.map((row, place) => [place, ...row] as const))('spoilt column %i', (_, invariant, spoil) => {
  test(`[A45] ${invariant} is named`, () => {
    const { state } = heap()
    spoil(keeper.read(state))
    expect(checkFull(state)).toMatchObject({ _tag: 'Left', left: { invariant } })
    expect(checkCheap(state)._tag).toBe(invariant === 'arenaCounters' ? 'Left' : 'Right')
  })
})
