import type { Fact as AllocatorFact } from '@reheap/allocator'
import { type Reducer, reducerOf, type Sealed } from '@reheap/kernel'
import type { Arbitrary } from 'fast-check'
import { isLeft, left } from 'fp-ts/lib/Either.js'
import { allocatorFlow, allocatorHeld } from '../allocator/amounts.ts'
import type { Subject } from '../subject.ts'
import { type HeapComposition, heapWording } from './composition.ts'
import { type HeapFigures, heapFigures } from './figures.ts'
import { type HeapFact, type HeapRequest, HeapWitness } from './heap-witness.ts'
import { blockFault, leftoverIn } from './leftover.ts'
import { decodeHeapRequest, heapLog, programOfHeapLog } from './log.ts'
import { type HeapSetting, heapProfile, tinySettings } from './profiles.ts'
import { drainOf, type HeapProgram, heapPrograms, impossibleRequests, probeOf } from './programs.ts'
import { requestAt } from './request-row.ts'

/** What {@link Subject} is for a heap with states `S`. */
export type HeapSubject<S> = Subject<S, HeapSetting, HeapRequest, HeapFact>

/** Objects of the log, created and not died. */
function objectsIn(facts: readonly HeapFact[]): number {
  let objects = 0
  for (const fact of facts) {
    if (fact.kind === 'ObjectCreated' && fact.object !== null) objects++
    else if (fact.kind === 'ObjectDied' && fact.object !== null) objects--
  }
  return objects
}

/**
 * Objects and what collects them, ready for the laws.
 *
 * @param composition what is tried: see `objectsAlone` and `collectedHeap`, or a machine with more below
 * @param programs what it is tried on: tiny capacities of every version if not given
 */
export function heapSubject<S>(
  composition: HeapComposition<S>,
  programs: Arbitrary<HeapProgram> = heapPrograms(tinySettings),
): HeapSubject<S> {
  const { name, mechanism, parts } = composition
  const wording = heapWording(parts)
  const empty = composition.initial(heapProfile({ version: '3.11', tiny: null }))
  const hasCollector = composition.collector(empty) !== null
  const hasAllocator = composition.allocator(empty) !== null
  const initial = (setting: HeapSetting): Sealed<S> => composition.initial(heapProfile(setting))
  const reducer: Reducer<S, number, number, unknown, HeapSetting, HeapRequest, HeapFact> = reducerOf(mechanism, wording, initial)
  const figures = (state: Sealed<S>): HeapFigures =>
    heapFigures(parts, parts.refcount.objectGraph(composition.objects(state)), composition.collector(state))
  return {
    name,
    reducer,
    mechanism,
    wording,
    initial,
    programs,
    impossible: (program) => impossibleRequests(program, hasCollector),
    drain: (program) => drainOf(program, hasCollector),
    probe: (program) => probeOf(program, hasCollector),
    figures,
    check: (state) => {
      const unbalanced = blockFault(composition, state)
      if (unbalanced !== null) return left({ invariant: 'blocks', message: unbalanced })
      const objects = composition.objects(state)
      const collector = composition.collector(state)
      const checked = parts.refcount.checkFull(objects)
      return isLeft(checked) || collector === null ? checked : parts.collector.checkFull(collector, parts.refcount.objectGraph(objects))
    },
    model: (setting) => new HeapWitness(heapProfile(setting), hasCollector),
    kindOf: (reason) => (reason as { readonly kind: string }).kind,
    flow: (facts) => ({ objects: objectsIn(facts), ...(hasAllocator ? allocatorFlow(facts as readonly AllocatorFact[]) : {}) }),
    held: (state) => {
      const below = composition.allocator(state)
      return { objects: figures(state).objects.length, ...(below === null ? {} : allocatorHeld(parts.allocator, below)) }
    },
    leftover: (setting, state) => leftoverIn(composition, heapProfile(setting), state),
    requestAt,
    decode: decodeHeapRequest,
    logOf: heapLog,
    programOf: programOfHeapLog,
  }
}
