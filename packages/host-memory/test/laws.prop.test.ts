import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { checkFull, emptyHostMemory, hostMemoryReducer, owners, processMemory, type Request, systemMemory } from '../src/index.ts'
import { PAGE, tinyHost } from './host.ts'

const PROCESSES = 3
const process = fc.nat(PROCESSES - 1)
const mapping = fc.nat(5)
const block = fc.nat(11)
const pages = fc.integer({ min: 1, max: 12 })
const bytes = fc.oneof(fc.nat(600), fc.nat(40_000), fc.integer({ min: 120_000, max: 300_000 }))
const inMapping = { mapping, from: fc.nat(8).map((page) => page * PAGE), bytes: pages.map((count) => count * PAGE), process }

/** Any request, most of them about few mappings, blocks and processes, so that they meet. */
const request: fc.Arbitrary<Request> = fc.oneof(
  fc.record({ kind: fc.constant('StartProcess' as const), process }),
  fc.record({ kind: fc.constant('EndProcess' as const), process }),
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('LibraryMalloc' as const), block, bytes, process }) },
  fc.record({ kind: fc.constant('LibraryCalloc' as const), block, count: fc.constant(1), elementBytes: bytes, process }),
  fc.record({ kind: fc.constant('LibraryAlign' as const), block, alignment: fc.constantFrom(16, 64, 4096), bytes, process }),
  fc.record({ kind: fc.constant('LibraryRealloc' as const), block, newBlock: block, bytes, process }),
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('LibraryFree' as const), block, process }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('MapMemory' as const),
      mapping,
      bytes: pages.map((count) => count * PAGE),
      backing: fc.constantFrom('anonymous' as const, 'file' as const, 'shared' as const),
      process,
    }),
  },
  fc.record({ kind: fc.constant('MapShared' as const), mapping, of: mapping, bytes: pages.map((count) => count * PAGE), process }),
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constantFrom('TouchPages' as const, 'ReadPages' as const, 'CopyPages' as const), ...inMapping }),
  },
  fc.record({ kind: fc.constantFrom('UnmapMemory' as const, 'ReleasePages' as const), ...inMapping }),
  fc.record({ kind: fc.constant('RemapMemory' as const), mapping, bytes: pages.map((count) => count * PAGE), process }),
  fc.record({ kind: fc.constant('ReadFile' as const), bytes: pages.map((count) => count * PAGE) }),
  fc.constantFrom({ kind: 'PowerOff' as const }, { kind: 'PowerOn' as const }),
)

const host = fc.record({ ram: fc.constantFrom(8, 40, 120), swap: fc.constantFrom(0, 4, 60), cache: fc.constantFrom(0, 5) })

describe('whatever the requests', () => {
  test.prop([host, fc.array(request, { maxLength: 60 })], { numRuns: 300 })(
    '[H26] every page is counted once, and a rejection changes nothing',
    ({ ram, swap, cache }, requests) => {
      let state = emptyHostMemory(tinyHost(ram, swap, { cacheBytes: cache * PAGE }))
      let swapped = 0
      for (const asked of requests) {
        const before = systemMemory(state)
        const answer = hostMemoryReducer.step(state, asked)
        if (answer._tag === 'Left') {
          expect(systemMemory(state)).toEqual(before)
          continue
        }
        state = answer.right.state
        expect(checkFull(state)).toMatchObject({ _tag: 'Right' })
        const kinds = answer.right.emitted.map(({ kind }) => kind)
        const firstOut = kinds.indexOf('PagesSwappedOut')
        if (firstOut < 0) continue
        swapped++
        // Nothing is swapped while anything else is free or cached.
        expect(kinds.lastIndexOf('CacheReclaimed')).toBeLessThan(firstOut)
      }
      expect(swap > 0 || swapped === 0).toBe(true)
    },
  )

  test.prop([host, fc.array(request, { maxLength: 60 })], { numRuns: 200 })(
    '[H26] when every process has ended, the host is as it was but for its cache',
    ({ ram, swap, cache }, requests) => {
      const empty = emptyHostMemory(tinyHost(ram, swap, { cacheBytes: cache * PAGE }))
      let state = empty
      const ends: readonly Request[] = Array.from({ length: PROCESSES }, (_, number) => ({ kind: 'EndProcess', process: number }))
      for (const asked of [...requests, ...ends]) {
        const answer = hostMemoryReducer.step(state, asked)
        if (answer._tag === 'Right') state = answer.right.state
      }
      const { freeBytes, cacheBytes, processBytes, systemBytes } = owners(state)
      expect([processBytes, freeBytes + cacheBytes + systemBytes]).toEqual([0, ram * PAGE])
      for (let number = 0; number < PROCESSES; number++) expect(processMemory(state, number).rssBytes).toBe(0)
    },
  )
})
