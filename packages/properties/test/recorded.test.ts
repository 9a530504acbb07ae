/** Programs with the figures of real ones. */
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  allocatorSubject,
  collectedHeap,
  deviceSubject,
  factMade,
  heapSubject,
  hostSubject,
  lawsOf,
  measuredAllocatorPrograms,
  measuredDevicePrograms,
  measuredHeapPrograms,
  measuredHostPrograms,
  objectsAlone,
  RECORDED_DEVICE,
  RECORDED_MALLOC,
  RECORDED_OBJECTS,
  type Sight,
  Sightings,
  type Subject,
  sizedOf,
  tinyProfiles,
  tinySettings,
} from '../src/index.ts'

const SEED = 49

/** How often programs come to states of interest. */
function met<S, Setting, Request, Fact>(
  { programs, reducer, initial }: Pick<Subject<S, Setting, Request, Fact>, 'programs' | 'reducer' | 'initial'>,
  sights: readonly Sight<Fact>[],
): Readonly<Record<string, number>> {
  const sightings = new Sightings(sights)
  for (const { setting, requests } of fc.sample(programs, { numRuns: 60, seed: SEED })) {
    let state = initial(setting)
    for (const request of requests) {
      const stepped = reducer.step(state, request)
      if (stepped._tag === 'Left') throw new Error(`rejected: ${JSON.stringify(request)}`)
      state = stepped.right.state
      sightings.see(stepped.right.emitted)
    }
  }
  return sightings.taken()
}

const expectMet = (counts: Readonly<Record<string, number>>): void => {
  expect(Object.entries(counts).filter(([, count]) => count === 0)).toEqual([])
}

describe('[P70] programs with measured figures are accepted and come to states of interest', () => {
  test('pymalloc', () => {
    const kinds = ['PoolOpened', 'PoolClosed', 'ArenaOpened', 'ArenaReleased', 'BlockPassedOn'] as const
    expectMet(
      met(
        allocatorSubject(measuredAllocatorPrograms(tinyProfiles)),
        kinds.map((kind) => factMade(kind, kind)),
      ),
    )
  })

  test.each([
    ['without a collector', false],
    ['with one', true],
  ])('objects %s', (_, hasCollector) => {
    const composition = hasCollector ? collectedHeap() : objectsAlone()
    const kinds = ['ObjectCreated', 'ObjectDied', ...(hasCollector ? (['CollectionStarted', 'GarbageFound'] as const) : [])] as const
    const programs = measuredHeapPrograms(tinySettings, hasCollector)
    expectMet(
      met(
        heapSubject(composition as ReturnType<typeof collectedHeap>, programs),
        kinds.map((kind) => factMade(kind, kind)),
      ),
    )
  })

  test('a GPU', () => {
    const kinds = ['SegmentAllocated', 'SegmentMapped', 'FreeRequested', 'FreeCompleted', 'OutOfMemoryRaised', 'SettingsRefused'] as const
    expectMet(
      met(
        deviceSubject(measuredDevicePrograms()),
        kinds.map((kind) => factMade(kind, kind)),
      ),
    )
  })

  test('a host', () => {
    const kinds = ['PagesTouched', 'CacheReclaimed'] as const
    expectMet(
      met(
        hostSubject(measuredHostPrograms()),
        kinds.map((kind) => factMade(kind, kind)),
      ),
    )
  })
})

test.each([
  ['pymalloc', () => lawsOf(allocatorSubject(measuredAllocatorPrograms(tinyProfiles, 60)))],
  ['objects and their collector', () => lawsOf(heapSubject(collectedHeap(), measuredHeapPrograms(tinySettings, true, 30)))],
])('[P70] every law holds for them: %s', (_, laws) => {
  for (const law of laws()) law.run({ runs: 8, seed: SEED })
})

const eventsOf = (source: string): readonly Record<string, unknown>[] =>
  gunzipSync(readFileSync(new URL(`../../../${source}`, import.meta.url)))
    .toString()
    .split('\n')
    .filter((line) => line.startsWith('{"kind"'))
    .map((line) => JSON.parse(line) as Record<string, unknown>)

describe('[P71] the figures are those of the kept recordings', () => {
  const sources = (name: string): readonly string[] =>
    [...readFileSync(new URL(`../src/recorded/${name}.ts`, import.meta.url), 'utf8').matchAll(/@source (\S+)/g)].map(
      ([, source]) => source as string,
    )

  test('the middle size of malloc', () => {
    const sizes = sources('malloc')
      .flatMap(eventsOf)
      .flatMap(({ kind, bytes, count, elementBytes }) =>
        kind === 'Malloc' || kind === 'Realloc'
          ? [bytes as number]
          : kind === 'Calloc'
            ? [(count as number) * (elementBytes as number)]
            : [],
      )
      .toSorted((a, b) => a - b)
    // The middle of all lies between the middles of the two middle parts.
    const [below, above] = RECORDED_MALLOC.all.slice(7, 9).map(({ bytes }) => bytes) as [number, number]
    const middle = sizes[sizes.length / 2] as number
    expect(middle).toBeGreaterThanOrEqual(below)
    expect(middle).toBeLessThanOrEqual(above)
  })

  test('objects of each layout', () => {
    const counts = new Map<string, number>()
    for (const source of sources('objects')) {
      const layouts = new Map<unknown, string>()
      for (const { kind, type, layout } of eventsOf(source)) {
        if (kind === 'DefineType') layouts.set(type, layout as string)
        else if (kind === 'CreateObject') counts.set(layouts.get(type) ?? '', (counts.get(layouts.get(type) ?? '') ?? 0) + 1)
      }
    }
    expect(Object.fromEntries(RECORDED_OBJECTS.layouts.map(({ layout, weight }) => [layout, weight]))).toEqual(Object.fromEntries(counts))
  })

  test('requests to a GPU', () => {
    const asked = sources('device')
      .flatMap(eventsOf)
      .filter(({ kind }) => kind === 'DeviceMalloc').length
    expect(RECORDED_DEVICE.streams.reduce((sum, { weight }) => sum + weight, 0)).toBe(asked)
  })

  test('a size comes with its own lifetimes', () => {
    const parts = [
      { bytes: 8, lives: [1, null] },
      { bytes: 16, lives: [2] },
    ]
    const drawn = fc.sample(sizedOf(parts), { numRuns: 100, seed: SEED }).map(({ bytes, lives }) => `${bytes}: ${lives}`)
    expect(new Set(drawn)).toEqual(new Set(['8: 1', '8: null', '16: 2']))
  })
})
