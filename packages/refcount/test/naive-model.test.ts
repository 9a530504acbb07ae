import { test } from '@fast-check/vitest'
import { type Batch, Columns, Emit, type FactBatch } from '@reheap/kernel'
import { describe, expect } from 'vitest'
import {
  checkFull,
  connectTracking,
  countOf,
  type Fact,
  type FactOpcode,
  LAYOUTS,
  type RefcountProfile,
  type RequestOpcode,
  refcountMechanism,
  refcountWording,
  referencesOf,
} from '../src/index.ts'
import { Heap, PROFILES, tiny } from './heap.ts'
import { NaiveHeap } from './model.ts'
import { arbitrarySteps, requestOf, type Step } from './programs.ts'

const RUNS = Number(process.env.REFCOUNT_RUNS ?? 300)

/** The facts that say the same in both: the model does not know blocks of memory that was kept. */
const comparable = (facts: readonly Fact[]): readonly Fact[] => facts.map((fact) => ('block' in fact ? { ...fact, block: null } : fact))

/** Runs the steps in both, and compares facts, rejections and calls of the port after each, counts and references at the end. */
export function compare(profile: RefcountProfile, steps: readonly Step[]): void {
  const naive = new NaiveHeap(profile)
  for (const [type, layout] of LAYOUTS.entries()) naive.types.set(type, layout)
  const draft = refcountMechanism.thaw(new Heap(profile).state)
  let calls: string[] = []
  connectTracking(draft, {
    allocated: () => calls.push('allocated'),
    freed: () => calls.push('freed'),
    entered: () => calls.push('entered'),
    track: () => {},
    untrack: () => {},
  })
  const rows = new Columns(1)
  const emit = new Emit<FactOpcode>({ capacity: 16 })
  steps.forEach((step, place) => {
    const request = requestOf(step, naive, place)
    const rejection = naive.apply(request)
    const asked = JSON.stringify(request)
    calls = []
    rows.clear()
    emit.clear()
    refcountWording.write(request, rows)
    const rejected = refcountMechanism.applyBatch(draft, rows as Batch<RequestOpcode>, 0, 1, emit)
    if (rejected >= 0) {
      expect(refcountMechanism.explain(emit.reason, rows.code[0] as RequestOpcode).kind, asked).toBe(rejection)
      return
    }
    expect(rejection, asked).toBe(null)
    const facts = Array.from({ length: emit.facts.length }, (_, row) => refcountWording.read(emit.facts as FactBatch<FactOpcode>, row))
    expect(comparable(facts), asked).toEqual(comparable(naive.facts))
    expect(calls, asked).toEqual(naive.calls)
  })
  const state = refcountMechanism.seal(draft)
  for (const [id, thing] of naive.things) {
    if (!thing.immortal) expect(countOf(state, id)).toBe(thing.count)
    const held = (thing.layout === 'instance' && profile.instanceDicts ? thing.dict : thing)?.held ?? []
    expect(referencesOf(state, id)).toEqual(held.map(({ to, slot }) => ({ object: to.id, slot })))
  }
  const sound = checkFull(state)
  expect(sound._tag === 'Left' ? sound.left : null).toBe(null)
}

describe.each(PROFILES.map((profile) => [profile.name, tiny(profile)] as const))(
  '%s with small free lists and a shallow trashcan',
  (_, profile) => {
    test.prop([arbitrarySteps], { numRuns: RUNS })(
      '[R40] every request has the same facts, calls and rejections as in the naive model',
      (steps) => compare(profile, steps),
    )
  },
)
