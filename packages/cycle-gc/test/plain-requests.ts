import { fc } from '@fast-check/vitest'
import type { PlainKind, PlainRequest, Request } from '../src/index.ts'

const id = fc.integer({ min: 0, max: 7 })
const holder = fc.oneof(fc.constant(null), id)

/** Any request of the plain heap and its collector, about so few objects that they meet. @param types of the objects */
export const plainRequests = (...types: readonly PlainKind[]): fc.Arbitrary<Request | PlainRequest> =>
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constant('MakeObject' as const),
        object: id,
        type: fc.constantFrom(...types),
      }),
    },
    { weight: 6, arbitrary: fc.record({ kind: fc.constant('Hold' as const), from: holder, to: id }) },
    { weight: 6, arbitrary: fc.record({ kind: fc.constant('LetGo' as const), from: holder, to: id }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('GiveFinalizer' as const), object: id, into: holder }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('Collect' as const), generation: fc.integer({ min: 0, max: 2 }) }) },
    { weight: 2, arbitrary: fc.constant({ kind: 'CheckEvalBreaker' as const }) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        { kind: 'FreezeObjects' as const },
        { kind: 'UnfreezeObjects' as const },
        { kind: 'EnableCollector' as const },
        { kind: 'DisableCollector' as const },
        { kind: 'SetThresholds' as const, thresholds: [0, 1, 1] as [number, number, number] },
        { kind: 'SetThresholds' as const, thresholds: [2, 2, 0] as [number, number, number] },
      ),
    },
  )
