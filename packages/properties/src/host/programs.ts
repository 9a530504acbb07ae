/** Programs of the allocator whose memory goes all the way down: blocks of pools, of the C library's heap, and mapped ones. */
import type { Request } from '@reheap/allocator'
import fc from 'fast-check'

/** One step of a program: on which of the live blocks, and how much. */
interface Step {
  readonly what: 'malloc' | 'calloc' | 'realloc' | 'free'
  readonly domain: 'raw' | 'mem' | 'obj'
  readonly pick: number
  readonly bytes: number
}

/** Sizes near every border: size classes, the largest one, bins, and mapped blocks of the C library. */
const bytes = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 600 }) },
  { weight: 3, arbitrary: fc.integer({ min: 513, max: 20_000 }) },
  { weight: 2, arbitrary: fc.constantFrom(0, 1, 512, 513, 1032, 1033, 65_536, 131_072, 132_000, 140_000) },
  { weight: 1, arbitrary: fc.integer({ min: 100_000, max: 3_000_000 }) },
)
const step: fc.Arbitrary<Step> = fc.record({
  what: fc.constantFrom('malloc', 'malloc', 'malloc', 'calloc', 'realloc', 'free', 'free'),
  domain: fc.constantFrom('obj', 'mem', 'raw'),
  pick: fc.nat(1000),
  bytes,
})

/** A program of the allocator, and its end: everything is freed. */
export interface HostProgram {
  readonly events: readonly Request[]
  readonly ending: readonly Request[]
}

/** Programs of a whole process, whose memory goes down to pages: 1 to 120 steps. */
export const hostPrograms: fc.Arbitrary<HostProgram> = fc.array(step, { minLength: 1, maxLength: 120, size: 'max' }).map(programOf)

function programOf(steps: readonly Step[]): HostProgram {
  const events: Request[] = []
  const live: { readonly block: number; readonly domain: Step['domain'] }[] = []
  for (const [at, { what, domain, pick, bytes }] of steps.entries()) {
    const block = at + 1
    const held = live[pick % Math.max(1, live.length)]
    if (what === 'malloc' || held === undefined) {
      events.push({ kind: 'Malloc', domain, block, bytes })
      live.push({ block, domain })
    } else if (what === 'calloc') {
      events.push({ kind: 'Calloc', domain, block, count: 1 + (pick % 7), elementBytes: Math.ceil(bytes / 7) })
      live.push({ block, domain })
    } else {
      live.splice(live.indexOf(held), 1)
      if (what === 'free') events.push({ kind: 'Free', domain: held.domain, block: held.block })
      else {
        events.push({ kind: 'Realloc', domain: held.domain, block: held.block, newBlock: block, bytes })
        live.push({ block, domain: held.domain })
      }
    }
  }
  const ending = live.map(({ block, domain }): Request => ({ kind: 'Free', domain, block }))
  return { events, ending }
}
