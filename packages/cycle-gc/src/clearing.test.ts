import { fc, test } from '@fast-check/vitest'
import { Columns, Emit, type Sealed } from '@reheap/kernel'
import { describe, expect } from 'vitest'
import { tries } from '../../../scripts/tests/effort.ts'
import { plainRequests } from '../test/plain-requests.ts'
import type { HeapEditor, Tracking } from './heap-view.ts'
import {
  checkFull,
  collectionStats,
  collectorMechanism,
  collectorPort,
  collectorProfile,
  collectorReducer,
  generationCounts,
  type PlainRequest,
  type Request,
  rowsOfGeneration,
} from './index.ts'
import type { PlainHeap } from './plain-heap.ts'
import { type CollectorState, keeper } from './state.ts'
import { collectorWording } from './wording.ts'

/** The plain heap, which clears garbage as a whole and tells of all its deaths at once. */
function clearingTogether(heap: PlainHeap): HeapEditor {
  const clearGarbage: HeapEditor['clearGarbage'] = (rows, length, settle) => {
    const outer = heap.tracking
    const garbage = new Set(rows.subarray(0, length))
    let freed = 0
    let at = 0
    const settleNow = (): void => {
      if (heap.tracking === outer) return
      heap.tracking = outer
      settle(at, freed)
    }
    const quiet: Tracking = {
      allocated: (bytes) => outer.allocated(bytes),
      track: (row) => outer.track(row),
      untrack: (row) => {
        if (!garbage.has(row)) outer.untrack(row)
      },
      freed: () => void freed++,
      entered: () => {
        settleNow()
        outer.entered()
      },
    }
    heap.tracking = quiet
    for (; at < length; at++) {
      const row = rows[at] as number
      if (heap.count[row] === 0) continue
      heap.hold(row)
      heap.clear(row)
      heap.release(row)
      // A function of the program has run: the rest is for the collector.
      if (heap.tracking === outer) return at + 1
    }
    settleNow()
    return length
  }
  return new Proxy(heap as HeapEditor, {
    get: (target, name) => {
      if (name === 'clearGarbage') return clearGarbage
      const member = Reflect.get(target, name) as unknown
      return typeof member === 'function' ? member.bind(target) : member
    },
  })
}

/** One request. @returns the state after it; null: it is rejected */
function asked(state: Sealed<CollectorState>, request: Request | PlainRequest, together: boolean): Sealed<CollectorState> | null {
  const draft = collectorMechanism.thaw(state)
  const { heap, work } = keeper.own(draft)
  if (together) collectorPort(draft, heap, clearingTogether(heap), work.moment)
  const rows = new Columns(1)
  rows.firstIndex = state.at
  collectorWording.write(request, rows)
  return collectorMechanism.applyBatch(draft, rows as never, 0, 1, new Emit()) < 0 ? collectorMechanism.seal(draft) : null
}

const figures = (state: Sealed<CollectorState>): unknown => ({
  generations: [0, 1, 2, 3].map((generation) => rowsOfGeneration(state, generation)),
  counts: generationCounts(state),
  stats: collectionStats(state),
  counted: [...keeper.read(state).heap.count],
  check: checkFull(state),
})

describe.each(['3.8', '3.11', '3.13', '3.14.2'] as const)('under %s', (version) => {
  const requests = plainRequests('list', 'instance', 'tuple')
  test.prop([fc.array(requests, { minLength: 20, maxLength: 120, size: 'max' })], { numRuns: tries(200) })(
    '[G26] garbage that the heap clears as a whole leaves what clearing it row by row leaves',
    (program) => {
      let [single, whole] = [true, false].map(() => collectorReducer.initial({ ...collectorProfile(version), thresholds: [3, 1, 1] })) as [
        Sealed<CollectorState>,
        Sealed<CollectorState>,
      ]
      for (const request of program) {
        const expected = asked(single, request, false)
        const actual = asked(whole, request, true)
        expect(actual === null).toBe(expected === null)
        if (expected === null || actual === null) continue
        expect(figures(actual)).toEqual(figures(expected))
        single = expected
        whole = actual
      }
    },
  )
})
