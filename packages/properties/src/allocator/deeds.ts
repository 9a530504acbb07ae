/** What a generated program does next, in words that fit any profile and any heap. */
import type { AllocatorProfile, Domain } from '@reheap/allocator'
import fc from 'fast-check'

/** A number of bytes, resolved against a profile. */
export type SizeChoice =
  /** `short` bytes less than the block of a class. */
  | { readonly of: 'class'; readonly at: number; readonly short: number }
  /** `over` bytes above the largest that a pool serves. */
  | { readonly of: 'large'; readonly over: number }
  | { readonly of: 'zero' }

/** In which order a sweep frees. */
export type SweepOrder = 'oldest' | 'newest' | 'everyOther' | 'shuffled'

/** One deed; a pick is taken modulo the number of live blocks, so that it always names one. */
export type Deed =
  | { readonly do: 'malloc'; readonly domain: Domain; readonly size: SizeChoice; readonly reusesId: boolean }
  | { readonly do: 'calloc'; readonly domain: Domain; readonly count: number; readonly size: SizeChoice }
  /** Blocks of one class: as many as fill some quarters of an arena, and `more`. */
  | { readonly do: 'fill'; readonly at: number; readonly quarters: number; readonly more: number }
  | { readonly do: 'free'; readonly pick: number }
  /** Frees a share of the live blocks. */
  | { readonly do: 'sweep'; readonly order: SweepOrder; readonly percent: number; readonly seed: number }
  | { readonly do: 'realloc'; readonly pick: number; readonly size: SizeChoice }
  /** A new size at an edge of the rule: a block, or three quarters of it, and `by` bytes. */
  | { readonly do: 'reallocAtEdge'; readonly pick: number; readonly edge: 'block' | 'threeQuarters'; readonly by: number }
  | { readonly do: 'reallocNull'; readonly domain: Domain; readonly size: SizeChoice }
  | { readonly do: 'freeNull'; readonly domain: Domain }
  /** Everything is freed, and the interpreter that the heap belongs to ends. */
  | { readonly do: 'end' }

/** Bytes of a choice. */
export function bytesOf(profile: AllocatorProfile, size: SizeChoice): number {
  const { alignmentBytes, smallRequestBytes } = profile
  if (size.of === 'zero') return 0
  if (size.of === 'large') return smallRequestBytes + size.over
  return classBytes(profile, size.at) - (size.short % alignmentBytes)
}

/** Bytes of a block of a class, counted round from the largest down: what is shrunk comes to blocks of which few fill a pool. */
export function classBytes({ alignmentBytes, smallRequestBytes }: AllocatorProfile, at: number): number {
  return smallRequestBytes - (at % (smallRequestBytes / alignmentBytes)) * alignmentBytes
}

const domains: fc.Arbitrary<Domain> = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Domain>('obj') },
  { weight: 2, arbitrary: fc.constant<Domain>('mem') },
  { weight: 1, arbitrary: fc.constant<Domain>('raw') },
)
const sizes: fc.Arbitrary<SizeChoice> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ of: fc.constant('class' as const), at: fc.nat(63), short: fc.nat(15) }) },
  { weight: 1, arbitrary: fc.record({ of: fc.constant('large' as const), over: fc.integer({ min: 1, max: 4096 }) }) },
  { weight: 1, arbitrary: fc.constant({ of: 'zero' as const }) },
)
const pick = fc.nat(999)
const is = <const Name extends string>(name: Name): fc.Arbitrary<Name> => fc.constant(name)

/** One deed; frees are as likely as mallocs, so that pools and arenas come and go. */
export const deeds: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: is('malloc'), domain: domains, size: sizes, reusesId: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: is('calloc'), domain: domains, count: fc.nat(5), size: sizes }) },
  { weight: 4, arbitrary: fc.record({ do: is('fill'), at: fc.nat(63), quarters: fc.nat(5), more: fc.nat(3) }) },
  { weight: 6, arbitrary: fc.record({ do: is('free'), pick }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: is('sweep'),
      order: fc.constantFrom<SweepOrder>('oldest', 'newest', 'everyOther', 'shuffled'),
      percent: fc.integer({ min: 10, max: 100 }),
      seed: fc.nat(9999),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: is('realloc'), pick, size: sizes }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: is('reallocAtEdge'),
      pick,
      edge: fc.constantFrom('block' as const, 'threeQuarters' as const),
      by: fc.integer({ min: -1, max: 1 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: is('reallocNull'), domain: domains, size: sizes }) },
  { weight: 1, arbitrary: fc.record({ do: is('freeNull'), domain: domains }) },
  { weight: 1, arbitrary: fc.record({ do: is('end') }) },
)
