/** The packages that a simulation is made of, and the profiles of the versions that it is compared with. */
import * as collector from '@reheap/cycle-gc'
import * as refcount from '@reheap/refcount'

/** Both packages; a test may give wrong ones. */
export interface ObjectParts {
  readonly refcount: Pick<typeof refcount, 'refcountMechanism' | 'emptyHeap' | 'heapView' | 'heapEditor' | 'connectTracking' | 'answerTo'>
  readonly collector: Pick<typeof collector, 'collectorMechanism' | 'emptyCollector' | 'collectorPort'>
}

export const OBJECT_PARTS: ObjectParts = { refcount, collector }

export interface ObjectProfile {
  readonly refcount: refcount.RefcountProfile
  readonly collector: collector.CollectorProfile
}

/** The profile of a version of CPython, `3.11.7` or `3.15.0rc1`. */
export function objectProfile(version: string, pointerBits: 32 | 64 = 64): ObjectProfile {
  const [, minor = ''] = /^(3\.\d+)/.exec(version) ?? []
  const exact = collector.COLLECTOR_VERSIONS.find((known) => known === version)
  const known = collector.COLLECTOR_VERSIONS.find((name) => name === minor)
  const heap = refcount.CPYTHON_VERSIONS.find((name) => name === minor)
  if (known === undefined || heap === undefined) throw new RangeError(`no profile for CPython ${version}`)
  return {
    refcount: refcount.cpythonProfile(heap, pointerBits),
    collector: collector.collectorProfile(exact ?? known),
  }
}
