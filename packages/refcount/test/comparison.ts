/** The package under test beside the naive model: the same requests, and the first difference in words. */
import { fc } from '@fast-check/vitest'
import { type Batch, Columns, Emit, type FactBatch } from '@reheap/kernel'
import type * as Refcount from '../src/index.ts'
import { tiny } from './heap.ts'
import { NaiveHeap } from './model.ts'
import { arbitrarySteps, requestOf, type Step } from './programs.ts'

/** What the facts say in both: the model does not know blocks of memory that was kept. */
const saying = (facts: readonly Refcount.Fact[]): string =>
  JSON.stringify(facts.map((fact) => ('block' in fact ? { ...fact, block: null } : fact)))

/** Facts, rejections and calls of the port after each step, counts and references at the end. */
export function difference(refcount: typeof Refcount, profile: Refcount.RefcountProfile, steps: readonly Step[]): string | null {
  const { refcountMechanism, refcountReducer, refcountWording, LAYOUTS } = refcount
  const naive = new NaiveHeap(profile)
  const draft = refcountMechanism.thaw(refcountReducer.initial(profile))
  const rows = new Columns(1)
  const emit = new Emit<Refcount.FactOpcode>({ capacity: 16 })
  let calls: string[] = []
  refcount.connectTracking(draft, {
    allocated: () => calls.push('allocated'),
    freed: () => calls.push('freed'),
    entered: () => calls.push('entered'),
    track: () => {},
    untrack: () => {},
  })
  const ask = (request: Refcount.Request): string | null => {
    const expected = naive.apply(request)
    calls = []
    rows.clear()
    emit.clear()
    refcountWording.write(request, rows)
    const isRejected = refcountMechanism.applyBatch(draft, rows as Batch<Refcount.RequestOpcode>, 0, 1, emit) >= 0
    const rejection = isRejected ? refcountMechanism.explain(emit.reason, rows.code[0] as Refcount.RequestOpcode).kind : null
    if (rejection !== expected) return `${JSON.stringify(request)}: rejected as ${rejection}, not ${expected}`
    if (isRejected) return null
    const facts = Array.from({ length: emit.facts.length }, (_, row) =>
      refcountWording.read(emit.facts as FactBatch<Refcount.FactOpcode>, row),
    )
    if (saying(facts) !== saying(naive.facts)) return `${JSON.stringify(request)}: ${saying(facts)} is not ${saying(naive.facts)}`
    return calls.join() === naive.calls.join() ? null : `${JSON.stringify(request)}: calls ${calls} are not ${naive.calls}`
  }
  for (const [type, layout] of LAYOUTS.entries()) ask({ kind: 'DefineType', type, layout, name: layout })
  for (const [place, step] of steps.entries()) {
    const found = ask(requestOf(step, naive, place))
    if (found !== null) return found
  }
  return differenceAtEnd(refcount, naive, refcountMechanism.seal(draft))
}

type State = ReturnType<typeof Refcount.emptyHeap>

function differenceAtEnd(refcount: typeof Refcount, naive: NaiveHeap, state: State): string | null {
  for (const [id, thing] of naive.things) {
    if (!thing.immortal && refcount.countOf(state, id) !== thing.count)
      return `object ${id}: count ${refcount.countOf(state, id)} is not ${thing.count}`
    const held = (thing.layout === 'instance' && naive.profile.instanceDicts ? thing.dict : thing)?.held ?? []
    const ours = JSON.stringify(refcount.referencesOf(state, id).map(({ object, slot, name }) => [object, slot, name]))
    const theirs = JSON.stringify(held.map(({ to, slot, name }) => [to.id, slot, name]))
    if (ours !== theirs) return `object ${id}: references ${ours} are not ${theirs}`
  }
  const sound = refcount.checkFull(state)
  return sound._tag === 'Left' ? `${sound.left.invariant}: ${sound.left.message}` : null
}

/** The same programs each time: what a wrong rule is caught by is no matter of luck. */
const SAMPLE = { seed: 3, numRuns: 60 }

/** The first difference that one of some programs shows under the tiny profiles of a package. */
export function differenceFromModel(refcount: typeof Refcount): string | null {
  const programs = fc.sample(arbitrarySteps, SAMPLE)
  for (const version of ['3.8', '3.12', '3.13', '3.14'] as const) {
    for (const steps of programs) {
      const found = difference(refcount, tiny(refcount.cpythonProfile(version)), steps)
      if (found !== null) return `model of ${version}`
    }
  }
  return null
}
