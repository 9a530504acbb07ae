/** What the real runtime was seen to answer, against what the machine answers. */
import { allocatorStats } from '@reheap/allocator'
import type { EventIndex } from '@reheap/kernel'
import type { Layers } from './layers.ts'
import { type Mismatch, shownValue } from './mismatch.ts'

type Values = Readonly<Record<string, unknown>>

/** The payload of an `Observe` event. */
export interface Observation {
  readonly of: string
  readonly values: Values
}

/** Answers one kind of observation. */
interface Answer {
  /** Values that say what was asked for; the others are compared. */
  readonly asks: readonly string[]
  /** Values as the simulation has them; one that is left out, it cannot give. */
  readonly of: (layers: Layers, values: Values) => Values
}

const numberIn = (values: Values, name: string): number => (typeof values[name] === 'number' ? values[name] : -1)
const GENERATIONS = [0, 1, 2] as const

/** What this machine can answer, by the `of` of an `Observe` event. */
const ANSWERS: Readonly<Record<string, Answer>> = {
  allocatorStats: { asks: [], of: ({ allocator }) => ({ ...allocatorStats(allocator) }) },
  allocatedBlocks: { asks: [], of: ({ allocatedBlocks }) => ({ count: allocatedBlocks }) },
  refcount: {
    asks: ['object', 'argument'],
    of: (layers, values) => {
      const count = layers.countOf(numberIn(values, 'object'), values.argument)
      return count === null ? {} : { count }
    },
  },
  tracked: {
    asks: ['object'],
    of: (layers, values) => {
      const isTracked = layers.isTracked(numberIn(values, 'object'))
      return isTracked === null ? {} : { isTracked }
    },
  },
  objects: { asks: [], of: ({ heap }) => ({ count: heap.objects }) },
  trackedObjects: { asks: [], of: ({ collector }) => ({ count: collector.tracked }) },
  frozenObjects: { asks: [], of: ({ collector }) => ({ count: collector.frozen }) },
  collectorCounts: {
    asks: [],
    of: ({ collector }) => ({ count0: collector.count(0), count1: collector.count(1), count2: collector.count(2) }),
  },
  generationStats: {
    asks: [],
    of: ({ collector }) => ({ generations: GENERATIONS.map((generation) => ({ ...collector.stats(generation) })) }),
  },
  generationObjects: {
    asks: ['generation'],
    of: ({ collector }, values) => {
      const generation = GENERATIONS.find((number) => number === values.generation)
      return generation === undefined ? {} : { objects: collector.size(generation) }
    },
  },
  garbage: { asks: [], of: ({ garbage }) => ({ objects: garbage }) },
}

/** One value inside of what was observed, and the path to it. */
type Leaf = readonly [path: string, value: unknown]

/** Every single value: an object's fields, a list's places. */
function leavesOf(path: string, value: unknown): readonly Leaf[] {
  if (Array.isArray(value)) return value.flatMap((part, place) => leavesOf(`${path}[${place}]`, part))
  if (typeof value === 'object' && value !== null) return Object.entries(value).flatMap(([name, part]) => leavesOf(`${path}.${name}`, part))
  return [[path, value]]
}

/** What came of one observation. */
export interface Comparison {
  readonly compared: number
  /** Values that no layer of this machine answers. */
  readonly unanswered: number
  readonly mismatches: readonly Mismatch[]
}

const countLeaves = (values: Values): number => leavesOf('', values).length

/** Compares one observation. */
export function compareObservation(layers: Layers, index: EventIndex, { of, values }: Observation): Comparison {
  const answer = Object.hasOwn(ANSWERS, of) ? ANSWERS[of] : undefined
  if (answer === undefined) return { compared: 0, unanswered: countLeaves(values), mismatches: [] }
  const seen = new Map(leavesOf(of, omit(values, answer.asks)))
  const given = new Map(leavesOf(of, answer.of(layers, values)))
  const mismatches: Mismatch[] = []
  for (const [path, expected] of seen) {
    const simulated = given.get(path)
    if (simulated !== expected) mismatches.push({ index, of: path, expected: shownValue(expected), simulated: shownValue(simulated) })
  }
  // A list that is longer than what was observed has places that nobody saw.
  for (const [path, simulated] of given) {
    const isSeenList = path.includes('[') && Object.hasOwn(values, nameIn(path, of))
    if (isSeenList && !seen.has(path)) mismatches.push({ index, of: path, expected: null, simulated: shownValue(simulated) })
  }
  return { compared: seen.size, unanswered: 0, mismatches }
}

const omit = (values: Values, names: readonly string[]): Values =>
  Object.fromEntries(Object.entries(values).filter(([name]) => !names.includes(name)))

/** Name of the value that a path lies in. */
const nameIn = (path: string, of: string): string => /^[^.[]*/.exec(path.slice(of.length + 1))?.[0] ?? ''
