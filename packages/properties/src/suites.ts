/**
 * Suites of mechanisms, as `reheap check` runs them: tiny capacities, so that edges are met within a few dozen requests. One program in
 * four asks for what real ones do.
 */
import type { Fact as AllocatorFact } from '@reheap/allocator'
import type { Fact as DeviceFact } from '@reheap/device-memory'
import * as host from '@reheap/host-memory'
import fc, { type Arbitrary } from 'fast-check'
import { tinyProfiles } from './allocator/profiles.ts'
import { allocatorPrograms } from './allocator/programs.ts'
import { allocatorSubject } from './allocator/subject.ts'
import { devicePrograms } from './device/programs.ts'
import { type DeviceSubject, deviceSubject, modelledFigures } from './device/subject.ts'
import { collectedHeap, type HeapComposition, objectsAlone } from './heap/composition.ts'
import type { HeapFact } from './heap/heap-witness.ts'
import { tinySettings } from './heap/profiles.ts'
import { heapPrograms } from './heap/programs.ts'
import { heapSubject } from './heap/subject.ts'
import { type HostParts, type HostSubject, hostSubject, modelledFigures as modelledHostFigures } from './host/subject.ts'
import { tinyHostPrograms } from './host/tiny-programs.ts'
import type { Law } from './law.ts'
import { measuredDevicePrograms } from './recorded/device-programs.ts'
import { measuredHeapPrograms } from './recorded/heap-programs.ts'
import { measuredAllocatorPrograms, measuredHostPrograms } from './recorded/malloc-programs.ts'
import { factMade, type Sight, Sightings } from './sightings.ts'
import type { Subject } from './subject.ts'
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

const DEVICE_SIGHTS: readonly Sight<DeviceFact>[] = [
  factMade('SegmentAllocated', 'the driver gave a segment'),
  factMade('SegmentFreed', 'a segment was given back'),
  factMade('SegmentMapped', 'pages of an expandable segment were mapped'),
  factMade('SegmentUnmapped', 'pages of an expandable segment were unmapped'),
  factMade('FreeCompleted', 'a block was free for others'),
  factMade('OutOfMemoryRaised', 'memory ran out'),
  factMade('SettingsRefused', 'settings were refused'),
]

const HOST_SIGHTS: readonly Sight<host.Fact>[] = [
  factMade('PagesTouched', 'pages came to RAM'),
  factMade('PagesReleased', 'pages were given back'),
  factMade('CacheReclaimed', 'page cache gave way'),
  factMade('PagesSwappedOut', 'pages were swapped out'),
  factMade('PagesSwappedIn', 'pages were swapped in'),
  factMade('ProcessKilled', 'a process was killed'),
]

const without = (laws: readonly Law[], ...names: readonly string[]): readonly Law[] =>
  laws.filter((law) => !names.some((name) => law.name.endsWith(name)))

/** Rows of devices and hosts are read back by `@reheap/trace`, and tested there. */
const ROWS = 'encode and decode'
const AGREEMENT = 'agreement with the naive model'

/** Laws of a mechanism whose naive model gives some of its figures: those that it foretells. */
function lawsByModel<S, Setting, Request, Fact>(
  subject: Subject<S, Setting, Request, Fact>,
  figures: Subject<S, Setting, Request, Fact>['figures'],
): readonly Law[] {
  const agreement = lawsOf({ ...subject, figures }).filter(({ name }) => name.endsWith(AGREEMENT))
  return [...without(lawsOf(subject), ROWS, AGREEMENT), ...agreement]
}

/** The laws of the memory of a GPU. @param subject ours if not given */
export const deviceLaws = (subject: DeviceSubject = deviceSubject()): readonly Law[] => lawsByModel(subject, modelledFigures)

/** The laws of the memory of a host. @param subject ours if not given @param parts what the subject was made of: ours if not given */
export const hostLaws = (subject: HostSubject = hostSubject(), parts: HostParts = host): readonly Law[] =>
  without(
    lawsByModel(subject, (state) => modelledHostFigures(parts, state)),
    'conservation',
  )

/** One in four as real programs are. */
const mixed = <A>(made: Arbitrary<A>, measured: Arbitrary<A>): Arbitrary<A> =>
  fc.oneof({ weight: 3, arbitrary: made }, { weight: 1, arbitrary: measured })

/** The suite of the memory of a GPU. */
export function deviceSuite(): Suite {
  const sightings = new Sightings(DEVICE_SIGHTS)
  return {
    mechanism: 'device-memory',
    trials: deviceLaws({ ...deviceSubject(mixed(devicePrograms(), measuredDevicePrograms())), seen: sightings.see }),
    sightings,
  }
}

/** The suite of a host: the C library's heap, areas, pages, RAM and swap. */
export function hostSuite(): Suite {
  const sightings = new Sightings(HOST_SIGHTS)
  const trials = hostLaws({ ...hostSubject(mixed(tinyHostPrograms(), measuredHostPrograms())), seen: sightings.see })
  return { mechanism: 'host-memory', trials, sightings }
}

/** The suite of pymalloc. */
export function allocatorSuite(): Suite {
  const sightings = new Sightings(ALLOCATOR_SIGHTS)
  const programs = mixed(allocatorPrograms(tinyProfiles), measuredAllocatorPrograms(tinyProfiles))
  return { mechanism: 'allocator', trials: lawsOf({ ...allocatorSubject(programs), seen: sightings.see }), sightings }
}

/** The suite of objects without a collector. */
export function refcountSuite(): Suite {
  const sightings = new Sightings(OBJECT_SIGHTS)
  const subject = heapSubject(objectsAlone(), mixed(heapPrograms(tinySettings, false), measuredHeapPrograms(tinySettings, false)))
  return { mechanism: 'refcount', trials: lawsOf({ ...subject, seen: sightings.see }), sightings }
}

/** The suite of objects with something that collects their cycles. @param composition objects and collector alone if not given */
export function collectedSuite<S>(mechanism: string, composition: HeapComposition<S>): Suite {
  const sightings = new Sightings([...OBJECT_SIGHTS, ...COLLECTOR_SIGHTS])
  const subject = {
    ...heapSubject(composition, mixed(heapPrograms(tinySettings), measuredHeapPrograms(tinySettings, true, 30))),
    name: mechanism,
    seen: sightings.see,
  }
  return { mechanism, trials: lawsOf(subject), sightings }
}

/** The suite of the cycle collector over the objects that it collects. */
export const cycleGcSuite = (): Suite => collectedSuite('cycle-gc', collectedHeap())
