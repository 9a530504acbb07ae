import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import {
  checkFull,
  collectionStats,
  collectorProfile,
  generationCounts,
  type PlainRequest,
  type Request,
  rowsOfGeneration,
  unreachableRows,
} from '../src/index.ts'
import { NaiveCollector } from './model.ts'
import { plainRequests } from './plain-requests.ts'
import { Program } from './program.ts'

const THRESHOLDS = [3, 1, 1] as const
const request = plainRequests('list', 'instance')
/** Does to the model what the request does. @returns false: it cannot have happened */
function doNaively(model: NaiveCollector, asked: Request | PlainRequest): boolean {
  const lives = (object: number | null): boolean => object === null || model.objects.has(object)
  switch (asked.kind) {
    case 'MakeObject':
      if (model.objects.has(asked.object)) return false
      model.make(asked.object)
      return true
    case 'Hold':
      if (!lives(asked.from) || !lives(asked.to)) return false
      model.hold(asked.from, asked.to)
      return true
    case 'LetGo':
      return lives(asked.from) && lives(asked.to) && model.letGo(asked.from, asked.to)
    case 'GiveFinalizer': {
      const object = model.objects.get(asked.object)
      if (object === undefined || !lives(asked.into)) return false
      object.into = asked.into
      return true
    }
    case 'Collect':
      model.collect(asked.generation)
      return true
    case 'CheckEvalBreaker':
      model.checkEvalBreaker()
      return true
    case 'FreezeObjects':
      model.move((generation) => generation < 3, 3)
      model.counts.fill(0)
      return true
    case 'UnfreezeObjects':
      model.move((generation) => generation === 3, 2)
      return true
    case 'EnableCollector':
    case 'DisableCollector':
      model.isEnabled = asked.kind === 'EnableCollector'
      return true
    case 'SetThresholds':
      model.thresholds = asked.thresholds
      return true
    default:
      throw new Error(`the model does not know ${asked.kind}`)
  }
}

const sorted = (rows: readonly number[]): readonly number[] => [...rows].sort((a, b) => a - b)

function compare(model: NaiveCollector, { state }: Program): void {
  expect([0, 1, 2, 3].map((generation) => sorted(rowsOfGeneration(state, generation)))).toEqual(
    [0, 1, 2, 3].map((of) => model.generation(of)),
  )
  expect(generationCounts(state)).toEqual(model.counts)
  const stats = collectionStats(state)
  expect(stats.map(({ collections }) => collections)).toEqual(model.collections)
  expect(stats.map(({ collected }) => collected)).toEqual(model.collected)
  expect(sorted(unreachableRows(state).map(({ row }) => row))).toEqual(sorted([...model.unreachable()]))
  expect(checkFull(state)._tag).toBe('Right')
}

describe('a naive model', () => {
  test.prop([fc.constantFrom('3.11' as const, '3.13' as const), fc.array(request, { minLength: 20, maxLength: 120 })], { numRuns: 200 })(
    '[G48] agrees on counts, generations, collections and what is unreachable, request by request',
    (version, requests) => {
      const program = new Program({ ...collectorProfile(version), thresholds: THRESHOLDS })
      const model = new NaiveCollector(THRESHOLDS, version === '3.11')
      for (const asked of requests) {
        if (program.rejection(asked) !== null) {
          expect(doNaively(model, asked)).toBe(false)
          continue
        }
        expect(doNaively(model, asked)).toBe(true)
        program.do(asked)
        compare(model, program)
      }
    },
  )
})
