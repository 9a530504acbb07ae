import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { emptyHostMemory, hostMemoryReducer, mappingOf, processMemory, type Request, systemMemory } from '../src/index.ts'
import { LINUX, PAGE, tinyHost } from './host.ts'
import { Model, PRESSED, pagesOf } from './model.ts'

const TOP = LINUX.mapTop / PAGE
const PROCESSES = 3
const process = fc.nat(PROCESSES - 1)
const mapping = fc.nat(5)
const pages = fc.integer({ min: 1, max: 8 })
const bytes = pages.map((count) => count * PAGE)
const part = { mapping, from: fc.nat(6).map((page) => page * PAGE), bytes, process }

const request: fc.Arbitrary<Request> = fc.oneof(
  fc.record({ kind: fc.constantFrom('StartProcess' as const, 'EndProcess' as const), process }),
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('MapMemory' as const),
      mapping,
      bytes,
      process,
      backing: fc.constantFrom('anonymous' as const, 'anonymous' as const, 'file' as const, 'shared' as const),
    }),
  },
  fc.record({
    kind: fc.constant('MapMemory' as const),
    mapping,
    bytes,
    process,
    backing: fc.constantFrom('anonymous' as const, 'file' as const),
    address: fc.integer({ min: 1, max: 20 }).map((page) => (TOP - page) * PAGE),
  }),
  fc.record({ kind: fc.constant('MapShared' as const), mapping, of: mapping, bytes, process }),
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constantFrom('TouchPages' as const, 'ReadPages' as const, 'CopyPages' as const), ...part }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('UnmapMemory' as const, 'ReleasePages' as const), ...part }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('RemapMemory' as const), mapping, bytes, process }) },
  fc.record({ kind: fc.constant('ReadFile' as const), bytes }),
)

/** Does to the model what the request does. @returns false: it cannot have happened */
function doNaively(model: Model, asked: Request): boolean {
  if (asked.kind === 'StartProcess') return model.start(asked.process)
  if (asked.kind === 'ReadFile') {
    model.readFile(pagesOf(asked.bytes))
    return true
  }
  const of = 'process' in asked ? (asked.process ?? 0) : 0
  if (model.isKilled(of)) return true
  if (!model.isAlive(of)) return false
  switch (asked.kind) {
    case 'EndProcess':
      model.end(of, false)
      return true
    case 'MapMemory': {
      const at = asked.address === undefined ? null : asked.address / PAGE
      const object = asked.backing === 'anonymous' ? null : {}
      return model.map(asked.mapping, of, pagesOf(asked.bytes), asked.backing, object, at)
    }
    case 'MapShared':
      return model.share(asked.mapping, asked.of, of, pagesOf(asked.bytes))
    case 'RemapMemory':
      return model.resize(asked.mapping, of, pagesOf(asked.bytes))
    case 'UnmapMemory':
      return model.unmap(asked.mapping, of, asked.from / PAGE, pagesOf(asked.bytes))
    case 'ReleasePages':
      return model.release(asked.mapping, of, asked.from / PAGE, pagesOf(asked.bytes))
    case 'TouchPages':
    case 'ReadPages':
    case 'CopyPages': {
      const use = asked.kind === 'TouchPages' ? 'write' : asked.kind === 'ReadPages' ? 'read' : 'copy'
      return model.touch(asked.mapping, of, asked.from / PAGE, pagesOf(asked.bytes), use)
    }
    default:
      throw new Error(`the model does not know ${asked.kind}`)
  }
}

/** Figures of a host in pages, as the package and as the model count them. */
type Figures = Record<string, unknown>

function oursOf(state: Parameters<typeof processMemory>[0]): Figures {
  const { free, cached } = systemMemory(state)
  const lives = Array.from({ length: PROCESSES }, (_, number) => {
    const { anonymousBytes, fileBytes, sharedBytes, vmsBytes, peakBytes } = processMemory(state, number)
    return [anonymousBytes, fileBytes, sharedBytes, vmsBytes, peakBytes].map((count) => count / PAGE)
  })
  const places = [0, 1, 2, 3, 4, 5].map((id) => (mappingOf(state, id)?.start ?? 0) / PAGE)
  return { free: free / PAGE, cached: cached / PAGE, lives, places }
}

function theirsOf(model: Model): Figures {
  const lives = Array.from({ length: PROCESSES }, (_, number) => [
    model.anonymous(number),
    model.resident(number, 'file'),
    model.resident(number, 'shared'),
    model.mapped(number),
    model.lives.get(number)?.peak ?? 0,
  ])
  const places = [0, 1, 2, 3, 4, 5].map((id) => model.mappings.get(id)?.start ?? 0)
  return { free: model.free(), cached: model.cached(), lives, places }
}

describe('beside a host that counts everything anew', () => {
  test.prop([fc.constantFrom(8, 16, 64), fc.constantFrom(0, 5), fc.array(request, { maxLength: 50 })], { numRuns: 600 })(
    '[H26] every figure is the same after every request',
    (ram, cache, requests) => {
      let state = emptyHostMemory(tinyHost(ram, 0, { cacheBytes: cache * PAGE }))
      const model = new Model(ram, cache, TOP)
      for (const asked of requests) {
        try {
          const isPossible = doNaively(model, asked)
          const answer = hostMemoryReducer.step(state, asked)
          expect(answer._tag).toBe(isPossible ? 'Right' : 'Left')
          if (answer._tag === 'Right') state = answer.right.state
        } catch (thrown) {
          if (thrown === PRESSED) return
          throw thrown
        }
        expect(oursOf(state)).toEqual(theirsOf(model))
      }
    },
  )
})
