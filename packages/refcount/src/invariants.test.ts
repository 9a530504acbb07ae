import { handleOfId } from '@reheap/kernel'
import { describe, expect, test } from 'vitest'
import { Heap } from '../test/heap.ts'
import { checkCheap, checkFull, cpythonProfile, type RefcountState } from './index.ts'
import { FLAGS, keeper, MARKS } from './state.ts'

/** Objects of several kinds, names, weak references, a kept list. */
function heap(): Heap {
  const made = new Heap(cpythonProfile('3.10'))
  for (const [object, layout] of (['list', 'instance', 'dict', 'slots', 'weakref', 'weakref', 'float', 'list'] as const).entries())
    made.create(object, layout)
  for (const to of [1, 2, 3, 3]) made.hold(0, to)
  made.hold(1, 2)
  made.do({ kind: 'CreateWeakReference', weak: 4, object: 3, callback: false })
  made.do({ kind: 'CreateWeakReference', weak: 5, object: 3, callback: true })
  made.do({ kind: 'EnterScope', scope: 1 })
  for (const name of [1, 2]) made.do({ kind: 'BindName', scope: 1, name, object: 2 })
  made.drop(null, 7)
  return made
}
const row = (s: RefcountState, object: number): number => handleOfId(s.objects, object)

test('[R43] a state that came about by requests keeps every invariant', () => {
  expect(checkCheap(heap().state)._tag).toBe('Right')
  expect(checkFull(heap().state)).toMatchObject({ _tag: 'Right' })
})

/** A column or counter spoilt behind the heap's back, and the invariant that must name it. */
const SPOILT: readonly (readonly [string, (s: RefcountState) => void])[] = [
  [
    'settled',
    (s) => {
      s.nesting = 1
    },
  ],
  [
    'settled',
    (s) => {
      s.asideLength = 1
    },
  ],
  [
    'settled',
    (s) => {
      s.stackLength = 1
    },
  ],
  [
    'settled',
    (s) => {
      s.listLength[2] = 81
    },
  ],
  [
    'settled',
    (s) => {
      s.listedFrames = 201
    },
  ],
  [
    'settled',
    (s) => {
      s.objectCount = -1
    },
  ],
  [
    'counts',
    (s) => {
      s.count[row(s, 2)]++
    },
  ],
  [
    'counts',
    (s) => {
      s.outside[row(s, 3)]--
    },
  ],
  [
    'counts',
    (s) => {
      s.liveBytes += 1
    },
  ],
  [
    'counts',
    (s) => {
      s.objectCount += 1
    },
  ],
  [
    'counts',
    (s) => {
      s.flags[row(s, 0)] |= FLAGS.immortal
    },
  ],
  [
    'counts',
    (s) => {
      s.target[s.firstReference[row(s, 0)]] = row(s, 6)
    },
  ],
  [
    'spans',
    (s) => {
      s.slot[s.firstReference[row(s, 0)]] = 99
    },
  ],
  [
    'spans',
    (s) => {
      s.cells += 4
    },
  ],
  [
    'spans',
    (s) => {
      s.freeSpans[2] = s.firstReference[row(s, 0)]
    },
  ],
  [
    'counts',
    (s) => {
      s.count[s.rows - 1] = 1
      s.count[row(s, 6)] = 0
    },
  ],
  [
    'spans',
    (s) => {
      s.spanSize[row(s, 0)] = 1
    },
  ],
  [
    'names',
    (s) => {
      s.bindingScope[s.scopeFirst[s.innermostScope] as number] = 77
    },
  ],
  [
    'names',
    (s) => {
      s.liveBindings = 1
    },
  ],
  [
    'names',
    (s) => {
      s.bindingTable.fill(0)
    },
  ],
  [
    'names',
    (s) => {
      s.scopes.handle.fill(0)
    },
  ],
  [
    'weakReferences',
    (s) => {
      s.weakTarget[s.annex[row(s, 4)]] = row(s, 2)
    },
  ],
  [
    'weakReferences',
    (s) => {
      s.weakPrev[s.annex[row(s, 5)]] = 0
    },
  ],
  [
    'weakReferences',
    (s) => {
      s.mark[row(s, 4)] |= MARKS.callback
      s.mark[row(s, 5)] &= ~MARKS.callback
    },
  ],
  [
    'weakReferences',
    (s) => {
      s.flags[row(s, 3)] &= ~FLAGS.weaklyReferenced
    },
  ],
  [
    'tracking',
    (s) => {
      s.mark[row(s, 6)] |= MARKS.tracked
    },
  ],
]

describe.each(SPOILT.map((spoilt, place) => [place, ...spoilt] as const))('spoilt column %i', (_, invariant, spoil) => {
  test(`[R43] ${invariant} is named`, () => {
    const { state } = heap()
    spoil(keeper.read(state))
    expect(checkFull(state)).toMatchObject({ _tag: 'Left', left: { invariant } })
    expect(checkCheap(state)._tag).toBe(invariant === 'settled' ? 'Left' : 'Right')
  })
})
