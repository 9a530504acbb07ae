/** Suites of mechanisms, as `reheap check` runs them: tiny capacities, so that edges are met within a few dozen requests. */
import type { Fact as AllocatorFact } from '@reheap/allocator'
import { allocatorSubject } from './allocator/subject.ts'
import { collectedHeap, type HeapComposition, objectsAlone } from './heap/composition.ts'
import type { HeapFact } from './heap/heap-witness.ts'
import { tinySettings } from './heap/profiles.ts'
import { heapPrograms } from './heap/programs.ts'
import { heapSubject } from './heap/subject.ts'
import { factMade, type Sight, Sightings } from './sightings.ts'
import { lawsOf, type Suite } from './suite.ts'

const ALLOCATOR_SIGHTS: readonly Sight<AllocatorFact>[] = [
  factMade('PoolOpened', 'a pool was opened'),
  factMade('PoolClosed', 'a pool was closed'),
  factMade('ArenaOpened', 'an arena was mapped'),
  factMade('ArenaReleased', 'an arena was given back'),
  factMade('ArenaRefused', 'the system refused an arena'),
  factMade('BlockResized', 'a block was resized where it lay'),
  factMade('BlockPassedOn', 'a request was passed on to the C library'),
]

const OBJECT_SIGHTS: readonly Sight<HeapFact>[] = [
  factMade('ObjectDied', 'an object died'),
  { says: 'an object came from a free list', isSeen: (fact) => fact.kind === 'ObjectCreated' && fact.isReused },
  { says: 'a finalizer ran', isSeen: (fact) => fact.kind === 'FinalizerRan' },
  { says: 'a finalizer resurrected its object', isSeen: (fact) => fact.kind === 'FinalizerRan' && fact.isResurrected },
  factMade('WeakReferenceCleared', 'a weak reference was cleared'),
  factMade('WeakReferenceCalled', 'the callback of a weak reference was called'),
]

const COLLECTOR_SIGHTS: readonly Sight<HeapFact>[] = [
  factMade('CollectionDue', 'a collection became due by counts'),
  factMade('CollectionStarted', 'a collection began'),
  { says: 'a collection freed a cycle', isSeen: (fact) => fact.kind === 'CollectionFinished' && fact.collected > 0 },
  {
    says: 'a full collection freed a cycle',
    isSeen: (fact) => fact.kind === 'CollectionFinished' && fact.collected > 0 && fact.generation === 2,
  },
  factMade('GarbageFound', 'garbage was found'),
  factMade('GarbageKept', 'garbage was kept in gc.garbage'),
]

/** The suite of pymalloc. */
export function allocatorSuite(): Suite {
  const sightings = new Sightings(ALLOCATOR_SIGHTS)
  return { mechanism: 'allocator', trials: lawsOf({ ...allocatorSubject(), seen: sightings.see }), sightings }
}

/** The suite of objects without a collector. */
export function refcountSuite(): Suite {
  const sightings = new Sightings(OBJECT_SIGHTS)
  const subject = heapSubject(objectsAlone(), heapPrograms(tinySettings, false))
  return { mechanism: 'refcount', trials: lawsOf({ ...subject, seen: sightings.see }), sightings }
}

/** The suite of objects with something that collects their cycles. @param composition objects and collector alone if not given */
export function collectedSuite<S>(mechanism: string, composition: HeapComposition<S>): Suite {
  const sightings = new Sightings([...OBJECT_SIGHTS, ...COLLECTOR_SIGHTS])
  const subject = { ...heapSubject(composition, heapPrograms(tinySettings)), name: mechanism, seen: sightings.see }
  return { mechanism, trials: lawsOf(subject), sightings }
}

/** The suite of the cycle collector over the objects that it collects. */
export const cycleGcSuite = (): Suite => collectedSuite('cycle-gc', collectedHeap())
