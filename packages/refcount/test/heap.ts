import type { Sealed } from '@reheap/kernel'
import {
  cpythonProfile,
  type Fact,
  LAYOUTS,
  type RefcountProfile,
  type RefcountState,
  type Request,
  refcountReducer,
} from '../src/index.ts'

/** A profile small enough for rules to be seen: short free lists, a shallow trashcan. */
export const tiny = (profile: RefcountProfile): RefcountProfile => ({
  ...profile,
  name: `tiny-${profile.name}`,
  freeLists: profile.freeLists.map((list) => ({ ...list, max: 2 })),
  framesMax: 2,
  trashcan: { ...profile.trashcan, nestingMax: 5, resumesAt: profile.trashcan.resumesAt > 0 ? 2 : 0 },
})

/** One of each kind of profile: free lists of methods, dicts of instances, neither, 3.13's trashcan, tuples tracked when needed. */
export const PROFILES: readonly RefcountProfile[] = (['3.8', '3.10', '3.12', '3.13', '3.14'] as const).map((version) =>
  cpythonProfile(version),
)

/** A heap that is asked one thing after another. Types are numbered as their layouts are. */
export class Heap {
  state: Sealed<RefcountState>
  constructor(profile: RefcountProfile = cpythonProfile('3.12')) {
    this.state = refcountReducer.initial(profile)
    for (const [type, layout] of LAYOUTS.entries()) this.do({ kind: 'DefineType', type, layout, name: layout })
  }

  /** The facts of one request. @throws if it is rejected */
  do(request: Request): readonly Fact[] {
    const stepped = refcountReducer.step(this.state, request)
    if (stepped._tag === 'Left') throw new Error(stepped.left.reason.message)
    this.state = stepped.right.state
    return stepped.right.emitted
  }

  /** Why a request is rejected; null if it is not. The heap stays as it is. */
  rejection(request: Request): string | null {
    const stepped = refcountReducer.step(this.state, request)
    return stepped._tag === 'Left' ? stepped.left.reason.kind : null
  }

  create(object: number, layout: (typeof LAYOUTS)[number], items = 0): readonly Fact[] {
    return this.do({ kind: 'CreateObject', object, type: LAYOUTS.indexOf(layout), bytes: 64, items })
  }

  hold(from: number | null, to: number, slot?: number): readonly Fact[] {
    return this.do({ kind: 'AddReference', from, to, ...(slot === undefined ? {} : { slot }) })
  }

  drop(from: number | null, to: number, slot?: number): readonly Fact[] {
    return this.do({ kind: 'DropReference', from, to, ...(slot === undefined ? {} : { slot }) })
  }

  /** The object is held by another one only. */
  give(from: number, to: number, slot?: number): readonly Fact[] {
    return [...this.hold(from, to, slot), ...this.drop(null, to)]
  }
}

/** Ids of the facts of one kind, in order. */
export const idsOf = (facts: readonly Fact[], kind: Fact['kind']): readonly (number | null)[] =>
  facts.flatMap((fact) => (fact.kind === kind ? ['weak' in fact ? fact.weak : fact.object] : []))
