import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { tries } from '../../../scripts/tests/effort.ts'
import { emptyHostMemory, hostMemoryReducer, mappingOf, processMemory, type Request, systemMemory } from '../src/index.ts'
import { LINUX, PAGE, tinyHost } from './host.ts'
import { Model, PRESSED, pagesOf } from './model.ts'

const TOP = LINUX.mapTop / PAGE
const PROCESSES = 3
const process = fc.nat(PROCESSES - 1)
const pages = fc.integer({ min: 1, max: 8 })
const bytes = pages.map((count) => count * PAGE)

/** A mapping and its process: most of the time the one that mapped it, so that few requests are refused. */
const mine = fc
  .tuple(fc.nat(5), fc.oneof({ weight: 9, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: process }))
  .map(([mapping, other]) => ({ mapping, process: other ?? mapping % PROCESSES }))
const part = fc
  .record({ of: mine, from: fc.nat(3), count: fc.integer({ min: 1, max: 4 }) })
  .map(({ of, from, count }) => ({ ...of, from: from * PAGE, bytes: count * PAGE }))

const about = <K extends Request['kind'], T extends object>(weight: number, what: fc.Arbitrary<T>, ...kinds: readonly K[]) => ({
  weight,
  arbitrary: fc.tuple(fc.constantFrom(...kinds), what).map(([kind, fields]) => ({ kind, ...fields }) as unknown as Request),
})
const sized = fc.tuple(mine, bytes).map(([of, size]) => ({ ...of, bytes: size }))
const backed = fc.tuple(sized, fc.constantFrom('anonymous', 'anonymous', 'file', 'shared')).map(([of, backing]) => ({ ...of, backing }))
const placed = fc.tuple(backed, fc.integer({ min: 1, max: 20 })).map(([of, page]) => ({ ...of, address: (TOP - page) * PAGE }))
const shared = fc.tuple(sized, fc.nat(5)).map(([of, from]) => ({ ...of, of: from, bytes: PAGE * (1 + (of.bytes % 3)) }))

const request: fc.Arbitrary<Request> = fc.oneof(
  about(1, fc.record({ process }), 'StartProcess', 'EndProcess'),
  about(5, backed, 'MapMemory'),
  about(1, placed, 'MapMemory'),
  about(1, shared, 'MapShared'),
  about(9, part, 'TouchPages', 'TouchPages', 'ReadPages', 'CopyPages'),
  about(2, part, 'UnmapMemory', 'ReleasePages'),
  about(3, sized, 'RemapMemory'),
  about(1, fc.record({ bytes }), 'ReadFile'),
)

/** All processes live, and some map memory. */
const beginning: readonly Request[] = [
  { kind: 'StartProcess', process: 1 },
  { kind: 'StartProcess', process: 2 },
  ...[0, 1, 2].map((mapping): Request => ({ kind: 'MapMemory', mapping, bytes: 6 * PAGE, backing: 'anonymous', process: mapping })),
]
const file: Request = { kind: 'MapMemory', mapping: 3, bytes: 4 * PAGE, backing: 'file', process: 0 }

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

/** Asks both the same, one request after the other. @returns false: the model gave up where pages of processes would have to leave */
function agree(ram: number, cache: number, requests: readonly Request[]): boolean {
  let state = emptyHostMemory(tinyHost(ram, 0, { cacheBytes: cache * PAGE }))
  const model = new Model(ram, cache, TOP)
  for (const asked of [...beginning, ...requests]) {
    try {
      const isPossible = doNaively(model, asked)
      const answer = hostMemoryReducer.step(state, asked)
      expect(answer._tag).toBe(isPossible ? 'Right' : 'Left')
      if (answer._tag === 'Right') state = answer.right.state
    } catch (thrown) {
      if (thrown === PRESSED) return false
      throw thrown
    }
    expect(oursOf(state)).toEqual(theirsOf(model))
  }
  return true
}

const cache = fc.constantFrom(0, 5)

describe('beside a host that counts everything anew', () => {
  test.prop([cache, fc.array(request, { minLength: 20, maxLength: 60, size: 'max' })], { numRuns: tries(200) })(
    '[H26] every figure is the same after every request, where RAM suffices',
    (cached, requests) => {
      expect(agree(200, cached, [file, ...requests])).toBe(true)
    },
  )

  const anonymous = request.filter((asked) => !('backing' in asked && asked.backing !== 'anonymous'))
  test.prop([fc.constantFrom(8, 12, 16), cache, fc.array(anonymous, { minLength: 20, maxLength: 60, size: 'max' })], {
    numRuns: tries(200),
  })('[H26] and where it does not: cache gives way, and processes are killed', (ram, cached, requests) => {
    agree(ram, cached, requests)
  })
})
