import { type Batch, Emit, EventColumns } from '@reheap/kernel'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { tries } from '../../../scripts/tests/effort.ts'
import {
  ACTION_FACTS,
  checkFull,
  DEVICE_MEMORY_PROFILES,
  type DeviceMemoryProfile,
  deviceMemoryMechanism,
  deviceMemoryWording,
  emptyDeviceMemory,
  type FactOpcode,
  figureOf,
  memoryStats,
  type Request,
  type RequestOpcode,
  STATISTICS,
  segments,
} from '../src/index.ts'
import { Model, type ModelFact } from './model.ts'
import { Planner, type Program, programs } from './programs.ts'

/** `PROGRAMS=1000 REQUESTS=500` is the long run. */
const PROGRAMS = Number(process.env.PROGRAMS ?? tries(40))
const REQUESTS = Number(process.env.REQUESTS ?? 150)
const MIB = 1024 * 1024

const actions = new Map(Object.entries(ACTION_FACTS).map(([action, kind]) => [kind as string, action]))

function shown(emit: Emit<FactOpcode>): ModelFact[] {
  return Array.from({ length: emit.facts.length }, (_, row): ModelFact => {
    const fact = deviceMemoryWording.read(emit.facts as Parameters<typeof deviceMemoryWording.read>[0], row)
    const action = actions.get(fact.kind) ?? fact.kind
    if (fact.kind === 'OutOfMemoryRaised') return [action, fact.deviceFreeBytes, fact.bytes, fact.stream]
    return 'address' in fact ? [action, fact.address, fact.bytes, fact.stream] : [action, 0, 0, 0]
  })
}

/** The order of facts within a request is shown by the recordings. */
const sorted = (facts: readonly ModelFact[]): string[] => facts.map((fact) => fact.join(' ')).sort()

/** Runs a program on both. @returns requests */
function run(profile: DeviceMemoryProfile, { capacityMib, settings, choices }: Program): number {
  const model = new Model(profile)
  let draft = deviceMemoryMechanism.thaw(emptyDeviceMemory(profile))
  const emit = new Emit<FactOpcode>()
  const planner = new Planner()
  let requests = 0
  const both = (request: Request): void => {
    requests++
    const rows = new EventColumns(1)
    deviceMemoryWording.write(request, rows)
    emit.clear()
    const rejected = deviceMemoryMechanism.applyBatch(draft, rows as Batch<RequestOpcode>, 0, 1, emit)
    if (rejected >= 0) throw new Error(`${JSON.stringify(request)} is rejected for reason ${emit.reason}`)
    expect(sorted(shown(emit)), JSON.stringify(request)).toEqual(sorted(model.apply(request)))
    const figures = Object.fromEntries(STATISTICS.map((statistic) => [statistic, figureOf(draft, 0, statistic).current]))
    expect(figures, JSON.stringify(request)).toEqual(model.figures())
    const stats = memoryStats(draft)
    expect([stats.num_alloc_retries, stats.num_ooms, stats.num_sync_all_streams, stats.num_device_alloc, stats.num_device_free]).toEqual(
      Object.values(model.counters),
    )
    if (requests % 10 !== 0) return
    const sealed = deviceMemoryMechanism.seal(draft)
    expect(checkFull(sealed), JSON.stringify(request)).toMatchObject({ _tag: 'Right' })
    draft = deviceMemoryMechanism.thaw(sealed)
  }
  both({ kind: 'DeviceOpened', device: 0, capacityBytes: capacityMib * MIB, contextBytes: 0 })
  both({ kind: 'Configure', settings })
  for (const choice of choices) {
    const request = planner.plan(choice)
    const isRefused = request?.kind === 'EmptyCache' && planner.isBegun && !profile.emptiesWhileBegun
    if (request !== null && !isRefused) both(request)
  }
  for (const request of planner.ending()) both(request)
  const sealed = deviceMemoryMechanism.seal(draft)
  expect(checkFull(sealed)).toMatchObject({ _tag: 'Right' })
  expect(segments(sealed)).toEqual([])
  return requests
}

describe('[D51] the reducer answers as a naive model does, and every invariant holds', () => {
  test.each([...DEVICE_MEMORY_PROFILES.keys()])(
    '%s',
    (name) => {
      const profile = DEVICE_MEMORY_PROFILES.get(name) as DeviceMemoryProfile
      let requests = 0
      fc.assert(
        fc.property(programs(REQUESTS), (program) => {
          requests += run(profile, program)
        }),
        { numRuns: PROGRAMS, seed: 4 },
      )
      expect(requests).toBeGreaterThan(PROGRAMS * REQUESTS * 0.5)
    },
    3_600_000,
  )
})
