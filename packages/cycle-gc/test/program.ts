import type { Sealed } from '@reheap/kernel'
import {
  type CollectorProfile,
  type CollectorState,
  collectorProfile,
  collectorReducer,
  type Fact,
  type PlainFact,
  type PlainKind,
  type PlainRequest,
  type Request,
} from '../src/index.ts'

/** A program on the plain heap, one request after another. */
export class Program {
  state: Sealed<CollectorState>

  constructor(profile: CollectorProfile = collectorProfile('3.11')) {
    this.state = collectorReducer.initial(profile)
  }

  /** The facts of one request. @throws if it is rejected */
  do(request: Request | PlainRequest): readonly (Fact | PlainFact)[] {
    const stepped = collectorReducer.step(this.state, request)
    if (stepped._tag === 'Left') throw new Error(stepped.left.reason.message)
    this.state = stepped.right.state
    return stepped.right.emitted
  }

  /** Why a request is rejected, null if it is not. Nothing is done. */
  rejection(request: Request | PlainRequest): string | null {
    const stepped = collectorReducer.step(this.state, request)
    return stepped._tag === 'Left' ? stepped.left.reason.kind : null
  }

  make(object: number, type: PlainKind = 'list', references: readonly number[] = []): number {
    this.do({ kind: 'MakeObject', object, type })
    for (const to of references) this.hold(object, to)
    return object
  }

  hold(from: number | null, to: number): void {
    this.do({ kind: 'Hold', from, to })
  }

  /** The program holds them no longer. */
  letGo(...objects: readonly number[]): void {
    for (const to of objects) this.do({ kind: 'LetGo', from: null, to })
  }

  collect(generation: number): readonly (Fact | PlainFact)[] {
    return this.do({ kind: 'Collect', generation })
  }
}
