/** The packages that a simulation is made of, and the profiles of the versions that it is compared with. */
import * as collector from '@reheap/cycle-gc'
import * as refcount from '@reheap/refcount'

/** Both packages; a test may give wrong ones. */
export interface ObjectParts {
  readonly refcount: Pick<
    typeof refcount,
    'CPYTHON_VERSIONS' | 'cpythonProfile' | 'refcountMechanism' | 'emptyHeap' | 'heapView' | 'heapEditor' | 'connectTracking' | 'answerTo'
  >
  readonly collector: Pick<
    typeof collector,
    'COLLECTOR_VERSIONS' | 'collectorProfile' | 'collectorMechanism' | 'emptyCollector' | 'collectorPort'
  >
}

/** The mechanisms as they are: what a wrong rule is planted in. */
export const OBJECT_PARTS: ObjectParts = { refcount, collector }

/** Profiles of the mechanisms, for one version of CPython. */
export interface ObjectProfile {
  readonly refcount: refcount.RefcountProfile
  readonly collector: collector.CollectorProfile
}

/** The profile of a version of CPython, `3.11.7` or `3.15.0rc1`: of exactly that one where it has its own, else of its minor version. */
export function objectProfile(
  version: string,
  pointerBits: 32 | 64 = 64,
  { refcount, collector }: ObjectParts = OBJECT_PARTS,
): ObjectProfile {
  const [, minor = ''] = /^(3\.\d+)/.exec(version) ?? []
  const knownAs = <V extends string>(versions: readonly V[]): V => {
    const known = versions.find((name) => name === version) ?? versions.find((name) => name === minor)
    if (known === undefined) throw new RangeError(`no profile for CPython ${version}`)
    return known
  }
  return {
    refcount: refcount.cpythonProfile(knownAs(refcount.CPYTHON_VERSIONS), pointerBits),
    collector: collector.collectorProfile(knownAs(collector.COLLECTOR_VERSIONS)),
  }
}
